import { readImage } from "../api.js";
import { el, icon } from "./dom.js";

/** @import { WireChart } from "../../wire.ts" */

/**
 * A chart block: the picture that suits the reader's colours, larger on a click, with a download.
 * Without a picture its finding is still there, in words.
 * @param {WireChart} block
 */
export function chartBlock({ title, alt, image }) {
  const path = image === undefined ? null : localPath(image);
  if (path === null) return el("figure", { class: "card chart" }, caption(title), el("p", { class: "chart-alt", dir: "auto" }, alt));
  const show = el(
    "button",
    { type: "button", class: "chart-button", "aria-label": `Enlarge chart: ${title}`, onclick: () => enlarge(title, alt, path) },
    picture(path, alt),
  );
  return el(
    "figure",
    { class: "card chart" },
    // The picture says its title itself.
    caption(
      "Chart",
      el("button", { type: "button", class: "quiet", onclick: () => enlarge(title, alt, path) }, icon("expand"), el("span", {}, "Enlarge")),
      el("a", { class: "quiet", href: path, download: `${fileName(title)}.png` }, icon("download"), el("span", {}, "PNG")),
    ),
    show,
  );
}

/**
 * @param {string} title
 * @param {...Node} actions
 */
function caption(title, ...actions) {
  return el("figcaption", {}, el("span", { class: "chart-title", dir: "auto" }, title), ...actions);
}

/**
 * Pictures come from this server or not at all.
 * @param {string} image
 * @returns {string | null}
 */
function localPath(image) {
  const url = new URL(image, location.href);
  return url.origin === location.origin ? url.pathname + url.search : null;
}

/**
 * @param {string} path
 * @param {string} alt
 */
function picture(path, alt) {
  const img = el("img", { src: path, alt, loading: "lazy", decoding: "async", onerror });
  const element = el(
    "picture",
    {},
    el("source", { media: "(prefers-color-scheme: dark)", srcset: `${path}${path.includes("?") ? "&" : "?"}theme=dark` }),
    img,
  );
  /** `<img>` cannot send the key, so a picture behind one is fetched and drawn instead. */
  async function onerror() {
    try {
      element.replaceWith(await draw(img.currentSrc || path, alt));
    } catch {
      element.replaceWith(el("span", { class: "chart-alt", dir: "auto" }, `The picture could not be loaded. ${alt}`));
    }
  }
  return element;
}

/**
 * @param {string} path
 * @param {string} alt
 */
async function draw(path, alt) {
  const bitmap = await createImageBitmap(await readImage(path));
  const canvas = el("canvas", { role: "img", "aria-label": alt, width: bitmap.width, height: bitmap.height });
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  return canvas;
}

/**
 * @param {string} title
 * @param {string} alt
 * @param {string} path
 */
function enlarge(title, alt, path) {
  const close = el("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const dialog = el(
    "dialog",
    { class: "chart-dialog", "aria-label": title, onclick, onclose: () => dialog.remove() },
    el(
      "div",
      { class: "dialog-body" },
      el("header", {}, el("h2", { class: "dialog-title", dir: "auto" }, title), close),
      picture(path, alt),
      el("p", { dir: "auto" }, alt),
    ),
  );
  /** @param {MouseEvent} event */
  function onclick(event) {
    if (event.target === dialog) dialog.close();
  }
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {string} title */
function fileName(title) {
  return (
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "chart"
  );
}
