import { dropNul } from "../../storage/bind.ts";
import type { AgentDayRow, AgentEventRow } from "../../storage/schema.ts";
import type { AgentEvent } from "./event.ts";
import { costNano } from "./price.ts";

/** An event as its row. NUL characters, which no database keeps, are dropped. */
export function rowOf(agent: string, event: AgentEvent, receivedAt: Date): AgentEventRow {
  const text = (value: string | undefined) => (value === undefined ? null : dropNul(value));
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, metadata } = event;
  const cached = {
    ...(cacheReadTokens === undefined ? {} : { cacheReadTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
  };
  const rest = { ...metadata, ...cached };
  const sum = inputTokens === undefined && outputTokens === undefined ? undefined : (inputTokens ?? 0) + (outputTokens ?? 0);
  return {
    agent_id: agent,
    id: event.id,
    at: event.at.toISOString(),
    type: event.type,
    model: text(event.model),
    user_id: text(event.userId),
    response_ms: event.responseTimeMs ?? null,
    tokens: event.tokens ?? sum ?? null,
    input_tokens: inputTokens ?? null,
    output_tokens: outputTokens ?? null,
    cost_nano: costNano(event) ?? null,
    feedback: event.feedback ?? null,
    error: text(event.error),
    content: text(event.content),
    metadata: Object.keys(rest).length > 0 ? JSON.stringify(rest) : null,
    received_at: receivedAt.toISOString(),
  };
}

/** The sums of events per agent, day and model; what is added to the table in the transaction that stores them. */
export function daysOf(rows: readonly AgentEventRow[]): AgentDayRow[] {
  const days = new Map<string, AgentDayRow>();
  for (const row of rows) {
    // Times are kept in UTC, as text.
    const day = row.at.slice(0, 10);
    const key = JSON.stringify([row.agent_id, day, row.model]);
    const sum = days.get(key) ?? { ...NOTHING, agent_id: row.agent_id, day, model: row.model ?? "" };
    days.set(key, sum);
    add(sum, row);
  }
  // In one order everywhere, so that two processes that add to the same days wait for each other instead of blocking each other.
  return [...days.values()].sort((a, b) => compare(a.agent_id, b.agent_id) || compare(a.day, b.day) || compare(a.model, b.model));
}

export const DAY_SUMS = [
  "events",
  "messages",
  "responses",
  "errors",
  "response_ms",
  "timed",
  "tokens",
  "counted",
  "input_tokens",
  "output_tokens",
  "cost_nano",
  "priced",
  "feedback",
  "rated",
] as const satisfies readonly (keyof AgentDayRow)[];

const NOTHING = Object.fromEntries(DAY_SUMS.map((name) => [name, 0])) as Record<(typeof DAY_SUMS)[number], number>;

function add(sum: AgentDayRow, row: AgentEventRow): void {
  sum.events += 1;
  if (row.type === "message") sum.messages += 1;
  if (row.type === "response") sum.responses += 1;
  if (row.type === "error" || row.error !== null) sum.errors += 1;
  sum.response_ms += row.response_ms ?? 0;
  sum.timed += row.response_ms === null ? 0 : 1;
  sum.tokens += row.tokens ?? 0;
  sum.counted += row.tokens === null ? 0 : 1;
  sum.input_tokens += row.input_tokens ?? 0;
  sum.output_tokens += row.output_tokens ?? 0;
  sum.cost_nano += row.cost_nano ?? 0;
  sum.priced += row.cost_nano === null ? 0 : 1;
  sum.feedback += row.feedback ?? 0;
  sum.rated += row.feedback === null ? 0 : 1;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
