import { listConversations } from "./api.js";
import { el, icon } from "./render/dom.js";
import { moveByArrows } from "./shortcuts.js";
import { conversationAddress, mayManage, sidebarChoice } from "./store.js";

/** @import { ConversationSummary } from "../wire.ts" */

/** So many are found faster by a word. */
const FIND_FROM = 8;
const WIDE = matchMedia("(min-width: 60rem)");

/**
 * The list of earlier conversations: beside the page where there is room, over it where there is not.
 * @param {{ panel: HTMLElement, toggle: HTMLButtonElement, scrim: HTMLElement, list: HTMLElement, column: HTMLElement }} elements
 * @param {{ onManage: (conversation: ConversationSummary) => void }} actions
 */
export function createSidebar({ panel, toggle, scrim, list, column }, { onManage }) {
  toggle.append(icon("menu"));
  toggle.addEventListener("click", flip);
  moveByArrows(list);
  scrim.addEventListener("click", close);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !WIDE.matches) {
      event.stopPropagation();
      close();
    }
  });
  WIDE.addEventListener("change", settle);
  settle();

  function flip() {
    const open = panel.hasAttribute("hidden");
    if (WIDE.matches) sidebarChoice.set(open ? "open" : "closed");
    set(open);
    if (open && !WIDE.matches) panel.querySelector("button")?.focus();
  }

  function settle() {
    set(WIDE.matches && sidebarChoice.get() !== "closed");
  }

  /** @param {boolean} open */
  function set(open) {
    const over = open && !WIDE.matches;
    panel.hidden = !open;
    scrim.hidden = !over;
    column.inert = over;
    toggle.setAttribute("aria-expanded", String(open));
  }

  function close() {
    set(false);
    toggle.focus();
  }

  /** @type {readonly ConversationSummary[]} */
  let conversations = [];
  /** @type {string | null} */
  let current = null;
  const find = el("input", {
    type: "search",
    class: "find",
    "aria-label": "Find a conversation",
    placeholder: "Find",
    hidden: true,
    oninput: draw,
  });
  const found = el("div", {});
  list.replaceChildren(find, found);

  function draw() {
    const focused = found.contains(document.activeElement) ? document.activeElement : null;
    const href = focused?.closest("li")?.querySelector("a")?.getAttribute("href");
    const words = find.value.toLowerCase().trim();
    const some = conversations.filter(({ title }) => title.toLowerCase().includes(words));
    find.hidden = conversations.length < FIND_FROM;
    const none = words === "" ? "Conversations appear here." : "None is called that.";
    found.replaceChildren(...(some.length > 0 ? groups(some, onManage) : [el("p", { class: "small" }, none)]));
    mark(current);
    // A list that is read anew leaves the focus where it was: on a link, or on the button beside it.
    const again = href ? (linkTo(href) ?? found.querySelector("a")) : null;
    (focused instanceof HTMLButtonElement ? again?.parentElement?.querySelector("button") : again)?.focus();
  }

  /** @param {string} href */
  function linkTo(href) {
    return [...found.querySelectorAll("a")].find((link) => link.getAttribute("href") === href);
  }

  /** @param {string | null} id the one in view; null for a page or a new conversation */
  function mark(id) {
    current = id;
    found.querySelector("[aria-current]")?.removeAttribute("aria-current");
    if (id !== null) linkTo(conversationAddress(id))?.setAttribute("aria-current", "page");
  }

  /** Reads the list anew. Rejects with Problem; the old list then stays. */
  async function refresh() {
    conversations = await listConversations();
    draw();
    return conversations;
  }

  return {
    flip,
    refresh,
    mark,
    /** After a choice the page is what counts; beside it the list may stay. */
    chosen() {
      if (!WIDE.matches && !panel.hidden) close();
    },
  };
}

/**
 * @param {readonly ConversationSummary[]} conversations newest first
 * @param {(conversation: ConversationSummary) => void} onManage
 */
function groups(conversations, onManage) {
  const today = new Date().setHours(0, 0, 0, 0);
  const grouped = Map.groupBy(conversations, ({ updatedAt }) => {
    const age = today - Date.parse(updatedAt);
    return age <= 0 ? "Today" : age <= 86_400_000 ? "Yesterday" : "Earlier";
  });
  return [...grouped].flatMap(([name, items]) => [
    el("h2", { class: "group" }, name),
    el("ul", {}, ...items.map((conversation) => item(conversation, onManage))),
  ]);
}

/**
 * @param {ConversationSummary} conversation
 * @param {(conversation: ConversationSummary) => void} onManage
 */
function item(conversation, onManage) {
  const { id, title } = conversation;
  const name = title || "Untitled";
  return el(
    "li",
    { class: "conversation" },
    el("a", { href: conversationAddress(id), title, dir: "auto" }, name),
    mayManage()
      ? el(
          "button",
          { type: "button", class: "quiet manage", "aria-label": `Rename or delete: ${name}`, onclick: () => onManage(conversation) },
          icon("more"),
        )
      : null,
  );
}
