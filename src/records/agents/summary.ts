import type { CivilDate } from "../../core/fact.ts";
import type { AgentDayRow } from "../../storage/schema.ts";
import { DAY_SUMS } from "./rows.ts";

/** One day (UTC) of an agent, or one model of it. null is missing: nobody said, which is not zero. */
export interface AgentFigures {
  events: number;
  messages: number;
  responses: number;
  errors: number;
  /** Milliseconds, over the events that have one. */
  averageResponseTimeMs: number | null;
  tokens: number | null;
  /** null too when none were counted: who said so cannot be told from who said nothing. */
  inputTokens: number | null;
  outputTokens: number | null;
  averageFeedback: number | null;
  /** How many events have feedback. */
  ratings: number;
  /** US dollars of the events whose cost is known. */
  cost: number | null;
  /** Events with tokens whose cost is not known: the model has no price here, or its tokens are not split into input and output. */
  withoutCost: number;
}

export interface AgentDay extends AgentFigures {
  date: CivilDate;
  /** null when no event named its user. */
  uniqueUsers: number | null;
}

export interface AgentModel extends AgentFigures {
  /** null: events that named none. */
  model: string | null;
}

/** What figures are made of. */
export type Sums = Pick<AgentDayRow, (typeof DAY_SUMS)[number]>;

export function figuresOf(rows: readonly Sums[]): AgentFigures {
  const sum = Object.fromEntries(
    DAY_SUMS.map((name) => [name, rows.reduce((total, row) => total + Number(row[name]), 0)]),
  ) as unknown as Sums;
  return {
    events: sum.events,
    messages: sum.messages,
    responses: sum.responses,
    errors: sum.errors,
    averageResponseTimeMs: sum.timed > 0 ? round(sum.response_ms / sum.timed, 3) : null,
    tokens: sum.counted > 0 ? sum.tokens : null,
    inputTokens: sum.input_tokens > 0 ? sum.input_tokens : null,
    outputTokens: sum.output_tokens > 0 ? sum.output_tokens : null,
    averageFeedback: sum.rated > 0 ? round(sum.feedback / sum.rated, 4) : null,
    ratings: sum.rated,
    cost: sum.priced > 0 ? sum.cost_nano / 1e9 : null,
    withoutCost: Math.max(0, sum.counted - sum.priced),
  };
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
