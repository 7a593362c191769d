/**
 * Builds elements. Text only ever becomes text nodes; nothing in the page parses HTML.
 *
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Props
 */

/**
 * Functions become listeners ("onclick" → click), `true` an empty attribute, null, undefined and `false` nothing.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * A part of the page as it was served.
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}.`);
  return element;
}

/** @type {Record<string, string>} */
const ICONS = {
  menu: "M4 6h12M4 10h12M4 14h12",
  plus: "M10 4v12M4 10h12",
  send: "M10 16V4M4.500 9.500 10 4l5.500 5.500",
  stop: "M6 6h8v8H6z",
  copy: "M7 7V4.500h8.500V13H13M4.500 7H13v8.500H4.500z",
  check: "m4.500 10.500 3.500 3.500 7.500-8",
  download: "M10 4v8.500M6 9l4 4 4-4M4 16h12",
  expand: "M11.500 4H16v4.500M8.500 16H4v-4.500M16 4l-5 5M4 16l5-5",
  close: "m5 5 10 10M15 5 5 15",
  chevron: "m7 5 5 5-5 5",
  info: "M10 9.500v4.500M10 6.500v.01M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z",
  alert: "M10 8v3.500M10 14v.01M10 3.500 17.500 16.500h-15z",
  key: "M12.500 11a3.500 3.500 0 1 0-3.300-2.300L3.500 14.400V16.500h3V15h1.500v-1.500h1.500l1.300-1.300M13 7v.01",
  help: "M7.500 7.800a2.500 2.500 0 1 1 3.600 2.200c-.8.400-1.100.900-1.100 1.700M10 14v.01M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z",
  retry: "M15.500 8A6 6 0 1 0 16 11M16 4v4.200h-4.200",
  up: "M6.500 9.500 10 3.500c1.200 0 2 1 1.700 2.200L11 8.500h4.200c1 0 1.700 1 1.400 1.900l-1.300 4.600c-.2.600-.8 1-1.400 1H6.500zM6.500 9.500H3.500V16h3",
  down: "M6.500 10.500 10 16.500c1.200 0 2-1 1.700-2.200L11 11.500h4.200c1 0 1.700-1 1.400-1.900l-1.300-4.600c-.2-.600-.8-1-1.400-1H6.500zM6.500 10.500H3.500V4h3",
  back: "M16 10H4M9 5l-5 5 5 5",
  letter: "M3 5.500h14v9H3zM3 6l7 5 7-5",
  bell: "M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.500 1.500H4zM8.500 17.500h3",
  agent: "M4.500 7.500h11v8h-11zM10 7.500V4M7.500 11v1M12.500 11v1M2.500 10.500v3M17.500 10.500v3",
  budget: "M3.500 6.500h13v9h-13zM3.500 9.500h13M6 13h3",
  plug: "M7 3.500V7M13 3.500V7M5 7h10v3a5 5 0 0 1-10 0zM10 15v2.500",
  eye: "M2.500 10S5.500 5 10 5s7.500 5 7.500 5-3 5-7.500 5-7.500-5-7.500-5zM10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
  more: "M5 10v.01M10 10v.01M15 10v.01",
  trash: "M4 6h12M8 6V4h4v2M6 6l.8 10.500h6.400L14 6",
  table: "M3.500 4.500h13v11h-13zM3.500 8h13M8 8v7.500",
  edit: "M4 16l.8-3.500L13 4.300l2.700 2.700-8.200 8.200z",
};

/**
 * A line icon that says nothing to screen readers: the control it sits in has its own name.
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name] ?? "");
  svg.append(path);
  return svg;
}

/**
 * An instant as people here read it, in their own zone.
 * @param {string} instant
 */
export function when(instant) {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return el("span", {}, instant);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: /** @type {const} */ ("numeric") };
  const words = date.toLocaleString("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "long",
    ...year,
    hour: "2-digit",
    minute: "2-digit",
  });
  return el("time", { datetime: instant }, words);
}

/**
 * Copies text, also where the clipboard API is missing because the page came over plain HTTP.
 * @param {string} text
 * @returns {Promise<boolean>} whether it worked
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "visually-hidden", "aria-hidden": "true", tabindex: -1 });
    area.value = text;
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    return copied;
  }
}

/**
 * A button that copies and says so.
 * @param {string} label
 * @param {() => string} text
 * @param {(message: string) => void} announce
 */
export function copyButton(label, text, announce) {
  const caption = el("span", {}, label);
  const button = el("button", { type: "button", class: "quiet", onclick: copy }, icon("copy"), caption);
  async function copy() {
    const done = await copyText(text());
    caption.textContent = done ? "Copied" : "Copying failed";
    button.firstElementChild?.replaceWith(icon(done ? "check" : "alert"));
    announce(caption.textContent);
    setTimeout(() => {
      caption.textContent = label;
      button.firstElementChild?.replaceWith(icon("copy"));
    }, 2000);
  }
  return button;
}

/**
 * Hands a file to the browser's downloads.
 * @param {string} name
 * @param {Blob} content
 */
export function saveFile(name, content) {
  const href = URL.createObjectURL(content);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/**
 * A title as the name of a file.
 * @param {string} title
 * @param {string} otherwise where nothing of it can stay
 */
export function fileName(title, otherwise) {
  return (
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || otherwise
  );
}
