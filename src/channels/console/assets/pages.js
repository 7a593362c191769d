import { el } from "./render/dom.js";

/**
 * @typedef {{ announce: (message: string) => void, onAsk: (question: string) => void, onKey: (key: string) => void }} PageActions
 * @typedef {(place: HTMLElement, rest: string, actions: PageActions) => void} ShowPage
 */

/**
 * What stands beside the conversation. Each is loaded when it is first opened.
 * @type {Record<string, { title: string, icon: string, load: () => Promise<{ show: ShowPage }> }>}
 */
export const PAGES = {
  digests: { title: "Digests", icon: "letter", load: () => import("./pages/digests.js") },
  alerts: { title: "Alerts", icon: "bell", load: () => import("./pages/alerts.js") },
  agents: { title: "AI agents", icon: "agent", load: () => import("./pages/agents.js") },
  budgets: { title: "Budgets", icon: "budget", load: () => import("./pages/budgets.js") },
  sources: { title: "Sources", icon: "plug", load: () => import("./pages/sources.js") },
};

/**
 * Shows a page in its place. What arrives for a page that was left goes into elements nobody sees.
 * @param {HTMLElement} place
 * @param {{ name: string, rest: string }} wanted
 * @param {PageActions} actions
 */
export async function showPage(place, { name, rest }, actions) {
  const waiting = el("p", { class: "status" }, "Reading …");
  const view = el("div", { class: "page-view" }, waiting);
  place.replaceChildren(view);
  try {
    const page = await PAGES[name]?.load();
    waiting.remove();
    page?.show(view, rest, actions);
  } catch {
    view.replaceChildren(el("p", {}, "This page could not be loaded. Reload to try again."));
  }
}
