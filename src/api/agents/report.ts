import { formatNumber } from "../../core/format.ts";
import { formatPeriod } from "../../core/period.ts";
import type { AgentFigures, AgentMetrics } from "../../records/agents/index.ts";
import type { PdfLine } from "./pdf.ts";

const HEADINGS = ["date", "messages", "responses", "errors", "avg ms", "tokens", "feedback", "users", "cost USD"] as const;
/** In letters; together they fill the width between the margins. */
const WIDTHS = [26, 9, 10, 8, 9, 14, 9, 7, 13] as const;

/** The daily figures of an agent on paper; a dash is a missing value. */
export function reportLines({ agent, period, days, models, total }: AgentMetrics, notes: readonly string[]): PdfLine[] {
  const row = (name: string, figures: AgentFigures, users: number | null, style: "row" | "sum" = "row"): PdfLine => ({
    style,
    text: cells(name, figures, users),
  });
  return [
    { style: "heading", text: `AI agent ${agent}` },
    { text: `${formatPeriod(period)}, days in UTC` },
    { text: "" },
    { style: "head", text: pad(HEADINGS) },
    ...days.map((day) => row(day.date, day, day.uniqueUsers)),
    ...(days.length === 0 ? [{ text: "No events in these days." }] : [row("total", total, null, "sum")]),
    ...(models.length > 0 ? [{ text: "" }, { style: "head" as const, text: pad(["by model", ...HEADINGS.slice(1)]) }] : []),
    ...models.map((model) => row(model.model ?? "(not named)", model, null)),
    { text: "" },
    ...notes.flatMap((note) => wrap(note)).map((text) => ({ text })),
  ];
}

function cells(name: string, figures: AgentFigures, users: number | null): string {
  const { messages, responses, errors, averageResponseTimeMs, tokens, averageFeedback, cost } = figures;
  const numbers = [messages, responses, errors, averageResponseTimeMs && Math.round(averageResponseTimeMs), tokens, averageFeedback, users];
  return pad([name, ...numbers.map((n) => (n === null ? "-" : formatNumber(n))), cost === null ? "-" : cost.toFixed(4)]);
}

function pad(texts: readonly string[]): string {
  return texts.map((text, i) => (i === 0 ? text.slice(0, WIDTHS[0] - 1).padEnd(WIDTHS[0]) : text.padStart(WIDTHS[i] ?? 0))).join("");
}

const LINE = 95;

function wrap(text: string): string[] {
  return text.match(new RegExp(`.{1,${LINE}}(?:\\s|$)|.{1,${LINE}}`, "g")) ?? [];
}
