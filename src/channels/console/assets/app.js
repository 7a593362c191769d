import { readConversation } from "./api.js";
import { createComposer } from "./composer.js";
import { openConversation } from "./conversation-dialog.js";
import { PAGES, showPage } from "./pages.js";
import { Problem } from "./problem.js";
import { createProjectSwitch } from "./project-switch.js";
import { byId, el, icon } from "./render/dom.js";
import { listenForShortcuts } from "./shortcuts.js";
import { createSidebar } from "./sidebar.js";
import { conversationAddress, currentConversation, currentPage } from "./store.js";
import { createThread } from "./thread.js";
import { openTools } from "./tools-dialog.js";
import { createView } from "./view.js";
import { createWelcome } from "./welcome.js";

/** @import { ConversationSummary } from "../wire.ts" */

const live = byId("live", HTMLElement);
const emptyPage = byId("welcome", HTMLElement);
const turns = byId("turns", HTMLElement);
const view = createView();
const welcome = createWelcome(emptyPage, { onAsk: (question) => thread.ask(question), onKey: enterKey });

const composer = createComposer(
  { form: byId("composer", HTMLFormElement), box: byId("question", HTMLTextAreaElement), button: byId("send", HTMLButtonElement) },
  { onAsk: (question) => thread.ask(question), onStop: () => thread.stop(), announce },
);

const projectSwitch = createProjectSwitch(byId("scope", HTMLElement), announce);

const thread = createThread(turns, {
  announce,
  project: projectSwitch.project,
  onNew: newConversation,
  onEdit: composer.fill,
  onBusy: composer.setBusy,
  onKey: welcome.useKey,
  onSent(question) {
    emptyPage.hidden = true;
    composer.sent(question);
    focusBox();
  },
  onLook: reopen,
  onBegun(conversation) {
    if (currentPage() === null && currentConversation() !== conversation) history.replaceState(null, "", conversationAddress(conversation));
  },
  onEnded: refreshSidebar,
});

const sidebar = createSidebar(
  {
    panel: byId("sidebar", HTMLElement),
    toggle: byId("sidebar-toggle", HTMLButtonElement),
    scrim: byId("scrim", HTMLElement),
    list: byId("conversations", HTMLElement),
    column: /** @type {HTMLElement} */ (document.querySelector(".column")),
  },
  { onManage: (conversation) => openConversation(conversation, { announce, onChanged: (change) => changed(conversation, change) }) },
);

byId("new-conversation", HTMLButtonElement).prepend(icon("plus"));
byId("new-conversation", HTMLButtonElement).addEventListener("click", newConversation);
byId("open-tools", HTMLButtonElement).prepend(icon("help"));
byId("open-tools", HTMLButtonElement).addEventListener("click", () => openTools(composer.fill));
// The address is what is open: the skip link moves the focus alone.
byId("skip", HTMLAnchorElement).addEventListener("click", (event) => {
  event.preventDefault();
  if (currentPage() === null) composer.focus();
  else view.focusTitle();
});
addEventListener("hashchange", open);
listenForShortcuts({
  onFocus() {
    if (currentPage() !== null) backToConversation();
    composer.focus();
  },
  onNew: newConversation,
  onSidebar: sidebar.flip,
  onEscape() {
    const busy = thread.busy();
    if (busy) thread.stop();
    return busy;
  },
});
// Another tab may have asked meanwhile.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") refreshSidebar();
});
// What stands behind an answer belongs on paper too.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details.maths")) details.setAttribute("open", "");
});

await Promise.all([open(), welcome.greet().then(refreshSidebar), projectSwitch.refresh()]);
if (currentPage() === null) focusBox();

/** Where typing happens on the screen, focus would bring up a keyboard over the answer. */
function focusBox() {
  if (matchMedia("(pointer: fine)").matches) composer.focus();
}

/** Statuses and ends are spoken; the words in between are not. @param {string} message */
function announce(message) {
  live.textContent = message;
}

function reopen() {
  thread.clear();
  open();
}

/** An answer that another tab waits for comes in here too. Two minutes long; then there is the button. @param {string} id */
async function watch(id, tries = 40) {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const here = () => thread.conversation() === id && !thread.busy() && currentPage() === null;
  const stored = here() ? await readConversation(id).catch(() => null) : null;
  if (stored === null || !here()) return;
  if (stored.turns.at(-1)?.state !== "running") reopen();
  else if (tries > 1) watch(id, tries - 1);
}

/** A page beside the conversation: an answer that is on its way goes on behind it. @param {{ name: string, rest: string }} page */
function openPage(page) {
  if (!PAGES[page.name]) return false;
  sidebar.chosen();
  sidebar.mark(null);
  view.showPage(page.name);
  showPage(view.page, page, { announce, onAsk: askFromPage, onKey: openWithKey });
  return true;
}

/** To the one that was in view before a page. */
function backToConversation() {
  const id = thread.conversation();
  history.pushState(null, "", id === null ? location.pathname : conversationAddress(id));
  open();
}

/** @param {string} question */
function askFromPage(question) {
  if (!thread.busy()) newConversation();
  else backToConversation();
  thread.ask(question);
}

/** @param {string} key */
function openWithKey(key) {
  welcome.useKey(key);
  open();
  refreshSidebar();
  projectSwitch.refresh();
}

/** Shows what the address names. */
async function open() {
  const page = currentPage();
  if (page !== null && openPage(page)) return;
  const wasPage = view.isPage();
  view.showConversation();
  const id = currentConversation();
  sidebar.mark(id);
  if (id !== null && id === thread.conversation()) {
    if (wasPage) refreshSidebar();
    return;
  }
  if (id === null && wasPage && thread.busy()) {
    const going = thread.conversation();
    if (going !== null) history.replaceState(null, "", conversationAddress(going));
    sidebar.mark(going);
    return;
  }
  emptyPage.hidden = id !== null;
  if (id === null) {
    thread.clear();
    view.name(null);
    return;
  }
  thread.begin(id);
  sidebar.chosen();
  try {
    const stored = await readConversation(id);
    if (currentConversation() !== id) return;
    thread.restore(stored);
    view.name(stored.title);
    const last = stored.turns.at(-1);
    if (last) composer.remember(last.question);
    if (last?.state === "running") watch(id);
    refreshSidebar();
  } catch (error) {
    if (currentConversation() === id) cannotOpen(error);
  }
}

/** @param {unknown} error */
function cannotOpen(error) {
  thread.clear();
  const status = error instanceof Problem ? error.status : 0;
  if (status === 401) {
    emptyPage.hidden = false;
    return;
  }
  const gone = status === 404;
  const message = gone
    ? "This conversation is not here: it was deleted, or belongs to someone else."
    : "This conversation could not be read just now.";
  const again = el(
    "button",
    { type: "button", class: "primary", onclick: gone ? newConversation : open },
    gone ? "New conversation" : "Try again",
  );
  turns.replaceChildren(el("div", { class: "card problem" }, el("p", {}, message), again));
  announce(message);
}

/** The list is a comfort: only a missing key stops the page, anything else shows with the next question. */
async function refreshSidebar() {
  try {
    sidebar.mark(currentConversation());
    nameFrom(await sidebar.refresh());
  } catch (error) {
    if (error instanceof Problem && error.status === 401) welcome.needKey();
  }
}

/**
 * @param {ConversationSummary} conversation
 * @param {"renamed" | "deleted"} change
 */
function changed({ id }, change) {
  if (change === "deleted" && id === thread.conversation()) newConversation();
  else refreshSidebar();
}

/** @param {readonly ConversationSummary[]} conversations */
function nameFrom(conversations) {
  const current = conversations.find(({ id }) => id === thread.conversation());
  if (current) view.name(current.title);
}

function newConversation() {
  thread.clear();
  history.pushState(null, "", location.pathname);
  open();
  refreshSidebar();
  sidebar.chosen();
  focusBox();
}

/** From the empty page: what the key opens is read at once. @param {string} key */
async function enterKey(key) {
  welcome.useKey(key);
  await Promise.all([open(), refreshSidebar(), projectSwitch.refresh()]);
  focusBox();
}
