import { addDays, addUnits, endOf, fromInstant, startOf } from "../../../core/civil-date.ts";
import type { CivilDate, Period } from "../../../core/fact.ts";
import type { Feed, FeedQuery } from "../../../core/feed.ts";
import { clip, formatDay, formatPeriod } from "../../../core/period.ts";
import { listWords } from "../../../core/text.ts";
import { UserError } from "../../../errors.ts";
import { sameWhileEqual } from "../../same-while-equal.ts";
import type { AwsClient } from "../client.ts";
import { addUp } from "./add-up.ts";
import { ACCOUNT, DIMENSIONS, type Dimension, NOT_SET } from "./dimensions.ts";
import type { Explorer, Meter } from "./explorer.ts";
import type { Knowledge } from "./knowledge.ts";
import { planOf } from "./plan.ts";
import { readParts } from "./read-parts.ts";
import { costReceipt } from "./receipt.ts";
import { firstDay, lastDay, olderMonths } from "./windows.ts";

const MEASURES = [
  { name: "cost", metric: "UnblendedCost" },
  { name: "amortized_cost", metric: "AmortizedCost" },
  { name: "net_cost", metric: "NetUnblendedCost" },
] as const;
const NAME = "aws";
const MOST_BY = 3;

/**
 * What AWS cost, from Cost Explorer. `cost` is as billed on the day (unblended); `amortized_cost` spreads prepaid commitments;
 * `net_cost` is after private discounts. Days are UTC, the running day is left out: it is not over.
 */
export function costFeed(client: AwsClient, explorer: Explorer, knowledge: Knowledge): Feed {
  let counter = 0;
  const today = () => fromInstant(client.now());

  async function dimensionsFor({ by = [], filter = {} }: FeedQuery, meter: Meter, signal: AbortSignal): Promise<readonly Dimension[]> {
    const names = [...by, ...Object.keys(filter)];
    const plain = names.every((name) => DIMENSIONS.some((dimension) => dimension.name === name));
    return plain ? DIMENSIONS : knowledge.dimensions(meter, signal);
  }

  /** The parts of the period that can be had, and words for those that cannot. */
  async function reach(period: Period, { grain }: FeedQuery, meter: Meter, signal: AbortSignal): Promise<Reach> {
    const days = clip(period, { from: firstDay(today()), to: lastDay(today()) });
    const before = clip(period, olderMonths(today()));
    if (!before) return { days, left: [] };
    const { from, keepsYears } = await knowledge.beginning(meter, signal);
    const older = keepsYears && from !== undefined && from <= before.to ? clip(before, { from, to: before.to }) : undefined;
    if (!older) return { days, left: [] };
    if (grain === "day" || grain === "week")
      return { days, left: [`${formatPeriod(older)}: AWS keeps single days only since ${formatDay(firstDay(today()))}`] };
    const months = wholeMonths(older);
    const edges = [
      ...(months && months.from > older.from ? [{ from: older.from, to: addDays(months.from, -1) }] : []),
      ...(months && months.to < older.to ? [{ from: addDays(months.to, 1), to: older.to }] : []),
      ...(months ? [] : [older]),
    ];
    return { days, months, left: edges.map((edge) => `${formatPeriod(edge)}: AWS keeps only whole months that old`) };
  }

  return {
    name: NAME,
    kind: "costs",
    withoutPeriod: "recent",
    splitsAtOnce: 2,

    async query(query, signal) {
      signal.throwIfAborted();
      const meter: Meter = { requests: 0 };
      const measure = measureOf(query.measure);
      const all = await dimensionsFor(query, meter, signal);
      const by = [...new Set(query.by ?? [])].map((name) => dimensionOf(name, all));
      if (by.length > MOST_BY)
        throw new UserError(`AWS costs can be split by ${MOST_BY} dimensions at once, not by ${by.length}. Leave some out.`, {
          path: "by",
        });
      const filters = Object.entries(query.filter ?? {}).map(([name, values]) => ({ dimension: dimensionOf(name, all), values }));
      const period = query.period ?? (await coversOf(knowledge, today(), meter, signal));
      const { days, months, left } = await reach(period, query, meter, signal);
      // Accounts are filtered by name, and names come with the description's values; three dimensions are planned by their sizes.
      if (by.length > 2 || filters.some(({ dimension }) => dimension.name === ACCOUNT.name)) await knowledge.described(meter, signal);
      const known = { cardinality: knowledge.cardinality, raw: knowledge.rawOf };
      const plan = planOf(by, filters, known);
      const loop = filters.find(({ dimension }) => dimension === plan.loop);
      const impossible = plan.only.some(({ values, orNone }) => values.length === 0 && !orNone);
      const parts = impossible
        ? []
        : await readParts(
            explorer,
            {
              ...{ metric: measure.metric, plan, days, months, grain: query.grain, today: today(), known },
              ...(loop
                ? { loopValues: loop.values.flatMap((value) => (value === NOT_SET ? [value] : knowledge.rawOf(loop.dimension, value))) }
                : {}),
            },
            meter,
            signal,
          );
      const facts = addUp(parts, { measure: measure.name, by, filters, grain: query.grain, period, labelOf: knowledge.labelOf });
      counter += 1;
      const asked = { id: `${NAME}-${counter}`, measure, query, period, requests: meter.requests, left };
      return { facts, receipts: [costReceipt(client, parts, asked, today())] };
    },

    describe: sameWhileEqual(async (signal, detail) => {
      signal.throwIfAborted();
      const meter: Meter = { requests: 0 };
      const named = async () => (await knowledge.dimensions(meter, signal)).map(({ name }) => ({ name, values: [], more: true }));
      const [{ from }, dimensions] = await Promise.all([
        knowledge.beginning(meter, signal),
        detail === "names" ? named() : knowledge.described(meter, signal),
      ]);
      return {
        title: "AWS costs",
        measures: MEASURES.map(({ name }) => ({ name, unit: "currency" })),
        dimensions,
        ...(from === undefined ? {} : { covers: { from, to: lastDay(today()) } }),
      };
    }),
  };
}

interface Reach {
  days: Period | undefined;
  months?: Period | undefined;
  left: readonly string[];
}

/** The calendar months that lie whole in the period. */
function wholeMonths({ from, to }: Period): Period | undefined {
  const first = startOf("month", from) === from ? from : addUnits("month", startOf("month", from), 1);
  const last = endOf("month", to) === to ? to : addDays(startOf("month", to), -1);
  return first <= last ? { from: first, to: last } : undefined;
}

async function coversOf(knowledge: Knowledge, today: CivilDate, meter: Meter, signal: AbortSignal): Promise<Period> {
  const { from } = await knowledge.beginning(meter, signal);
  return { from: from ?? firstDay(today), to: lastDay(today) };
}

function measureOf(wanted: string | undefined): (typeof MEASURES)[number] {
  const found = wanted === undefined ? MEASURES[0] : MEASURES.find(({ name }) => name === wanted);
  if (found) return found;
  throw new UserError(`AWS has no measure “${wanted}”. It has ${listWords(MEASURES.map(({ name }) => name))}.`, { path: "measure" });
}

function dimensionOf(wanted: string, known: readonly Dimension[]): Dimension {
  const found = known.find(({ name }) => name === wanted);
  if (found) return found;
  throw new UserError(
    `AWS costs have no dimension “${wanted}”. They have ${listWords(
      known.map(({ name }) => name),
      15,
    )}.`,
    { path: "by" },
  );
}
