import type { KnownBlock } from "@slack/types";
import { formatInstant } from "../../core/format.ts";
import type { ChannelOptions } from "../index.ts";
import type { Gesture } from "./parse.ts";
import { ACTIONS } from "./render-foot.ts";
import { section } from "./render-text.ts";
import type { Respond } from "./respond.ts";
import { escapedWithin } from "./text.ts";
import { userIdOf } from "./turns.ts";

/** What a person may see and clear of themselves; told to them alone. */
export interface OwnData {
  /** What help says of it, as markdown; "" when there is none of it here. */
  readonly help: string;
  /** The work a command asks for; undefined when it is not one of these. */
  answer(gesture: Gesture, responseUrl: string): Promise<void> | undefined;
  /** After the person confirmed it. */
  clear(gesture: Gesture, owner: string, responseUrl: string): Promise<void>;
}

const MOST = { questions: 20, question: 140 } as const;
const NOTHING = "You have not asked me anything yet, or it was cleared.";
const ASK_FIRST =
  "This deletes all you asked me and all I answered from my records, in every channel. The messages in Slack stay; delete those yourself if you wish.";

export function createOwnData({ history, forget, signIn, onIgnored }: ChannelOptions, respond: Respond): OwnData {
  async function show({ place, user }: Gesture, url: string, of: NonNullable<ChannelOptions["history"]>): Promise<void> {
    const asked = await of(userIdOf(place.team, user), MOST.questions);
    const lines = asked.map(({ question, at }) => `• ${formatInstant(at)} · ${escapedWithin(question, MOST.question)}`);
    const title = `*Your last ${lines.length === 1 ? "question" : `${lines.length} questions`}*`;
    const blocks = lines.length === 0 ? [] : [section([title, ...lines].join("\n")), ...(forget ? [clearButton(user)] : [])];
    await respond(url, lines.length === 0 ? NOTHING : `Your last questions:\n${lines.join("\n")}`, { blocks });
  }

  const commands: Readonly<Record<string, ((gesture: Gesture, url: string) => Promise<void>) | undefined>> = {
    "/history": history && ((gesture, url) => show(gesture, url, history)),
    "/clear": forget && ((gesture, url) => respond(url, ASK_FIRST, { blocks: [section(ASK_FIRST), clearButton(gesture.user)] })),
  };
  const help = [
    ...(history ? ["`/firstmate history` shows what you asked last"] : []),
    ...(forget ? ["`/firstmate clear` deletes all you asked"] : []),
    ...(signIn ? ["`/firstmate login` gives you a link that signs you in to the web console"] : []),
    "`--private` at the end of a command answers you alone",
  ];
  return {
    help: `In Slack also:\n${help.map((line) => `- ${line}`).join("\n")}`,
    answer: (gesture, url) => (Object.hasOwn(commands, gesture.text) ? commands[gesture.text]?.(gesture, url) : undefined),
    async clear({ place, user }, owner, url) {
      if (owner !== user || !forget) return onIgnored("a button to clear, pressed by somebody else");
      await forget(userIdOf(place.team, user));
      await respond(url, "Done: I have deleted all you asked me and all I answered.", { replace: true });
    },
  };
}

/** Asks once more before it does anything. */
function clearButton(owner: string): KnownBlock {
  const plain = (text: string) => ({ type: "plain_text" as const, text });
  return {
    type: "actions",
    elements: [
      {
        type: "button",
        action_id: ACTIONS.clear,
        style: "danger",
        text: plain("Clear my history"),
        value: owner,
        confirm: {
          title: plain("Clear your history?"),
          text: plain("This cannot be undone."),
          confirm: plain("Clear it"),
          deny: plain("Keep it"),
        },
      },
    ],
  };
}
