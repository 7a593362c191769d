import { addUnits, fromInstant } from "../../../core/civil-date.ts";
import type { CivilDate, Period } from "../../../core/fact.ts";
import type { DimensionDescription } from "../../../core/feed.ts";
import { VendorError } from "../../../errors.ts";
import type { AwsClient } from "../client.ts";
import { type CostTable, stepsWithCosts, valuesOf } from "./cost-table.ts";
import { ACCOUNT, DIMENSIONS, type Dimension, tagDimensions, USAGE_TYPE } from "./dimensions.ts";
import { type CostQuestion, type Explorer, KEEP_CLOSED, type Meter } from "./explorer.ts";
import { describedPairs } from "./plan.ts";
import { firstDay, lastDay, olderMonths, recentMonths } from "./windows.ts";

/** What there is to ask for: since when, by what, and what the parts are called. Remembered for hours, because asking costs money. */
export interface Knowledge {
  beginning(meter: Meter, signal: AbortSignal): Promise<Beginning>;
  dimensions(meter: Meter, signal: AbortSignal): Promise<readonly Dimension[]>;
  /** Dimensions with their values, the dearest first. */
  described(meter: Meter, signal: AbortSignal): Promise<readonly DimensionDescription[]>;
  /** How many values a dimension has; undefined until it was described. */
  cardinality(dimension: Dimension): number | undefined;
  /** What a group's value is called: accounts by name where AWS gives one. */
  labelOf(dimension: Dimension, value: string): string;
  /** The values that are called so. */
  rawOf(dimension: Dimension, label: string): readonly string[];
}

export interface Beginning {
  /** First day there are costs of; absent when there are none. */
  from?: CivilDate;
  /** The account keeps the months before the first single day, too. */
  keepsYears: boolean;
}

const NAMES_MS = 6 * 3_600_000;
const MOST_VALUES = 200;
const METRIC = "UnblendedCost";

export function createKnowledge(client: AwsClient, explorer: Explorer): Knowledge {
  const sizes = new Map<string, number>();
  const today = () => fromInstant(client.now());
  const totals = (period: Period, granularity: CostQuestion["granularity"]) => ({ metric: METRIC, dimensions: [], period, granularity });

  /** The same account name twice means nothing: then its number stands behind it. */
  function labelOf({ name }: Dimension, value: string): string {
    const known = name === ACCOUNT.name ? explorer.names.get(value) : undefined;
    if (known === undefined) return value;
    return [...explorer.names.values()].filter((other) => other === known).length > 1 ? `${known} (${value})` : known;
  }

  async function dimensions(meter: Meter, signal: AbortSignal): Promise<readonly Dimension[]> {
    try {
      const { value } = await explorer.tags(recentMonths(today()), meter, signal);
      return [...DIMENSIONS, ...tagDimensions(value)];
    } catch (error) {
      // Without the right to see tags the rest still answers.
      if (error instanceof VendorError && error.status === 403) return DIMENSIONS;
      throw error;
    }
  }

  /** Totals of the years before the first single day; undefined where the account does not keep them. */
  async function olderTotals(meter: Meter, signal: AbortSignal): Promise<CostTable | undefined> {
    try {
      return (await explorer.table(totals(olderMonths(today()), "MONTHLY"), KEEP_CLOSED, meter, signal)).value;
    } catch (error) {
      if (error instanceof VendorError && error.status === 400) return undefined;
      throw error;
    }
  }

  return {
    labelOf,
    dimensions,
    cardinality: ({ name }) => sizes.get(name),
    rawOf(dimension, label) {
      if (dimension.name !== ACCOUNT.name) return [label];
      const called = [...explorer.names.keys()].filter((value) => labelOf(dimension, value) === label);
      return called.length > 0 ? called : [label];
    },
    async described(meter, signal) {
      const all = await dimensions(meter, signal);
      const period = recentMonths(today());
      const tables = await Promise.all(
        describedPairs(all).map(async (pair) => {
          const question: CostQuestion = { metric: METRIC, dimensions: pair, period, granularity: "MONTHLY" };
          return (await explorer.table(question, { ttlMs: NAMES_MS }, meter, signal)).value;
        }),
      );
      return all.map((dimension) => {
        const found = tables.flatMap((table) => [...valuesOf(table, dimension).keys()]);
        const values = [...new Set(found.map((value) => labelOf(dimension, value)))];
        sizes.set(dimension.name, values.length);
        // Usage types come and go; one of last year may be asked for.
        const more = values.length > MOST_VALUES || dimension.name === USAGE_TYPE.name;
        return { name: dimension.name, values: values.slice(0, MOST_VALUES), more };
      });
    },
    async beginning(meter, signal) {
      const older = await olderTotals(meter, signal);
      const [first] = older ? stepsWithCosts(older) : [];
      // Days cannot be told apart there: where the bill begins within these years, its first month may be a part of one.
      if (older && first !== undefined) return { from: first === older.steps[0] ? first : addUnits("month", first, 1), keepsYears: true };
      const days = { from: firstDay(today()), to: lastDay(today()) };
      const { value } = await explorer.table(totals(days, "DAILY"), KEEP_CLOSED, meter, signal);
      const [day] = stepsWithCosts(value);
      return { keepsYears: older !== undefined, ...(day === undefined ? {} : { from: day }) };
    },
  };
}
