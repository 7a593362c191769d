import { priceOf } from "../records/agents/price.ts";
import type { Judgement } from "./judge.ts";

export type Mode = "deterministic" | "scripted" | "model";

export interface Attempt extends Judgement {
  file: string;
  id: string;
  question: string;
  answer: string;
  ms: number;
  usage?: { model: string; inputTokens: number; outputTokens: number; cachedTokens: number };
}

export interface Skipped {
  file: string;
  id: string;
  why: string;
}

export interface Report {
  mode: Mode;
  cases: number;
  /** Cases of which every phrasing was right. */
  casesRight: number;
  questions: number;
  /** Shares of the questions, 0 to 1. */
  accuracy: number;
  falseConfidence: number;
  unanswered: number;
  /** Share of the figures in texts that a source stands behind; null without figures. */
  grounded: number | null;
  /** US dollars at list price; null where the model's price is not known. */
  cost: number | null;
  tokens: { input: number; output: number; cached: number };
  /** Milliseconds. */
  latency: { median: number; p95: number };
  skipped: readonly Skipped[];
  missed: readonly Attempt[];
}

/** Sums up. `day` is the day whose list prices hold. */
export function sumUp(mode: Mode, attempts: readonly Attempt[], skipped: readonly Skipped[], day: string): Report {
  const share = (outcome: Judgement["outcome"]) => attempts.filter((a) => a.outcome === outcome).length / Math.max(1, attempts.length);
  const cases = Map.groupBy(attempts, ({ id }) => id);
  const figures = total(attempts.map((a) => a.figures));
  const used = attempts.flatMap(({ usage }) => (usage ? [usage] : []));
  const times = attempts.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (quantile: number) => Math.round(times[Math.min(times.length - 1, Math.floor(quantile * times.length))] ?? 0);
  return {
    mode,
    cases: cases.size,
    casesRight: [...cases.values()].filter((of) => of.every(({ outcome }) => outcome === "right")).length,
    questions: attempts.length,
    accuracy: share("right"),
    falseConfidence: share("wrong"),
    unanswered: share("unanswered"),
    grounded: figures === 0 ? null : total(attempts.map((a) => a.grounded)) / figures,
    cost: costOf(used, day),
    tokens: {
      input: total(used.map((u) => u.inputTokens)),
      output: total(used.map((u) => u.outputTokens)),
      cached: total(used.map((u) => u.cachedTokens)),
    },
    latency: { median: at(0.5), p95: at(0.95) },
    skipped,
    missed: attempts.filter(({ outcome }) => outcome !== "right"),
  };
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function costOf(used: readonly NonNullable<Attempt["usage"]>[], day: string): number | null {
  let dollars = 0;
  for (const { model, inputTokens, outputTokens, cachedTokens } of used) {
    const price = priceOf(model, day);
    if (!price) return null;
    dollars += ((inputTokens - cachedTokens) * price.input + cachedTokens * price.cacheRead + outputTokens * price.output) / 1e6;
  }
  return dollars;
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
const SHOWN = 160;

/** For a terminal. `isWhole` tells every answer that was missed, else its first words. */
export function reportText(report: Report, isWhole: boolean): string {
  const { latency, tokens, missed, skipped } = report;
  const cut = (text: string) => {
    const line = text.replace(/\s+/g, " ");
    return isWhole || line.length <= SHOWN ? line : `${line.slice(0, SHOWN)}…`;
  };
  return [
    ...missed.flatMap((a) => [
      `${a.outcome === "wrong" ? "WRONG" : "no answer"}  ${a.file}/${a.id}: ${a.question}`,
      ...a.problems.map((problem) => `    ${problem}`),
      `    said: ${cut(a.answer)}`,
    ]),
    ...[...Map.groupBy(skipped, ({ why }) => why)].map(
      ([why, of]) => `skipped, ${why}: ${of.map(({ file, id }) => `${file}/${id}`).join(", ")}`,
    ),
    "",
    `agent              ${report.mode}`,
    `cases              ${report.casesRight} of ${report.cases} right in every phrasing${skipped.length ? `; ${skipped.length} skipped` : ""}`,
    `questions          ${report.questions}`,
    `accuracy           ${percent(report.accuracy)}`,
    `false confidence   ${percent(report.falseConfidence)}`,
    `unanswered         ${percent(report.unanswered)}`,
    `grounded figures   ${report.grounded === null ? "no figures" : percent(report.grounded)}`,
    `cost               ${report.cost === null ? "price not known" : `${report.cost.toFixed(4)} USD`}`,
    `tokens             ${tokens.input} in (${tokens.cached} cached), ${tokens.output} out`,
    `latency            median ${latency.median} ms, 95% within ${latency.p95} ms`,
  ].join("\n");
}
