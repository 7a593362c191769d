import { ask } from "./api.js";
import { Problem } from "./problem.js";
import { createTurn } from "./turn.js";

/**
 * @import { Answer, StoredConversation } from "../wire.ts"
 * @import { Progress } from "./api.js"
 * @typedef {{ announce: (message: string) => void, onBusy: (busy: boolean) => void, onBegun: (conversation: string) => void,
 *   onEnded: () => void, onSent: (question: string) => void, onEdit: (question: string) => void, onNew: () => void,
 *   onKey: (key: string) => void, onLook: () => void, project: () => string | null }} ThreadActions
 */

/**
 * The turns of one conversation. One question at a time: a second is refused until the first has ended.
 * @param {HTMLElement} list
 * @param {ThreadActions} actions
 */
export function createThread(list, actions) {
  /** @type {string | null} */
  let conversation = null;
  /** @type {AbortController | null} */
  let running = null;

  /** @param {string} question */
  function create(question) {
    const turn = createTurn(question, {
      announce: actions.announce,
      onAsk: put,
      onRetry: () => run(turn, question),
      onLook: actions.onLook,
      onNew: actions.onNew,
      onEdit() {
        turn.element.remove();
        actions.onEdit(question);
      },
      onKey(key) {
        actions.onKey(key);
        run(turn, question);
      },
    });
    return turn;
  }

  /** @param {string} question */
  function put(question) {
    if (running) {
      actions.announce("An answer is still on its way.");
      return;
    }
    const turn = create(question);
    list.append(turn.element);
    actions.onSent(question);
    show(turn.element);
    run(turn, question);
  }

  /**
   * @param {ReturnType<typeof createTurn>} turn
   * @param {string} question
   */
  async function run(turn, question) {
    if (running) return;
    const controller = new AbortController();
    running = controller;
    actions.onBusy(true);
    turn.start();
    try {
      for await (const progress of ask({ question, conversation, project: actions.project() }, controller.signal)) {
        // The reader has gone to another conversation; what still arrives belongs to this one.
        if (running !== controller) return;
        take(turn, progress);
      }
    } catch (error) {
      if (running === controller) fail(turn, error);
    } finally {
      if (running === controller) {
        running = null;
        actions.onBusy(false);
      }
    }
  }

  /**
   * @param {ReturnType<typeof createTurn>} turn
   * @param {Progress} progress
   */
  function take(turn, progress) {
    if ("conversation" in progress) begun(progress.conversation);
    if ("status" in progress) {
      turn.showStatus(progress.status);
      actions.announce(progress.status);
    }
    if ("text" in progress) turn.showText(progress.text);
    if ("answer" in progress) finish(turn, progress.answer);
  }

  /**
   * @param {ReturnType<typeof createTurn>} turn
   * @param {Answer} answer
   */
  function finish(turn, answer) {
    begun(answer.conversation);
    turn.finish(answer);
    actions.announce(`Answer ready. ${answer.text.slice(0, 200)}`);
    actions.onEnded();
  }

  /** @param {string} id */
  function begun(id) {
    conversation = id;
    actions.onBegun(id);
  }

  /**
   * @param {ReturnType<typeof createTurn>} turn
   * @param {unknown} error
   */
  function fail(turn, error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      turn.stopped();
      actions.announce("Stopped.");
      actions.onEnded();
      return;
    }
    turn.failed(error instanceof Problem ? error : new Problem(0));
    // A mistake of the page itself still reaches the browser's console.
    if (!(error instanceof Problem)) reportError(error);
  }

  function clear() {
    const abandoned = running;
    running = null;
    abandoned?.abort();
    conversation = null;
    list.replaceChildren();
    if (abandoned) actions.onBusy(false);
  }

  return {
    ask: put,
    clear,
    busy: () => running !== null,
    stop: () => running?.abort(),
    conversation: () => conversation,
    /**
     * What is asked from now on belongs to this conversation, also before its earlier turns have been read.
     * @param {string} id
     */
    begin(id) {
      clear();
      conversation = id;
    },
    /** @param {StoredConversation} stored */
    restore(stored) {
      const earlier = stored.turns.map(({ question, answer, state, verdict }) => {
        const turn = create(question);
        if (answer) turn.finish(answer, { state, verdict: verdict ?? null });
        else turn.unanswered(state);
        return turn.element;
      });
      list.prepend(...earlier);
      if (earlier.length > 1 && running === null) earlier.at(-1)?.scrollIntoView({ block: "start" });
    },
  };
}

/**
 * The question goes to the top and the answer grows below it: nothing moves while it is read.
 * @param {HTMLElement} turn
 */
function show(turn) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  turn.scrollIntoView({ block: "start", behavior: calm ? "instant" : "smooth" });
}
