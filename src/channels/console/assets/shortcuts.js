/**
 * Keys that work from anywhere. Each takes Ctrl, or ⌘ on a Mac, so that none is pressed by chance or by a voice.
 * @param {{ onFocus: () => void, onNew: () => void, onSidebar: () => void, onEscape: () => boolean }} actions
 */
export function listenForShortcuts({ onFocus, onNew, onSidebar, onEscape }) {
  const works = new Map([
    ["k", onFocus],
    ["shift o", onNew],
    ["b", onSidebar],
  ]);
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && onEscape()) return;
    const work = works.get(pressed(event));
    if (!work) return;
    event.preventDefault();
    work();
  });
}

/** There Ctrl and a letter edit text. */
const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * "k", "shift o"; empty without Ctrl, or ⌘ on a Mac.
 * @param {KeyboardEvent} event
 */
function pressed({ ctrlKey, metaKey, altKey, shiftKey, key }) {
  if (altKey || !(IS_MAC ? metaKey && !ctrlKey : ctrlKey && !metaKey)) return "";
  return `${shiftKey ? "shift " : ""}${key.toLowerCase()}`;
}

/**
 * The arrow keys, Home and End move among the links of a list.
 * @param {HTMLElement} list
 */
export function moveByArrows(list) {
  list.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = event.target instanceof HTMLAnchorElement ? links.indexOf(event.target) : -1;
    /** @type {Record<string, number>} */
    const targets = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 };
    const target = targets[event.key];
    if (at < 0 || target === undefined) return;
    event.preventDefault();
    links[Math.min(Math.max(target, 0), links.length - 1)]?.focus();
  });
}
