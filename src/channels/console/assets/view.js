import { PAGES } from "./pages.js";
import { byId, el, icon } from "./render/dom.js";

/**
 * What is in view: the conversation, or one of the pages beside it, with its name above.
 */
export function createView() {
  const title = byId("conversation-title", HTMLElement);
  const page = byId("page", HTMLElement);
  const ofConversation = [byId("turns", HTMLElement), byId("foot", HTMLElement)];
  const welcome = byId("welcome", HTMLElement);
  const links = Object.entries(PAGES).map(([name, { title, icon: drawn }]) =>
    el("a", { href: `#/${name}` }, icon(drawn), el("span", {}, title)),
  );
  byId("pages", HTMLElement).append(...links.map((link) => el("li", {}, link)));
  /** @type {string | null} */
  let conversationName = null;

  /** @param {string | null} open name of the page, null for the conversation */
  function lay(open) {
    page.hidden = open === null;
    for (const element of ofConversation) element.hidden = open !== null;
    if (open !== null) welcome.hidden = true;
    for (const link of links) {
      if (link.getAttribute("href") === `#/${open}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** @param {string | null} text null for the product's own name */
  function write(text) {
    title.textContent = text ?? "Firstmate";
    document.title = text === null ? "Firstmate" : `${text} · Firstmate`;
  }

  return {
    page,
    isPage: () => !page.hidden,
    focusTitle: () => title.focus({ preventScroll: true }),
    /** From the top, with the focus on its name, so that it is read out. @param {string} name */
    showPage(name) {
      lay(name);
      write(PAGES[name]?.title ?? null);
      title.focus({ preventScroll: true });
      scrollTo({ top: 0, behavior: "instant" });
    },
    showConversation() {
      lay(null);
      page.replaceChildren();
      write(conversationName);
    },
    /** @param {string | null} name of the conversation; null for a new one */
    name(name) {
      conversationName = name;
      if (page.hidden) write(name);
    },
  };
}
