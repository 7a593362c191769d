import { readImage } from "../api.js";
import { drawChart } from "../pages-api.js";
import { el } from "./dom.js";

/** @import { WireChart } from "../../wire.ts" */

const DARK = "(prefers-color-scheme: dark)";
/** As in the style sheets. */
const PHONE = "(width < 40rem)";

/**
 * The picture that suits the reader's colours and, unless `whole`, the width of the screen.
 * @param {string} path
 * @param {string} alt
 * @param {boolean} [whole] as it is where there is room for it
 */
export function picture(path, alt, whole = false) {
  const img = el("img", { src: path, alt, loading: "lazy", decoding: "async", onerror });
  const narrow = whole ? null : source(PHONE, path, "layout=narrow");
  const both = whole ? null : source(`${PHONE} and ${DARK}`, path, "layout=narrow&theme=dark");
  const element = el("picture", {}, both, narrow, source(DARK, path, "theme=dark"), img);
  /** `<img>` cannot send the key, so a picture behind one is fetched and drawn instead. */
  async function onerror() {
    try {
      element.replaceWith(await onCanvas(await readImage(img.currentSrc || path), alt));
    } catch {
      element.replaceWith(sorry(alt));
    }
  }
  return element;
}

/**
 * @param {string} media
 * @param {string} path
 * @param {string} query
 */
function source(media, path, query) {
  return el("source", { media, srcset: `${path}${path.includes("?") ? "&" : "?"}${query}` });
}

/**
 * The picture of a chart that has no address: drawn on request, anew when colours or width change.
 * @param {WireChart} block
 * @param {boolean} [whole]
 */
export function drawnPicture(block, whole = false) {
  const [dark, phone] = [matchMedia(DARK), matchMedia(PHONE)];
  const place = el("span", { class: "chart-drawn" }, el("span", { class: "chart-alt" }, "Drawing …"));
  async function drawIt() {
    place.setAttribute("aria-busy", "true");
    try {
      const look = { theme: dark.matches ? "dark" : "light", layout: phone.matches && !whole ? "narrow" : "wide" };
      place.replaceChildren(await onCanvas(await drawChart(block, look), block.alt));
    } catch {
      place.replaceChildren(sorry(block.alt));
    }
    place.removeAttribute("aria-busy");
  }
  for (const query of [dark, phone])
    query.addEventListener("change", function again() {
      if (place.isConnected) drawIt();
      else query.removeEventListener("change", again);
    });
  drawIt();
  return place;
}

/** @param {string} alt */
function sorry(alt) {
  return el("span", { class: "chart-alt", dir: "auto" }, `The picture could not be loaded. ${alt}`);
}

/**
 * @param {Blob} png
 * @param {string} alt
 */
async function onCanvas(png, alt) {
  const bitmap = await createImageBitmap(png);
  const canvas = el("canvas", { role: "img", "aria-label": alt, width: bitmap.width, height: bitmap.height });
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  return canvas;
}
