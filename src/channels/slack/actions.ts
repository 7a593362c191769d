import type { ChannelOptions } from "../index.ts";
import { type Client, refusalOf } from "./client.ts";
import { renderMaths } from "./maths.ts";
import type { OwnData } from "./own-data.ts";
import { type Fields, fieldsOf, type Gesture, text } from "./parse.ts";
import { type ParsedAction, parseAction } from "./parse-interactive.ts";
import type { Respond } from "./respond.ts";
import { createSeen } from "./seen.ts";
import { type Turns, userIdOf } from "./turns.ts";

export interface ActionParts {
  client: Client;
  options: ChannelOptions;
  turns: Turns;
  ownData: OwnData;
  respond: Respond;
  /** Whether this person is answered here at all. */
  mayPress(gesture: Gesture): Promise<boolean>;
  /** A question on a button. */
  ask(gesture: Gesture, responseUrl: string): Promise<void>;
}

/** Two presses within this are one: a double click. In milliseconds. */
const DOUBLE_CLICK_MS = 3_000;

const THANKS = {
  good: "Thank you, noted as helpful.",
  bad: "Thank you, noted as not helpful. Ask again in other words, or look at “Show the maths” to see where the figures come from.",
} as const;
const MATHS_GONE = "I no longer have the receipts of that answer. Ask the question again to see where its figures come from.";
const TOO_LATE = "Slack waited too long for me. Please press it again.";

/** Presses of our buttons. Resolves when what must not be lost is kept. */
export function createActions({ client, options, turns, ownData, respond, mayPress, ask }: ActionParts) {
  const justPressed = createSeen(options.now, DOUBLE_CLICK_MS);

  return async function onAction(body: Fields): Promise<void> {
    const parsed = parseAction(body);
    if (parsed.kind === "nothing") return;
    if (parsed.kind === "ignored") return options.onIgnored(parsed.why);
    const { gesture } = parsed;
    const url = text(body.response_url);
    if (parsed.kind === "message") return isDoubleClick(gesture) ? options.onIgnored("a double click") : ask(gesture, url);
    if (!(await mayPress(gesture))) return options.onIgnored(`${parsed.kind} of somebody we do not answer`);
    if (parsed.kind === "clear") return turns.inBackground(ownData.clear(gesture, parsed.owner, url));
    const tell = (words: string) => (url ? respond(url, words, threadOf(body)) : Promise.resolve());
    if (parsed.kind === "maths") return turns.inBackground(showMaths(parsed, tell));
    await keepFeedback(parsed);
    turns.inBackground(tell(THANKS[parsed.verdict]));
  };

  /** Delivered again it is no second press: that is for the records to see. */
  function isDoubleClick({ ids, pressed = "" }: Gesture): boolean {
    const [id = ""] = ids;
    const isAgain = justPressed.has(pressed) && !justPressed.has(id);
    justPressed.add(pressed);
    justPressed.add(id);
    return isAgain;
  }

  async function keepFeedback({ gesture, turn, verdict }: Extract<ParsedAction, { kind: "feedback" }>): Promise<void> {
    await options.onFeedback({ turn, user: userIdOf(gesture.place.team, gesture.user), verdict });
  }

  async function showMaths(
    { turn, trigger }: Extract<ParsedAction, { kind: "maths" }>,
    tell: (words: string) => Promise<void>,
  ): Promise<void> {
    const reply = await options.answerOf?.(turn);
    if (!reply) return tell(MATHS_GONE);
    try {
      await client.views.open({ trigger_id: trigger, view: renderMaths(reply) });
    } catch (error) {
      if (!refusalOf(error).endsWith("_trigger_id")) throw error;
      await tell(TOO_LATE);
    }
  }
}

/** A word to who pressed belongs into the thread they pressed in; at the head of a thread nobody would see it there. */
function threadOf(body: Fields): { thread?: string } {
  const [message, container] = [fieldsOf(body.message), fieldsOf(body.container)];
  const thread = text(message.thread_ts) || text(container.thread_ts);
  return thread && thread !== (text(message.ts) || text(container.message_ts)) ? { thread } : {};
}
