import { fromInstant, startOf, toInstant } from "../../core/civil-date.ts";
import type { Fact, Period, Receipt } from "../../core/fact.ts";
import type { Feed, FeedDescription, FeedQuery, RecordQuery } from "../../core/feed.ts";
import { ALL_TIME } from "../../core/period.ts";
import type { FeedRecord } from "../../core/records.ts";
import { listWords } from "../../core/text.ts";
import { UserError } from "../../errors.ts";
import type { Database } from "../../storage/database.ts";
import type { AgentDayRow } from "../../storage/schema.ts";
import { OWN_AGENT } from "./event.ts";
import { AGENT_FEED } from "./feed-name.ts";
import { readOwnAgent, readOwnDays } from "./own-turns.ts";
import { PRICES_AS_OF } from "./prices.ts";
import { figuresOf } from "./summary.ts";

interface Measure {
  name: string;
  unit: string;
  aggregate?: "mean";
  sum(row: AgentDayRow): number;
  /** How many events the sum is of; a row with none has no such value. */
  of(row: AgentDayRow): number;
}

/**
 * Named apart from what a vendor bills: the tokens an agent reports are most often on a vendor's bill too, and must not be added to it.
 */
const MEASURES: readonly Measure[] = [
  { name: "agent_tokens", unit: "tokens", sum: (row) => row.tokens, of: (row) => row.counted },
  { name: "estimated_cost", unit: "USD", sum: (row) => row.cost_nano / 1e9, of: (row) => row.priced },
  { name: "agent_messages", unit: "count", sum: (row) => row.messages, of: (row) => row.events },
  { name: "agent_responses", unit: "count", sum: (row) => row.responses, of: (row) => row.events },
  { name: "agent_errors", unit: "count", sum: (row) => row.errors, of: (row) => row.events },
  { name: "response_time", unit: "ms", aggregate: "mean", sum: (row) => row.response_ms, of: (row) => row.timed },
  { name: "feedback", unit: "points", aggregate: "mean", sum: (row) => row.feedback, of: (row) => row.rated },
];
const DIMENSIONS = ["agent", "model"] as const;

/** What agents reported, by UTC day, Firstmate's own answers among them. One record is one agent's day. */
export function agentFeed(database: Database, now: () => Date): Feed {
  const { kysely } = database;

  async function load(period: Period, filter: FeedQuery["filter"], signal: AbortSignal): Promise<readonly AgentDayRow[]> {
    signal.throwIfAborted();
    const kept = await kysely.selectFrom("agent_days").selectAll().where("day", ">=", period.from).where("day", "<=", period.to).execute();
    const own = await readOwnDays(kysely, period);
    const wanted = Object.entries(filter ?? {}).map(([name, values]) => ({ label: labelOf(name), values }));
    return [...kept, ...own.rows]
      .map(numbered)
      .filter((row) => wanted.every(({ label, values }) => values.includes(label(row) ?? NOT_SET)))
      .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  }

  async function covers(): Promise<Period | undefined> {
    const kept = await kysely
      .selectFrom("agent_days")
      .select((eb) => [eb.fn.min("day").as("from"), eb.fn.max("day").as("to")])
      .executeTakeFirst();
    const own = await readOwnAgent(kysely);
    const first = [kept?.from, own && fromInstant(new Date(own.first_event_at))].filter((day) => !!day).sort()[0];
    const last = [kept?.to, own && fromInstant(new Date(own.last_event_at))]
      .filter((day) => !!day)
      .sort()
      .at(-1);
    return first && last ? { from: first, to: last } : undefined;
  }

  function receipt(what: string, period: Period | undefined, rows: readonly AgentDayRow[]): Receipt {
    const today = fromInstant(now());
    const { cost, withoutCost } = figuresOf(rows);
    return {
      id: `agent-events-${what.replace(/\W+/g, "-")}`,
      source: "agent events",
      query: `${what}, by UTC day`,
      ...(period ? { window: period } : {}),
      fetchedAt: now(),
      status: "live",
      ...(rows.some(({ day }) => day >= today) ? { provisional: `since ${today}` } : {}),
      ...(/cost|days/.test(what) && (cost !== null || withoutCost > 0) ? { notes: costNotes(withoutCost) } : {}),
    };
  }

  return {
    name: AGENT_FEED,
    kind: "ai_usage",
    withoutPeriod: "recent",

    async describe(signal, detail = "values"): Promise<FeedDescription> {
      signal.throwIfAborted();
      const reach = await covers();
      const rows = detail === "values" && reach ? await load(reach, {}, signal) : [];
      const values = (name: string) => [...new Set(rows.flatMap((row) => labelOf(name)(row) ?? []))];
      return {
        title: "What AI agents reported",
        measures: MEASURES.map(({ name, unit, aggregate }) => ({ name, unit, ...(aggregate ? { aggregate } : {}) })),
        dimensions: DIMENSIONS.map((name) => ({ name, values: values(name), more: detail === "names" })),
        ...(reach ? { covers: reach } : {}),
      };
    },

    async query(query, signal) {
      const measure = measureOf(query.measure);
      const by = (query.by ?? []).map((name) => ({ name, label: labelOf(name) }));
      const rows = await load(query.period ?? ALL_TIME, query.filter, signal);
      const what = `${measure.name}${query.by?.length ? ` by ${listWords(query.by)}` : ""}`;
      const first = query.period?.from ?? rows[0]?.day;
      const facts = first === undefined ? [] : factsOf(rows, measure, { by, first, grain: query.grain });
      return { facts, receipts: [receipt(what, query.period, rows)] };
    },

    async records({ period = ALL_TIME, filter }: RecordQuery, signal) {
      const rows = await load(period, filter, signal);
      const users = await usersOf(period);
      const days = Map.groupBy(rows, (row) => `${row.agent_id}/${row.day}`);
      const records = [...days].map(([id, some]) => recordOf(id, some, users.get(id)));
      return { records, receipts: [receipt("days of each agent", period === ALL_TIME ? undefined : period, rows)] };
    },
  };

  /** "agent/day" → how many people used it. */
  async function usersOf(period: Period): Promise<ReadonlyMap<string, number>> {
    const counted = await kysely
      .selectFrom("agent_day_user_counts")
      .selectAll()
      .where("day", ">=", period.from)
      .where("day", "<=", period.to)
      .execute();
    const own = await readOwnDays(kysely, period);
    return new Map([
      ...counted.map(({ agent_id, day, users }): [string, number] => [`${agent_id}/${day}`, users]),
      ...[...own.users].map(([day, users]): [string, number] => [`${OWN_AGENT}/${day}`, users]),
    ]);
  }
}

function costNotes(withoutCost: number): string[] {
  return [
    `Cost is estimated from list prices of ${PRICES_AS_OF} where the agent did not give it.`,
    ...(withoutCost > 0 ? [`For ${withoutCost} of the events with tokens no cost is known; they are not in it.`] : []),
  ];
}

/** What a filter calls a missing label. */
const NOT_SET = "(not set)";

function labelOf(name: string): (row: AgentDayRow) => string | undefined {
  if (name === "agent") return (row) => row.agent_id;
  if (name === "model") return (row) => row.model || undefined;
  throw new UserError(`${AGENT_FEED} has no dimension “${name}”. It has ${listWords(DIMENSIONS)}.`, { path: "by" });
}

function measureOf(wanted: string | undefined): Measure {
  const found = MEASURES.find(({ name }, i) => (wanted === undefined ? i === 0 : name === wanted));
  if (found) return found;
  throw new UserError(`${AGENT_FEED} has no measure “${wanted}”. It has ${listWords(MEASURES.map(({ name }) => name))}.`, {
    path: "measure",
  });
}

/** PostgreSQL gives some sums as text. */
function numbered(row: AgentDayRow): AgentDayRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, ["agent_id", "day", "model"].includes(name) ? value : Number(value)]),
  ) as unknown as AgentDayRow;
}

interface Split {
  by: readonly { name: string; label(row: AgentDayRow): string | undefined }[];
  first: string;
  grain: FeedQuery["grain"];
}

/** One fact per bucket and combination of labels; none where nobody said such a value. */
function factsOf(rows: readonly AgentDayRow[], measure: Measure, { by, first, grain }: Split): Fact[] {
  const groups = Map.groupBy(
    rows.filter((row) => measure.of(row) > 0),
    (row) => JSON.stringify([grain ? startOf(grain, row.day) : first, ...by.map(({ label }) => label(row) ?? null)]),
  );
  const facts = [...groups].map(([key, some]): Fact => {
    const [day = first, ...values] = JSON.parse(key) as string[];
    const labels = Object.fromEntries(by.flatMap(({ name }, i) => (values[i] === null ? [] : [[name, String(values[i])]])));
    const sum = some.reduce((total, row) => total + measure.sum(row), 0);
    const of = some.reduce((total, row) => total + measure.of(row), 0);
    const shared = { at: toInstant(day), measure: measure.name, unit: measure.unit, labels };
    return measure.aggregate === "mean" ? { ...shared, value: sum / of, average: true } : { ...shared, value: sum };
  });
  return facts.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** An agent's day; the sums stand beside how many events they are of, so that days can be put together. */
function recordOf(id: string, rows: readonly AgentDayRow[], users: number | undefined): FeedRecord {
  const { agent_id: agent = "", day = "" } = rows[0] ?? {};
  const sum = (of: (row: AgentDayRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const known = { tokens: sum((r) => r.counted), cost: sum((r) => r.priced) };
  const at = toInstant(day);
  return {
    id,
    at,
    title: agent,
    labels: { agent },
    numbers: {
      events: sum((r) => r.events),
      messages: sum((r) => r.messages),
      responses: sum((r) => r.responses),
      errors: sum((r) => r.errors),
      response_ms: sum((r) => r.response_ms),
      timed: sum((r) => r.timed),
      feedback: sum((r) => r.feedback),
      rated: sum((r) => r.rated),
      ...(known.tokens > 0 ? { tokens: sum((r) => r.tokens) } : {}),
      ...(known.cost > 0 ? { cost: sum((r) => r.cost_nano) / 1e9 } : {}),
      ...(users === undefined ? {} : { users }),
    },
    times: { day: at },
  };
}
