import { listConversations } from "./api.js";
import { el, icon } from "./render/dom.js";
import { conversationAddress, sidebarChoice } from "./store.js";

/** @import { ConversationSummary } from "../wire.ts" */

const WIDE = matchMedia("(min-width: 60rem)");

/**
 * The list of earlier conversations: beside the page where there is room, over it where there is not.
 * @param {{ panel: HTMLElement, toggle: HTMLButtonElement, scrim: HTMLElement, list: HTMLElement, column: HTMLElement }} elements
 */
export function createSidebar({ panel, toggle, scrim, list, column }) {
  toggle.append(icon("menu"));
  toggle.addEventListener("click", () => {
    const open = panel.hasAttribute("hidden");
    if (WIDE.matches) sidebarChoice.set(open ? "open" : "closed");
    set(open);
    if (open && !WIDE.matches) panel.querySelector("button")?.focus();
  });
  scrim.addEventListener("click", close);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !WIDE.matches) {
      event.stopPropagation();
      close();
    }
  });
  WIDE.addEventListener("change", settle);
  settle();

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

  /**
   * Reads the list anew. Rejects with Problem; the old list then stays.
   * @param {string | null} current
   */
  async function refresh(current) {
    const conversations = await listConversations();
    list.replaceChildren(
      ...(conversations.length > 0 ? groups(conversations, current) : [el("p", { class: "small" }, "Conversations appear here.")]),
    );
    return conversations;
  }

  return {
    refresh,
    /** After a choice the page is what counts; beside it the list may stay. */
    chosen() {
      if (!WIDE.matches && !panel.hidden) close();
    },
  };
}

/**
 * @param {readonly ConversationSummary[]} conversations newest first
 * @param {string | null} current
 */
function groups(conversations, current) {
  const today = new Date().setHours(0, 0, 0, 0);
  const grouped = Map.groupBy(conversations, ({ updatedAt }) => {
    const age = today - Date.parse(updatedAt);
    return age <= 0 ? "Today" : age <= 86_400_000 ? "Yesterday" : "Earlier";
  });
  return [...grouped].flatMap(([name, items]) => [
    el("h2", { class: "group" }, name),
    el(
      "ul",
      {},
      ...items.map(({ id, title }) =>
        el(
          "li",
          {},
          el(
            "a",
            { href: conversationAddress(id), title, dir: "auto", "aria-current": id === current ? "page" : null },
            title || "Untitled",
          ),
        ),
      ),
    ),
  ]);
}
