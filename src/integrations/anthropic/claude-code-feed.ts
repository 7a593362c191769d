import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { CivilDate, Period } from "../../core/fact.ts";
import type { Feed, FeedDescription } from "../../core/feed.ts";
import { listWords } from "../../core/text.ts";
import { UserError } from "../../errors.ts";
import { addUp, type DayRow, dimensionsIn, type Measure, measureOf, valuesOf } from "./add-up.ts";
import { byModel, type ClaudeCodeLog, type CodingReading, type CodingRow, reachOf } from "./claude-code-log.ts";
import type { AnthropicClient } from "./client.ts";
import { receiptOf } from "./receipts.ts";

/** A row with one of its costs: a day may have several models and, in principle, currencies. */
type Row = Omit<CodingRow, "costs"> & DayRow & { cost?: CodingRow["costs"][number] | undefined };

const SOURCE = "Claude Code";
const DIMENSIONS = ["person", "terminal", "billing", "model"];
const DESCRIBED_DAYS = 30;
const COST = "estimated_cost";
/** The organisation's cost holds what Claude Code costs by API: under the same name, the two would be added. */
const COST_NOTE =
  "Estimated by Anthropic at list price. What is billed by API is part of the organisation’s cost, so the two are not to be added.";

const MEASURES: readonly Measure<Row>[] = [
  { name: "sessions", unit: "count", of: ({ sessions }) => ({ value: sessions }) },
  { name: "lines_added", unit: "lines", of: ({ linesAdded }) => ({ value: linesAdded }) },
  { name: "lines_removed", unit: "lines", of: ({ linesRemoved }) => ({ value: linesRemoved }) },
  { name: "commits", unit: "count", of: ({ commits }) => ({ value: commits }) },
  { name: "pull_requests", unit: "count", of: ({ pullRequests }) => ({ value: pullRequests }) },
  { name: "acceptance", unit: "ratio", aggregate: "mean", of: ({ accepted, proposed }) => ({ value: accepted, of: proposed }) },
  { name: COST, unit: "currency", of: ({ cost }) => cost },
];

/** What people do with Claude Code, by UTC day. */
export function claudeCodeFeed(client: AnthropicClient, read: ClaudeCodeLog): Feed {
  const today = () => fromInstant(client.now());
  let described: { text: string; about: FeedDescription } | undefined;

  function describe(dimensions: FeedDescription["dimensions"]): FeedDescription {
    const about: FeedDescription = {
      title: "Claude Code",
      measures: MEASURES.map(({ name, unit, aggregate }) => ({ name, unit, ...(aggregate ? { aggregate } : {}) })),
      dimensions,
      covers: reachOf(today()),
    };
    const text = JSON.stringify(about);
    if (described?.text !== text) described = { text, about };
    return described.about;
  }

  return {
    name: "claude_code",
    kind: "ai_usage",
    withoutPeriod: "recent",

    async query(query, signal) {
      signal.throwIfAborted();
      const measure = measureOf(SOURCE, MEASURES, query.measure);
      const asked = dimensionsIn(SOURCE, DIMENSIONS, query);
      if (asked.includes("model") && measure.name !== COST)
        throw new UserError(
          `Claude Code tells only its estimated_cost by model, not its ${measure.name}. Ask for the cost, or without the model.`,
          {
            path: "by",
          },
        );
      const period = query.period ?? reachOf(today());
      const reading = await read(period, signal);
      const rows = measure.name === COST ? byModel(reading.rows).map(withCost) : reading.rows;
      const words = `Claude Code ${measure.name}${query.by?.length ? ` by ${listWords(query.by)}` : ""}`;
      return { facts: addUp(rows, measure, query, period), receipts: [codingReceipt(client, reading, words, measure.name, period)] };
    },

    async describe(signal, detail = "values") {
      signal.throwIfAborted();
      if (detail === "names") return describe(DIMENSIONS.map((name) => ({ name, values: [], more: true })));
      const { rows } = await read({ from: addDays(today(), -DESCRIBED_DAYS), to: today() }, signal);
      const all: DayRow[] = [...rows, ...byModel(rows)];
      // Values of earlier days are not looked up, so there may always be more.
      return describe(DIMENSIONS.map((name) => ({ name, values: valuesOf(all, name, () => 1), more: true })));
    },
  };
}

function withCost({ costs, ...row }: CodingRow): Row {
  return { ...row, cost: costs[0] };
}

/** Shared by the feed and the tool. */
export function codingReceipt(client: AnthropicClient, reading: CodingReading, query: string, what: string, window: Period) {
  const since = provisionalSince(window, fromInstant(client.now()));
  return receiptOf(
    client,
    {
      ...{ what: `claude-code-${what}`, source: "Claude Code analytics", query, window, path: "/claude-code" },
      ...{ provisional: since, truncated: reading.truncated, notes: what === COST ? [COST_NOTE] : [] },
    },
    reading.parts,
  );
}

/** Today is not over, and figures come an hour late. */
function provisionalSince({ to }: Period, today: CivilDate): CivilDate | undefined {
  return to >= today ? today : undefined;
}
