import { z } from "zod";
import type { Alert, AlertDesk } from "../core/alert.ts";
import { formatInstant, formatNumber } from "../core/format.ts";
import { hasRole } from "../core/message.ts";
import type { TableBlock } from "../core/reply.ts";
import { cut, plainWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type Action, actionOf, DAY_MS, meant, timeIn, WRITES } from "./alerts-words.ts";
import { contentOf } from "./finding.ts";

const row = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(["firing", "acknowledged", "snoozed", "expected", "recovered"]),
  severity: z.enum(["critical", "warning", "info"]),
  openedAt: z.string(),
  endedAt: z.string().nullable(),
  signs: z.number(),
});
const output = z.object({
  alerts: z.array(row),
  feedback: z.array(z.object({ alert: z.string(), series: z.string(), kind: z.string(), until: z.string(), by: z.string() })).optional(),
  rules: z.array(z.object({ name: z.string(), alerts: z.number(), perWeek: z.number(), proposal: z.string().optional() })).optional(),
});

export const alerts = defineTool({
  name: "alerts",
  title: "Alerts",
  description:
    "The alerts of our own rules and of vendors' webhooks: which fire now, one with its figure, normal range, chart and history, which rules make noise and how to loosen them, and what people marked as expected or snoozed. Use it when someone asks about alerts, warnings, alarms or noisy rules. A person acknowledges, snoozes or marks one as expected with the command /alerts.",
  examples: [
    "Which alerts are open?",
    "Are there any alerts?",
    "What is alerting right now?",
    "show me the alerts",
    "Which alert rules are too noisy?",
    "how noisy are our alerts this week?",
    "Which alerts were snoozed?",
    "who acknowledged the alert?",
    "how do I snooze an alert?",
    "any warnings I should know of?",
    "is anything alerting?",
    "which alarms are active?",
    "show active alarms",
    "did any alert fire today?",
    "what fired last night?",
    "which alerts are unacknowledged?",
    "list alert rules",
    "what is snoozed?",
    "which warnings are open?",
    "mute an alert",
    "what did people mark as expected?",
    "which rules are just noise?",
    "did a budget warning fire?",
    "who snoozed it?",
    "show what was marked as normal",
  ],
  effect: "read",
  role: "viewer",
  command: {
    name: "alerts",
    hint: "[list | all | show ID | acknowledge ID | snooze ID for 2 days | expected ID [note] | undo ID | noise | learned]",
  },
  input: z.strictObject({
    command: z
      .string()
      .max(600)
      .optional()
      .describe(
        'What to do: "list" (open ones), "all", "show 3f2a9c1b", "noise" (the rules and what to loosen), "learned". A change is made when a person types it.',
      ),
  }),
  output,

  async run({ command = "" }, context): Promise<Finding> {
    const desk = context.alerts;
    if (!desk) throw new UserError("Alerts are not available here. Ask where the bot is serving.");
    const { action, rest } = command.trim() === "" ? meant(context.message?.text ?? "") : actionOf(command);
    if (action === "list" || action === "all") return listed(desk, action, context);
    if (action === "noise") return noise(desk);
    if (action === "learned") return learned(desk);
    if (action === "show") return shown(desk, rest, context);
    return changed(desk, action, rest, context);
  },
});

async function listed(desk: AlertDesk, action: "list" | "all", { user }: ToolContext): Promise<Finding> {
  const found = await desk.list(user, { state: action === "list" ? "open" : "all" });
  const firing = found.filter(({ state }) => state === "firing").length;
  const text =
    action === "all"
      ? `**${count(found.length, "alert")}**, the newest first.`
      : found.length === 0
        ? "No alert is open."
        : `**${count(found.length, "alert")} ${found.length === 1 ? "is" : "are"} open**${firing === found.length ? "" : `; ${firing} of them ${firing === 1 ? "waits" : "wait"} for somebody`}.`;
  const [worst] = found;
  const tables = found.length > 0 ? [alertTable(found)] : [];
  return {
    content: contentOf(text, tables),
    data: { alerts: found.map(rowOf) },
    blocks: [{ type: "markdown", text }, ...tables],
    receipts: [],
    suggestions: worst ? [`/alerts show ${worst.id}`, "/alerts noise"] : ["/alerts all", "/alerts noise"],
  };
}

function alertTable(found: readonly Alert[]): TableBlock {
  return {
    type: "table",
    title: "Alerts",
    columns: ["id", "alert", "severity", "state", "since"].map((label) => ({ label, type: "text" as const })),
    rows: found.map((alert) => [
      alert.id,
      plainWords(alert.title) + (alert.members.length > 1 ? ` and ${alert.members.length - 1} more` : ""),
      alert.severity,
      stateWords(alert),
      sinceWords(alert),
    ]),
  };
}

function stateWords({ state, acknowledged, snoozed, expected }: Alert): string {
  if (state === "acknowledged") return `acknowledged by ${acknowledged?.by}`;
  if (state === "snoozed") return `snoozed until ${snoozed ? formatInstant(snoozed.until) : "later"}`;
  return state === "expected" ? `expected, said ${expected?.by}` : state;
}

/** A figure's days have no time. */
function sinceWords({ members, openedAt }: Alert): string {
  const [first] = members;
  return first?.figure ? first.figure.from : formatInstant(first?.since ?? openedAt);
}

function rowOf({ id, title, state, severity, openedAt, endedAt, members }: Alert): z.output<typeof row> {
  return { id, title, state, severity, openedAt: openedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, signs: members.length };
}

async function shown(desk: AlertDesk, rest: string, { user }: ToolContext): Promise<Finding> {
  const id = rest.split(/\s+/)[0] ?? "";
  if (id === "") throw new UserError("Which one? `/alerts` lists them.", { path: "command", suggestions: ["/alerts"] });
  const found = await desk.get(id, user);
  if (!found)
    throw new UserError(`There is no alert “${cut(id, 40)}”. \`/alerts\` lists those that are open.`, {
      path: "command",
      suggestions: ["/alerts"],
    });
  const { reply } = found;
  const past = found.history.map(({ at, actor, action, note }) => [
    formatInstant(at),
    action,
    actor === "firstmate" ? "" : actor,
    note ?? "",
  ]);
  const history: TableBlock = {
    type: "table",
    title: "History",
    columns: ["when", "what", "who", "note"].map((label) => ({ label, type: "text" as const })),
    rows: past,
  };
  return {
    content: contentOf(reply.text, [history]),
    data: { alerts: [rowOf(found.alert)] },
    blocks: [{ type: "markdown", text: reply.text }, ...(reply.blocks ?? []), history],
    receipts: reply.receipts ?? [],
    suggestions: (reply.actions ?? []).map(({ say }) => say),
  };
}

async function noise(desk: AlertDesk): Promise<Finding> {
  const rules = await desk.report(REPORT_DAYS);
  const noisy = rules.filter(({ proposal }) => proposal !== undefined);
  const broken = rules.filter(({ problem }) => problem !== undefined);
  const total = rules.reduce((sum, rule) => sum + rule.alerts, 0);
  const text = [
    rules.length === 0
      ? "No alert rule is set. Add some below `alerts:` in firstmate.yaml."
      : `**${count(total, "alert")} in the last ${REPORT_DAYS} days**, of ${count(rules.length, "rule")}.`,
    ...noisy.map(({ name, proposal }) => `- **${name}**: ${proposal}`),
    ...broken.map(({ name, problem }) => `- **${name}** cannot be judged: ${problem}`),
    ...(rules.length > 0 && noisy.length === 0 ? ["No rule is worth loosening."] : []),
  ].join("\n");
  const table: TableBlock = {
    type: "table",
    title: "Rules",
    columns: [
      { label: "rule", type: "text" },
      { label: "what it watches", type: "text" },
      ...["alerts", "acknowledged", "expected", "snoozed", "nobody said a word"].map((label) => ({ label, type: "number" as const })),
    ],
    rows: rules.map(({ name, words, alerts: n, acknowledged, expected, snoozed, ignored }) => [
      name,
      words,
      n,
      acknowledged,
      expected,
      snoozed,
      ignored,
    ]),
  };
  const tables = rules.length > 0 ? [table] : [];
  return {
    content: contentOf(text, tables),
    data: {
      alerts: [],
      rules: rules.map(({ name, alerts: n, perWeek, proposal }) => ({
        name,
        alerts: n,
        perWeek: Number(formatNumber(perWeek)),
        ...(proposal ? { proposal } : {}),
      })),
    },
    blocks: [{ type: "markdown", text }, ...tables],
    receipts: [],
    suggestions: ["/alerts", "/alerts learned"],
  };
}

const REPORT_DAYS = 28;

async function learned(desk: AlertDesk): Promise<Finding> {
  const given = await desk.feedback();
  const text =
    given.length === 0
      ? "Nothing is marked as expected or snoozed."
      : `**${count(given.length, "sign")}** ${given.length === 1 ? "is" : "are"} waved through for now; \`/alerts undo ID\` takes it back.`;
  const table: TableBlock = {
    type: "table",
    title: "Expected and snoozed",
    columns: ["alert", "what", "how", "until", "by", "note"].map((label) => ({ label, type: "text" as const })),
    rows: given.map(({ alert, series, kind, until, by, note }) => [alert, plainWords(series), kind, formatInstant(until), by, note ?? ""]),
  };
  const tables = given.length > 0 ? [table] : [];
  return {
    content: contentOf(text, tables),
    data: {
      alerts: [],
      feedback: given.map(({ alert, series, kind, until, by }) => ({ alert, series, kind, until: until.toISOString(), by })),
    },
    blocks: [{ type: "markdown", text }, ...tables],
    receipts: [],
    suggestions: [...given.slice(0, 1).map(({ alert }) => `/alerts undo ${alert}`), "/alerts"],
  };
}

const DONE = {
  acknowledge: "Acknowledged",
  snooze: "Snoozed",
  expected: "Marked as expected",
  undo: "Taken back, it fires again",
} as const;

async function changed(
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

function count(n: number, word: string): string {
  return `${formatNumber(n)} ${word}${n === 1 ? "" : "s"}`;
}
