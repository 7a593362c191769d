import { readConversation, readStart, signOut } from "./api.js";
import { createComposer } from "./composer.js";
import { Problem } from "./problem.js";
import { el, icon } from "./render/dom.js";
import { createSidebar } from "./sidebar.js";
import { apiKey, conversationAddress, currentConversation, signedIn } from "./store.js";
import { createThread } from "./thread.js";
import { openTools } from "./tools-dialog.js";
import { showKeyNeeded, showWelcome } from "./welcome.js";

/** @import { ConversationSummary } from "../wire.ts" */

const live = byId("live", HTMLElement);
const welcome = byId("welcome", HTMLElement);
const title = byId("conversation-title", HTMLElement);
let start = { greeting: "What would you like to know?", suggestions: /** @type {readonly string[]} */ ([]) };

const composer = createComposer(
  { form: byId("composer", HTMLFormElement), box: byId("question", HTMLTextAreaElement), button: byId("send", HTMLButtonElement) },
  { onAsk: (question) => thread.ask(question), onStop: () => thread.stop(), announce },
);

const thread = createThread(byId("turns", HTMLElement), {
  announce,
  onNew: newConversation,
  onEdit: composer.fill,
  onBusy: composer.setBusy,
  onKey: useKey,
  onSent(question) {
    welcome.hidden = true;
    composer.sent(question);
    focusBox();
  },
  onLook: reopen,
  onBegun(conversation) {
    if (currentConversation() !== conversation) history.replaceState(null, "", conversationAddress(conversation));
  },
  onEnded: refreshSidebar,
});

const sidebar = createSidebar({
  panel: byId("sidebar", HTMLElement),
  toggle: byId("sidebar-toggle", HTMLButtonElement),
  scrim: byId("scrim", HTMLElement),
  list: byId("conversations", HTMLElement),
  column: /** @type {HTMLElement} */ (document.querySelector(".column")),
});

byId("new-conversation", HTMLButtonElement).prepend(icon("plus"));
byId("new-conversation", HTMLButtonElement).addEventListener("click", newConversation);
byId("open-tools", HTMLButtonElement).prepend(icon("help"));
byId("open-tools", HTMLButtonElement).addEventListener("click", () => openTools(composer.fill));
addEventListener("hashchange", open);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && thread.busy() && !document.querySelector("dialog[open]")) thread.stop();
});

await Promise.all([open(), greet().then(refreshSidebar)]);
focusBox();

/** Where typing happens on the screen, focus would bring up a keyboard over the answer. */
function focusBox() {
  if (matchMedia("(pointer: fine)").matches) composer.focus();
}

/** Statuses and ends are spoken; the words in between are not. @param {string} message */
function announce(message) {
  live.textContent = message;
}

/** A page that cannot be greeted is still a page. */
async function greet() {
  try {
    const { label, ...rest } = await readStart();
    start = rest;
    if (label) {
      byId("label", HTMLElement).textContent = label;
      byId("label", HTMLElement).hidden = false;
    }
  } catch {}
  showWelcome(welcome, start, thread.ask);
  showKeyState();
}

function reopen() {
  thread.clear();
  open();
}

/** Shows what the address names. */
async function open() {
  const id = currentConversation();
  if (id !== null && id === thread.conversation()) return;
  welcome.hidden = id !== null;
  if (id === null) {
    thread.clear();
    title.textContent = "Firstmate";
    document.title = "Firstmate";
    return;
  }
  thread.begin(id);
  sidebar.chosen();
  try {
    const stored = await readConversation(id);
    if (currentConversation() !== id) return;
    thread.restore(stored);
    name(stored.title);
    const last = stored.turns.at(-1);
    if (last) composer.remember(last.question);
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
    welcome.hidden = false;
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
  byId("turns", HTMLElement).replaceChildren(el("div", { class: "card problem" }, el("p", {}, message), again));
  announce(message);
}

/** The list is a comfort: only a missing key stops the page, anything else shows with the next question. */
async function refreshSidebar() {
  try {
    nameFrom(await sidebar.refresh(currentConversation()));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) showKeyNeeded(welcome, apiKey.get() !== null, enterKey);
  }
}

/** @param {readonly ConversationSummary[]} conversations */
function nameFrom(conversations) {
  const current = conversations.find(({ id }) => id === currentConversation());
  if (current) name(current.title);
}

/** @param {string} text */
function name(text) {
  title.textContent = text;
  document.title = `${text} · Firstmate`;
}

function newConversation() {
  thread.clear();
  history.pushState(null, "", location.pathname);
  open();
  refreshSidebar();
  sidebar.chosen();
  focusBox();
}

/** @param {string} key */
function useKey(key) {
  apiKey.set(key);
  showKeyState();
  showWelcome(welcome, start, thread.ask);
}

/** From the empty page: what the key opens is read at once. @param {string} key */
async function enterKey(key) {
  useKey(key);
  await Promise.all([open(), refreshSidebar()]);
  focusBox();
}

function showKeyState() {
  const person = signedIn.get();
  const ways = [
    ...(apiKey.get() === null ? [] : [leave("Forget the key", async () => apiKey.set(null))]),
    ...(person === null ? [] : [leave(`Sign out ${person}`, signOut)]),
  ];
  byId("key-state", HTMLElement).replaceChildren(...ways);
}

/**
 * @param {string} label
 * @param {() => Promise<void>} end
 */
function leave(label, end) {
  const button = el("button", { type: "button", class: "quiet" }, icon("key"), el("span", { dir: "auto" }, label));
  button.addEventListener("click", async () => {
    await end().catch(() => {});
    signedIn.set(null);
    location.reload();
  });
  return button;
}

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}.`);
  return element;
}
