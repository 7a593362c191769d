import { z } from "zod";
import type { Alert, AlertDesk } from "../core/alert.ts";
import { formatInstant, formatNumber } from "../core/format.ts";
import type { TableBlock } from "../core/reply.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
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
export const alertsOutput = z.object({
  alerts: z.array(row),
  feedback: z.array(z.object({ alert: z.string(), series: z.string(), kind: z.string(), until: z.string(), by: z.string() })).optional(),
  rules: z.array(z.object({ name: z.string(), alerts: z.number(), perWeek: z.number(), proposal: z.string().optional() })).optional(),
});

export async function listed(desk: AlertDesk, action: "list" | "all", { user }: ToolContext): Promise<Finding> {
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

export function rowOf({ id, title, state, severity, openedAt, endedAt, members }: Alert): z.output<typeof row> {
  return { id, title, state, severity, openedAt: openedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, signs: members.length };
}

export async function shown(desk: AlertDesk, rest: string, { user }: ToolContext): Promise<Finding> {
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

export async function noise(desk: AlertDesk): Promise<Finding> {
  const rules = await desk.report(REPORT_DAYS);
  const noisy = rules.filter(({ proposal }) => proposal !== undefined);
  const broken = rules.filter(({ problem }) => problem !== undefined);
  const total = rules.reduce((sum, rule) => sum + rule.alerts, 0);
  const text = [
    rules.length === 0
      ? "No alert rule is set. Add some below `alerts:` in firstmate.yaml."
      : `**${count(total, "alert")} in the last ${REPORT_DAYS} days**, of ${count(rules.length, "rule")}${noisy.length ? `; worth loosening: ${listWords(noisy.map(({ name }) => name))}` : ""}.`,
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
      { label: "worth doing", type: "text" },
    ],
    rows: rules.map(({ name, words, alerts: n, acknowledged, expected, snoozed, ignored, proposal, problem }) => [
      name,
      words,
      n,
      acknowledged,
      expected,
      snoozed,
      ignored,
      proposal ?? (problem ? `it cannot be judged: ${problem}` : null),
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

export async function learned(desk: AlertDesk): Promise<Finding> {
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

function count(n: number, word: string): string {
  return `${formatNumber(n)} ${word}${n === 1 ? "" : "s"}`;
}
