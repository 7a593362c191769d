import { drawChart } from "../pages-api.js";
import { el, fileName, icon, saveFile } from "./dom.js";
import { drawnPicture, picture } from "./picture.js";
import { csvButton, toCsv } from "./table.js";

/** @import { WireChart, WireTable } from "../../wire.ts" */

/**
 * A chart block: the picture that suits the reader's colours, larger on a click, with its figures and itself to take along.
 * Without a picture its finding is still there, in words.
 * @param {WireChart} block
 */
export function chartBlock(block) {
  const source = sourceOf(block);
  if (source === null)
    return el(
      "figure",
      { class: "card chart" },
      caption(block.title, ...takeAlong(block, null)),
      el("p", { class: "chart-alt", dir: "auto" }, block.alt),
    );
  const open = () => enlarge(block, source);
  return el(
    "figure",
    { class: "card chart" },
    // The picture says its title itself.
    caption(
      "Chart",
      el("button", { type: "button", class: "quiet", onclick: open }, icon("expand"), el("span", {}, "Enlarge")),
      ...takeAlong(block, source),
    ),
    el("button", { type: "button", class: "chart-button", "aria-label": `Enlarge chart: ${block.title}`, onclick: open }, source.picture()),
  );
}

/**
 * Where a chart's picture comes from.
 * @typedef {{ picture: (whole?: boolean) => HTMLElement, png: () => HTMLElement }} Source
 */

/**
 * @param {WireChart} block
 * @returns {Source | null}
 */
function sourceOf(block) {
  const path = block.image === undefined ? null : localPath(block.image);
  const name = `${fileName(block.title, "chart")}.png`;
  const face = () => [icon("download"), el("span", {}, "PNG")];
  if (path !== null)
    return {
      picture: (whole) => picture(path, block.alt, whole),
      png: () => el("a", { class: "quiet named", href: path, download: name }, ...face()),
    };
  if (block.proof === undefined) return null;
  const save = async () => saveFile(name, await drawChart(block, { theme: "light", layout: "wide" }));
  return {
    picture: (whole) => drawnPicture(block, whole),
    png: () => el("button", { type: "button", class: "quiet named", onclick: save }, ...face()),
  };
}

/**
 * @param {WireChart} block
 * @param {Source | null} source
 */
function takeAlong({ title, plain, figures }, source) {
  const drawn = figures ?? (plain ? plainFigures(plain) : null);
  return [...(source ? [source.png()] : []), ...(drawn ? [csvButton(title, () => toCsv(drawn))] : [])];
}

/**
 * What was drawn, as a table: a row for each bar or bucket, a column for each series.
 * @param {NonNullable<WireChart["plain"]>} plain
 * @returns {Pick<WireTable, "columns" | "rows">}
 */
function plainFigures({ kind, unit, categories, series }) {
  const first = { label: kind === "line" ? "when" : "what", type: /** @type {const} */ ("text") };
  return {
    columns: [first, ...series.map(({ name }) => ({ label: name, type: /** @type {const} */ ("number"), ...(unit ? { unit } : {}) }))],
    rows: categories.map((category, at) => [category, ...series.map(({ values }) => values[at] ?? null)]),
  };
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
 * @param {WireChart} block
 * @param {Source} source
 */
function enlarge(block, source) {
  const { title, alt } = block;
  const close = el("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const dialog = el(
    "dialog",
    { class: "chart-dialog", "aria-label": title, onclick, onclose: () => dialog.remove() },
    el(
      "div",
      { class: "dialog-body" },
      el("header", {}, el("h2", { class: "dialog-title", dir: "auto" }, title), close),
      // On a phone the chart is wider than the screen: that is what makes it larger.
      el("div", { class: "chart-zoom", tabindex: 0, role: "group", "aria-label": "Chart, scrollable" }, source.picture(true)),
      el("div", { class: "actions" }, ...takeAlong(block, source)),
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
