import type { AnyBlock, KnownBlock } from "@slack/types";
import type { Receipt } from "../../core/fact.ts";
import { figureLines } from "../../core/figure-words.ts";
import { formatInstant } from "../../core/format.ts";
import type { Reply, TurnTrace } from "../../core/reply.ts";
import { plainWords } from "../../core/text.ts";
import { usageWords } from "../../core/usage-words.ts";
import { context, section } from "./render-text.ts";
import { escapedWithin, within } from "./text.ts";

/** What stands below every answer: the receipts, how it was made, what to ask next, and whether it helped. At most some 4,000 characters. */

export const ACTIONS = {
  suggest: "firstmate_suggest",
  feedback: "firstmate_feedback",
  open: "firstmate_open",
  maths: "firstmate_maths",
  clear: "firstmate_clear",
  decide: "firstmate_decide",
} as const;

const MOST = {
  receipts: 6,
  name: 60,
  query: 160,
  read: 80,
  calls: 400,
  figures: 600,
  notice: 400,
  questions: 5,
  button: 75,
  value: 2_000,
  url: 500,
} as const;

export function renderFoot(reply: Reply): KnownBlock[] {
  const { turn, notice, suggestions = [], actions = [] } = reply;
  return [
    ...fold(reply),
    ...(notice?.trim() ? [context(within(notice, MOST.notice))] : []),
    ...actionButtons(actions),
    ...suggestionButtons(suggestions),
    ...feedback(turn),
  ];
}

/** "Show the maths", folded: where each figure comes from, and which tools were called. What has no room here is a press away. */
function fold(reply: Reply): KnownBlock[] {
  const { receipts = [], turn } = reply;
  if (receipts.length === 0) return [];
  const figures = figureLines(reply).join("\n");
  const shown = receipts.slice(0, MOST.receipts);
  const more = receipts.length - shown.length;
  const calls = callsOf(turn);
  const isWhole = more === 0 && shown.every(isShort) && calls.length <= MOST.calls && figures.length <= MOST.figures;
  return [
    {
      type: "container",
      ...(turn ? { block_id: `${MATHS_BLOCK}${turn.id}` } : {}),
      title: { type: "plain_text", text: `${MATHS_TITLE} (${receipts.length})` },
      is_collapsible: true,
      default_collapsed: true,
      child_blocks: [
        ...(figures ? [section(escapedWithin(figures, MOST.figures))] : []),
        ...shown.map(receiptSection),
        ...(more > 0 ? [section(`and ${more} more ${more === 1 ? "receipt" : "receipts"}`)] : []),
        ...(calls ? [section(`Asked with: ${escapedWithin(calls, MOST.calls)}`)] : []),
        ...(turn && !isWhole ? [mathsActions(turn.id, "Show all of it")] : []),
      ],
    } as KnownBlock,
  ];
}

const MATHS_BLOCK = "firstmate_maths:";
export const MATHS_TITLE = "Show the maths";

/** The tools that were called with what they were given, and what the model took. */
export function callsOf(turn: TurnTrace | undefined): string {
  const calls = (turn?.tools ?? []).map((call) => `${call.name} ${plainWords(JSON.stringify(call.input))}`).join("; ");
  return [calls, ...(turn?.usage ? [`Worded by ${usageWords(turn.usage)}.`] : [])].filter(Boolean).join("\n");
}

function mathsActions(turn: string, label: string): KnownBlock {
  const button = { type: "button" as const, action_id: ACTIONS.maths, text: { type: "plain_text" as const, text: label }, value: turn };
  return { type: "actions", elements: [button] };
}

/** A button in place of the fold, where Slack does not take folds. */
export function mathsButton({ block_id: id = "" }: AnyBlock): KnownBlock[] {
  return id.startsWith(MATHS_BLOCK) ? [mathsActions(id.slice(MATHS_BLOCK.length), MATHS_TITLE)] : [];
}

export function isMathsButton(block: AnyBlock): boolean {
  return block.type === "actions" && "elements" in block && block.elements.some((e) => "action_id" in e && e.action_id === ACTIONS.maths);
}

/** What a receipt says: its source, how far it can be trusted, what was asked and when it was read. Not escaped. */
export function receiptLines({ source, status, provisional, truncated, query, fetchedAt, notes = [] }: Receipt) {
  const state = [status, ...(provisional ? [`provisional ${provisional}`] : []), ...(truncated ? [truncated] : [])].join(", ");
  return { source, state, query, read: [`read ${formatInstant(fetchedAt)}`, ...notes].join(", ") };
}

function isShort(receipt: Receipt): boolean {
  const { source, state, query, read } = receiptLines(receipt);
  return source.length <= MOST.name && state.length <= MOST.name && query.length <= MOST.query && read.length <= MOST.read;
}

function receiptSection(receipt: Receipt, index: number): KnownBlock {
  const { source, state, query, read } = receiptLines(receipt);
  const words = `*${escapedWithin(source, MOST.name)}* · ${escapedWithin(state, MOST.name)}\n${escapedWithin(query, MOST.query)}\n${escapedWithin(read, MOST.read)}`;
  return withAddress(section(words), receipt, index);
}

/** A receipt's own address is a button: a link would be previewed, and pressed by accident. */
export function withAddress(block: KnownBlock, { url }: Receipt, index: number): KnownBlock {
  const safe = url !== undefined && /^https:\/\//.test(url) && url.length <= MOST.url;
  if (!safe) return block;
  const button = { type: "button", action_id: `${ACTIONS.open}:${index}`, text: { type: "plain_text", text: "Open" }, url };
  return { ...block, accessory: button } as KnownBlock;
}

/** Pressed, they are said by who pressed. */
function actionButtons(actions: NonNullable<Reply["actions"]>): KnownBlock[] {
  const buttons = actions.slice(0, MOST.questions).map(({ label, say }, i) => ({
    type: "button" as const,
    action_id: `${ACTIONS.suggest}:action${i}`,
    text: { type: "plain_text" as const, text: within(label, MOST.button) },
    value: say,
    ...(i === 0 ? { style: "primary" as const } : {}),
  }));
  return buttons.length ? [{ type: "actions", elements: buttons }] : [];
}

/** Pressed, they are asked. Also on the home tab. */
export function suggestionButtons(questions: readonly string[]): KnownBlock[] {
  const buttons = questions
    .map((question) => question.trim())
    .filter((question) => question !== "" && question.length <= MOST.value)
    .slice(0, MOST.questions)
    .map((question, i) => ({
      type: "button" as const,
      action_id: `${ACTIONS.suggest}:${i}`,
      text: { type: "plain_text" as const, text: within(question, MOST.button) },
      value: question,
    }));
  return buttons.length ? [{ type: "actions", elements: buttons }] : [];
}

function feedback(turn: TurnTrace | undefined): KnownBlock[] {
  if (!turn) return [];
  const button = (label: string, verdict: string) => ({
    text: { type: "plain_text" as const, text: label },
    value: `${verdict}:${turn.id}`,
  });
  return [
    {
      type: "context_actions",
      elements: [
        {
          type: "feedback_buttons",
          action_id: ACTIONS.feedback,
          positive_button: button("Helpful", "good"),
          negative_button: button("Not helpful", "bad"),
        },
      ],
    },
  ];
}
