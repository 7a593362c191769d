import type { Alert, AlertFigure, AlertMember, Stamp } from "../core/alert.ts";
import { formatChange, formatInstant, formatValue, readable } from "../core/format.ts";
import { formatDay, formatPeriod } from "../core/period.ts";
import type { Reply } from "../core/reply.ts";
import { cut, plainWords } from "../core/text.ts";
import { chartOf } from "./card-chart.ts";
import { capital, isMonthly } from "./figure.ts";
import { isOpen, MOST_MEMBERS } from "./lifecycle.ts";

/** An alert as the one message that tells of it, from its first sign to its end: figure, normal range, chart, causes, what to do. */

const MOST = { members: 5, causes: 3, text: 300 } as const;
const HOUR_MS = 3_600_000;

export function alertCard(alert: Alert): Reply {
  const [first, ...more] = alert.members;
  const chart = first?.figure && chartOf(first.figure, first, alert.receipts);
  const lines = [
    `**${stateWord(alert)}: ${plainWords(alert.title)}${amountWords(first?.figure)}**`,
    ...(first ? memberLines(first, alert) : []),
    ...(more.length > 0 ? [withIt(more)] : []),
    ...stateLines(alert),
    ...(alert.causes.length > 0 ? [`Where to look: ${alert.causes.slice(0, MOST.causes).join("; ")}.`] : []),
    ...(isOpen(alert) && alert.next.length > 0 ? [`Next: ${alert.next.join(" ")}`] : []),
  ];
  return {
    text: lines.join("\n\n"),
    ...(chart ? { blocks: [chart] } : {}),
    ...(alert.receipts.length > 0 ? { receipts: alert.receipts } : {}),
    actions: actionsOf(alert),
    suggestions: [`/alerts show ${alert.id}`],
    card: true,
    final: true,
  };
}

/** What goes into the thread when a card alone would not be seen: it was silent until now. */
export function reminder(alert: Alert, why: string): Reply {
  return { text: `${why} **${plainWords(alert.title)}** still fires (\`${alert.id}\`).`, actions: actionsOf(alert), final: true };
}

function stateWord({ state, severity }: Alert): string {
  if (state === "firing") return severity === "critical" ? "Critical" : severity === "warning" ? "Warning" : "Notice";
  return { acknowledged: "Acknowledged", snoozed: "Snoozed", expected: "Expected", recovered: "Recovered" }[state];
}

function withIt(members: readonly AlertMember[]): string {
  const others = members.length - MOST.members;
  // Of a storm the first ones alone are kept.
  const more = others > 0 ? ` and ${members.length + 1 < MOST_MEMBERS ? "" : "at least "}${others} more` : "";
  return `With it: ${members.slice(0, MOST.members).map(shortMember).join("; ")}${more}.`;
}

function memberLines(member: AlertMember, alert: Alert): string[] {
  const { figure, text, since, url, series, title } = member;
  const told = text ? `“${cut(plainWords(text), MOST.text)}”` : "";
  if (figure) return [figureLine(figure), ...(told ? [told] : [])];
  const where = title.includes(series) ? "" : ` on ${plainWords(series)}`;
  const first = !alert.group.startsWith("storm:") ? "" : ` The first: ${shortMember(member)}.`;
  return [
    `Since ${formatInstant(since)}${where}.${first}${told ? ` ${told}` : ""}${url && /^https:\/\//.test(url) ? ` [Open it](${url})` : ""}`,
  ];
}

function amountWords(figure: AlertFigure | undefined): string {
  return figure?.actual === undefined ? "" : `, ${formatValue(figure.actual, figure.unit)}`;
}

function missingLine({ measure, from, unit, days = [] }: AlertFigure): string {
  const last = days.findLast(({ value }) => value !== null);
  const before = last?.value == null ? "" : `; the last day that is known, ${formatDay(last.day)}, had ${formatValue(last.value, unit)}`;
  return `${capital(readable(measure))}: nothing is known since ${formatDay(from)}${before}.`;
}

/** "$412.10 on 3 November 2026, normally $120 to $180; $1,204 more than expected since 28 October." */
function figureLine(figure: AlertFigure): string {
  const { actual, unit, from, to, low, high, expected, excess, limit, measure, average } = figure;
  if (actual === undefined) return missingLine(figure);
  const amount = (value: number) => formatValue(value, unit);
  const began = from === to ? "" : ` (it began on ${formatDay(from)})`;
  const when = isMonthly(figure) ? `in ${formatPeriod({ from: `${to.slice(0, 7)}-01`, to })}` : `on ${formatDay(to)}${began}`;
  const range =
    low !== undefined && high !== undefined && limit === undefined ? `, normally ${amount(Math.max(0, low))} to ${amount(high)}` : "";
  const passed = limit !== undefined ? `; the limit is ${amount(limit)}` : "";
  const pace = isMonthly(figure) ? `, and the month is on its way to ${amount(figure.expected)}` : "";
  const relative =
    expected !== undefined && expected > 0 && limit === undefined
      ? ` (${formatChange(actual / expected - 1)} against what was expected)`
      : "";
  const span =
    excess !== undefined && from !== to
      ? ` ${average ? "On average" : "In all"} ${amount(Math.abs(excess))} ${excess >= 0 ? "more" : "less"} than expected in ${formatPeriod({ from, to })}.`
      : "";
  return `${capital(readable(measure))}: ${amount(actual)} ${when}${range}${relative}${passed}${pace}.${span}`;
}

function shortMember({ title, figure, endedAt }: AlertMember): string {
  const amount =
    figure?.excess === undefined ? "" : ` (${figure.excess >= 0 ? "+" : "−"}${formatValue(Math.abs(figure.excess), figure.unit)})`;
  return `${plainWords(cut(title, 100))}${amount}${endedAt ? ", over" : ""}`;
}

function stateLines(alert: Alert): string[] {
  const { state, acknowledged, snoozed, expected, endedAt, members, escalatedAt } = alert;
  const said = ({ note }: Stamp) => (note ? `: “${cut(plainWords(note), MOST.text)}”` : "");
  const lines: string[] = [];
  if (acknowledged) lines.push(`Acknowledged by ${plainWords(acknowledged.by)}, ${formatInstant(acknowledged.at)}${said(acknowledged)}.`);
  if (snoozed && state === "snoozed")
    lines.push(`Snoozed by ${plainWords(snoozed.by)} until ${formatInstant(snoozed.until)}${said(snoozed)}.`);
  if (expected)
    lines.push(`Expected, said ${plainWords(expected.by)}; not told of again until ${formatInstant(expected.until)}${said(expected)}.`);
  if (escalatedAt && state === "firing") lines.push(`Nobody has acknowledged it; passed on ${formatInstant(escalatedAt)}.`);
  const since = members.reduce((least, member) => (member.since < least ? member.since : least), members[0]?.since ?? alert.openedAt);
  if (state === "recovered" && endedAt) lines.push(`Recovered after ${lengthWords(endedAt.getTime() - since.getTime(), members)}.`);
  return lines;
}

/** Days are counted with both ends, like the figures of days themselves. */
function lengthWords(ms: number, members: readonly AlertMember[]): string {
  if (members.every(({ figure }) => figure)) {
    const days = Math.round(ms / (24 * HOUR_MS)) + 1;
    return days === 1 ? "one day" : `${days} days`;
  }
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${Math.max(1, minutes)} minute${minutes <= 1 ? "" : "s"}`;
  return minutes < 2_880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}

function actionsOf({ id, state }: Alert): { label: string; say: string }[] {
  const action = (label: string, words: string) => ({ label, say: `/alerts ${words}` });
  const later = [action("Not now (1 day)", `snooze ${id} for 1 day`), action("Expected", `expected ${id}`)];
  switch (state) {
    case "firing":
      return [action("Acknowledge", `acknowledge ${id}`), ...later];
    case "acknowledged":
      return [...later, action("Undo", `undo ${id}`)];
    case "snoozed":
      return [action("Acknowledge", `acknowledge ${id}`), action("Expected", `expected ${id}`), action("Undo", `undo ${id}`)];
    case "expected":
      return [action("Undo", `undo ${id}`)];
    case "recovered":
      return [];
  }
}
