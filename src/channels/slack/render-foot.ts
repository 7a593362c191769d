import type { KnownBlock } from "@slack/types";
import type { Receipt } from "../../core/fact.ts";
import { formatInstant } from "../../core/format.ts";
import type { Reply, TurnTrace } from "../../core/reply.ts";
import { context, section } from "./render-text.ts";
import { escapedWithin, within } from "./text.ts";

/** What stands below every answer: the receipts, how it was made, what to ask next, and whether it helped. At most some 3,400 characters. */

export const ACTIONS = { suggest: "firstmate_suggest", feedback: "firstmate_feedback", open: "firstmate_open" } as const;

const MOST = {
  receipts: 6,
  name: 60,
  query: 160,
  read: 80,
  calls: 400,
  notice: 400,
  questions: 5,
  button: 75,
  value: 2_000,
  url: 500,
} as const;

export function renderFoot({ receipts = [], turn, notice, suggestions = [] }: Reply): KnownBlock[] {
  return [
    ...fold(receipts, turn),
    ...(notice?.trim() ? [context(within(notice, MOST.notice))] : []),
    ...suggestionButtons(suggestions),
    ...feedback(turn),
  ];
}

/** "Show the maths", folded: where each figure comes from, and which tools were called. */
function fold(receipts: readonly Receipt[], turn: TurnTrace | undefined): KnownBlock[] {
  if (receipts.length === 0) return [];
  const shown = receipts.slice(0, MOST.receipts).map(receiptSection);
  const more = receipts.length - shown.length;
  const calls = (turn?.tools ?? []).map((call) => `${call.name} ${JSON.stringify(call.input)}`);
  return [
    {
      type: "container",
      title: { type: "plain_text", text: `Show the maths (${receipts.length})` },
      is_collapsible: true,
      default_collapsed: true,
      child_blocks: [
        ...shown,
        ...(more > 0 ? [section(`and ${more} more ${more === 1 ? "receipt" : "receipts"} in the console`)] : []),
        ...(calls.length ? [section(`Asked with: ${escapedWithin(calls.join("; "), MOST.calls)}`)] : []),
      ],
    } as KnownBlock,
  ];
}

/** A receipt's own address is a button: a link would be previewed, and pressed by accident. */
function receiptSection(receipt: Receipt, index: number): KnownBlock {
  const { source, status, provisional, truncated, query, fetchedAt, notes = [], url } = receipt;
  const state = [status, ...(provisional ? [`provisional ${provisional}`] : []), ...(truncated ? [truncated] : [])].join(", ");
  const read = [`read ${formatInstant(fetchedAt)}`, ...notes].join(", ");
  const words = `*${escapedWithin(source, MOST.name)}* · ${escapedWithin(state, MOST.name)}\n${escapedWithin(query, MOST.query)}\n${escapedWithin(read, MOST.read)}`;
  const safe = url !== undefined && /^https:\/\//.test(url) && url.length <= MOST.url;
  if (!safe) return section(words);
  return {
    ...section(words),
    accessory: { type: "button", action_id: `${ACTIONS.open}:${index}`, text: { type: "plain_text", text: "Open" }, url },
  } as KnownBlock;
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
