import type { Period } from "../core/fact.ts";
import { formatNumber, formatPercent } from "../core/format.ts";
import { formatDay, formatPeriod } from "../core/period.ts";
import type { KpisBlock, TableBlock } from "../core/reply.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import { LIMIT_WORDS, type ServiceSignals, type State, type Verdict } from "./service-health-judge.ts";

export type Judged = ServiceSignals & Verdict;

const MOST_NAMED = 5;
const NAME_LIMIT = 60;

/** The answer in words: how many of each colour, what is wrong with the worst, and the rule. */
export function healthWords(services: readonly Judged[], period: Period, before: Period): string {
  const counted = counts(services)
    .map(([state, n]) => `${n} ${state}`)
    .join(", ");
  const bad = services.filter(({ state }) => state === "red" || state === "amber");
  const heading = `**${formatNumber(services.length)} ${services.length === 1 ? "service" : "services"}: ${counted}** in ${formatPeriod(period)}, compared with ${formatPeriod(before)}.`;
  const lines = bad
    .slice(0, MOST_NAMED)
    .map((one) => `- **${named(one.service)}** is ${one.state}: ${listWords(one.reasons.map(({ sign }) => reasonWords(sign, one)))}.`);
  const left = bad.length - MOST_NAMED;
  if (left > 0) lines.push(`- ${left} more ${left === 1 ? "is" : "are"} not green; the table has ${left === 1 ? "it" : "them"}.`);
  return [heading, ...(lines.length > 0 ? ["", ...lines] : [" Nothing stands out."]), "", `_${LIMIT_WORDS}_`]
    .join("\n")
    .replace("\n Nothing", " Nothing");
}

function counts(services: readonly Judged[]): [State, number][] {
  return (["red", "amber", "green", "unknown"] as const)
    .map((state): [State, number] => [state, services.filter((s) => s.state === state).length])
    .filter(([, n]) => n > 0);
}

function reasonWords(sign: Verdict["reasons"][number]["sign"], { now, before, days, open }: Judged): string {
  const was = (value: number | null, show: (v: number) => string) => (value === null ? "" : ` (${show(value)} before)`);
  if (sign === "error rate") return `${formatPercent(now.errorRate ?? 0)} of requests fail${was(before.errorRate, formatPercent)}`;
  if (sign === "p95") return `p95 latency ${milliseconds(now.p95 ?? 0)}${was(before.p95, milliseconds)}`;
  if (sign === "Apdex") return `Apdex ${formatNumber(now.apdex ?? 0)}${was(before.apdex, formatNumber)}`;
  if (sign === "traffic") return `${formatNumber(now.requests ?? 0)} requests${was(before.requests, formatNumber)}`;
  if (sign === "incident" && open) {
    const titles = open.slice(0, 2).map(({ id, title }) => `“${cut(named(title ?? id), NAME_LIMIT)}”`);
    return `${open.length} open ${open.length === 1 ? "incident" : "incidents"} (${listWords(titles)}${open.length > 2 ? " …" : ""})`;
  }
  const worst = days.toSorted((a, b) => b.value - a.value)[0];
  return worst ? `${formatPercent(worst.value)} of requests failed on ${formatDay(worst.day)}` : "a bad day";
}

export function healthKpis(services: readonly Judged[], elsewhere: number | null): KpisBlock {
  const open = elsewhere === null ? undefined : services.reduce((sum, one) => sum + (one.open?.length ?? 0), 0) + elsewhere;
  const tones = { red: "bad", amber: "neutral", green: "good", unknown: "neutral" } as const;
  return {
    type: "kpis",
    items: [
      ...counts(services).map(([state, n]) => ({ label: state, value: formatNumber(n), tone: tones[state] })),
      ...(open === undefined
        ? [{ label: "open incidents", value: "not known" }]
        : [{ label: "open incidents", value: formatNumber(open), tone: open > 0 ? ("bad" as const) : ("good" as const) }]),
    ],
  };
}

export function healthTable(services: readonly Judged[]): TableBlock {
  return {
    type: "table",
    title: "Services, the worst first",
    columns: [
      { label: "service", type: "text" },
      { label: "state", type: "text" },
      { label: "error rate", type: "percent" },
      { label: "before", type: "percent" },
      { label: "p95", type: "number", unit: "ms" },
      { label: "before", type: "number", unit: "ms" },
      { label: "Apdex", type: "number" },
      { label: "requests", type: "number" },
      { label: "change", type: "percent" },
      { label: "incidents", type: "number" },
      { label: "open", type: "number" },
      { label: "source", type: "text" },
    ],
    rows: services.map(({ service, state, now, before, open, incidents, sources }) => [
      named(service),
      state,
      now.errorRate,
      before.errorRate,
      now.p95 === null ? null : Math.round(now.p95),
      before.p95 === null ? null : Math.round(before.p95),
      now.apdex,
      now.requests,
      now.requests === null || before.requests === null || before.requests <= 0 ? null : now.requests / before.requests - 1,
      incidents,
      open?.length ?? null,
      sources.join(", "),
    ]),
  };
}

export function named(name: string): string {
  return plainWords(name.replace(/[\p{C}\s]+/gu, " ").trim()).replaceAll("*", "∗");
}

function milliseconds(ms: number): string {
  return ms >= 1_000 ? `${formatNumber(Math.round(ms / 10) / 100)} s` : `${formatNumber(Math.round(ms))} ms`;
}
