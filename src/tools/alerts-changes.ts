import type { Alert, AlertDesk } from "../core/alert.ts";
import { formatInstant } from "../core/format.ts";
import { hasRole } from "../core/message.ts";
import { cut, plainWords } from "../core/text.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { rowOf } from "./alerts-views.ts";
import { type Action, DAY_MS, timeIn, WRITES } from "./alerts-words.ts";

const DONE = {
  acknowledge: "Acknowledged",
  snooze: "Snoozed",
  expected: "Marked as expected",
  undo: "Taken back, it fires again",
} as const;

/** What a person said to do with an alert, done. Throws UserError for a model, a viewer, and an alert that is not there. */
export async function changed(
  desk: AlertDesk,
  action: Exclude<Action, "list" | "all" | "show" | "noise" | "learned">,
  rest: string,
  context: ToolContext,
): Promise<Finding> {
  const { message, user, now } = context;
  const asCommand = `/alerts ${action} ${rest}`.trim();
  // Only what a person typed or pressed themselves changes anything; what a model made of their words is offered as a button.
  if (!message || !/^\s*\/alerts\b/i.test(message.text))
    throw new UserError(`That changes an alert for everybody. To do it, say \`${asCommand}\` in the chat.`, {
      path: "command",
      suggestions: [asCommand],
    });
  if (WRITES.includes(action) && !hasRole(user.roles, "analyst"))
    throw new UserError("It takes an analyst to change an alert. Ask someone who is one, or an admin to make you one.", {
      path: "command",
    });
  const [, id = "", words = ""] = /^(\S*)\s*([\s\S]*)$/.exec(rest) ?? [];
  if (id === "") throw new UserError("Which one? `/alerts` shows the ids.", { path: "command", suggestions: ["/alerts"] });
  const { until, note } = timeIn(words, now, user.timeZone);
  // "for the fair" is a note of why it was expected; what is snoozed is always snoozed for a time.
  if (until === undefined && (action === "snooze" ? /^(?:for|until|till)\b/i : /^(?:until|till)\b/i).test(words))
    throw new UserError(`I do not understand “${cut(words, 60)}”. Say “for 2 days”, “until friday” or “until 2026-12-24”.`, {
      path: "command",
      suggestions: [`/alerts ${action} ${id} for 2 days`],
    });
  const alert = await perform(desk, { action, id, until, note }, context);
  const text = `${DONE[action]}: **${plainWords(alert.title)}** (\`${alert.id}\`)${endWords(alert)}.`;
  return {
    content: text,
    data: { alerts: [rowOf(alert)] },
    blocks: [{ type: "markdown", text }],
    receipts: [],
    suggestions: action === "undo" ? ["/alerts"] : [`/alerts undo ${alert.id}`],
  };
}

interface Change {
  action: keyof typeof DONE;
  id: string;
  until: Date | undefined;
  note: string;
}

function perform(desk: AlertDesk, { action, id, until, note }: Change, { user, now }: ToolContext): Promise<Alert> {
  const said = note || undefined;
  if (action === "acknowledge") return desk.acknowledge(id, user, said);
  if (action === "snooze") return desk.snooze(id, user, until ?? new Date(now.getTime() + DAY_MS), said);
  return action === "expected" ? desk.expect(id, user, until, said) : desk.undo(id, user);
}

function endWords({ state, snoozed, expected }: Alert): string {
  if (state === "snoozed" && snoozed) return ` until ${formatInstant(snoozed.until)}`;
  return state === "expected" && expected ? `, not told of again until ${formatInstant(expected.until)}` : "";
}
