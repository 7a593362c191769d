import { addDays } from "../../../core/civil-date.ts";
import type { SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import type { AwsOptions } from "../aws.ts";
import { type CostRequest, invalid, isEstimated, needsDetail, passes, readCostRequest, stepsOf } from "./cost-request.ts";
import { type CostRow, detailedRows, plainRows } from "./cost-rows.ts";
import { accountName } from "./names.ts";
import { type Call, json } from "./protocol.ts";

/** GetCostAndUsage: sums of the world's costs, page by page. */

interface Step {
  TimePeriod: { Start: string; End: string };
  Total: Metrics;
  Groups: { Keys: string[]; Metrics: Metrics }[];
  Estimated: boolean;
}
type Metrics = Record<string, { Amount: string; Unit: string }>;

/** Groups on one page. */
const PAGE = 3_000;
/** Whole answers, for their later pages. */
const answers = new WeakMap<World, Map<string, Step[]>>();

export function costAndUsage(call: Call, options: AwsOptions): SimulatedResponse {
  const { NextPageToken: token, ...asked } = readCostRequest(call, options);
  const steps =
    token === undefined
      ? stepsFor(call.world, asked)
      : (answers.get(call.world)?.get(JSON.stringify(asked)) ?? stepsFor(call.world, asked));
  const pages = pagesOf(steps);
  const at = token === undefined ? 0 : Number(/^page-(\d+)$/.exec(Buffer.from(token, "base64").toString("utf8"))?.[1]);
  const page = pages[at];
  if (!page) throw invalid("The pagination token is invalid.");
  const hasMore = at + 1 < pages.length;
  if (hasMore) remember(call.world, JSON.stringify(asked), steps);
  const isByAccount = asked.GroupBy.findIndex(({ Key }) => Key === "LINKED_ACCOUNT");
  const accounts = isByAccount < 0 ? [] : [...new Set(steps.flatMap(({ Groups }) => Groups.map(({ Keys }) => Keys[isByAccount] ?? "")))];
  return json({
    ...(asked.GroupBy.length > 0 ? { GroupDefinitions: asked.GroupBy } : {}),
    ResultsByTime: page,
    DimensionValueAttributes: accounts.map((id) => ({ Value: id, Attributes: { description: accountName(id) } })),
    ...(hasMore ? { NextPageToken: Buffer.from(`page-${at + 1}`).toString("base64") } : {}),
  });
}

function remember(world: World, key: string, steps: Step[]): void {
  const known = answers.get(world) ?? new Map<string, Step[]>();
  answers.set(world, known.set(key, steps));
  const oldest = known.keys().next();
  if (known.size > 4 && !oldest.done) known.delete(oldest.value);
}

function pagesOf(steps: readonly Step[]): Step[][] {
  const pages: Step[][] = [[]];
  let size = 0;
  for (const step of steps) {
    const weight = Math.max(1, step.Groups.length);
    if (size > 0 && size + weight > PAGE) {
      pages.push([]);
      size = 0;
    }
    size += weight;
    pages.at(-1)?.push(step);
  }
  return pages;
}

function stepsFor(world: World, asked: Omit<CostRequest, "NextPageToken">): Step[] {
  const rowsOf = needsDetail(asked) ? detailedRows : plainRows;
  const keyOf = keyMaker(asked);
  const isGrouped = asked.GroupBy.length > 0;
  const isByUsage = asked.GroupBy.some(({ Key }) => Key === "USAGE_TYPE");
  const metricsOf = ({ cost, quantity, unit }: Sum): Metrics =>
    Object.fromEntries(
      asked.Metrics.map((metric) =>
        metric === "UsageQuantity"
          ? [metric, { Amount: quantity.toFixed(10), Unit: isByUsage ? unit : "N/A" }]
          : [metric, { Amount: cost.toFixed(10), Unit: "USD" }],
      ),
    );
  return stepsOf(asked.TimePeriod, asked.Granularity === "DAILY" ? "DAILY" : "MONTHLY").map((TimePeriod) => {
    const sums = new Map<string, Sum>();
    for (let day = TimePeriod.Start; day < TimePeriod.End; day = addDays(day, 1))
      for (const row of rowsOf(world, day)) {
        if (asked.Filter && !passes(row, asked.Filter)) continue;
        const key = keyOf(row);
        const known = sums.get(key);
        if (known) {
          known.cost += row.cost;
          known.quantity += row.quantity;
        } else sums.set(key, { cost: row.cost, quantity: row.quantity, unit: row.unit });
      }
    return {
      TimePeriod,
      Total: isGrouped ? {} : metricsOf(sums.get("") ?? { cost: 0, quantity: 0, unit: "" }),
      Groups: isGrouped
        ? [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sum]) => ({ Keys: key.split("\n"), Metrics: metricsOf(sum) }))
        : [],
      Estimated: isEstimated(TimePeriod.Start, world.today),
    };
  });
}

interface Sum {
  cost: number;
  quantity: number;
  unit: string;
}

/** The group of a row, its keys joined by line ends. Tens of thousands of rows are asked for theirs. */
function keyMaker({ GroupBy }: Pick<CostRequest, "GroupBy">): (row: CostRow) => string {
  const of = ({ Type, Key }: CostRequest["GroupBy"][number]) =>
    Type === "TAG" ? (row: CostRow) => `${Key}$${row.tags[Key] ?? ""}` : (row: CostRow) => row[Key as "SERVICE"];
  const [first, second] = GroupBy.map(of);
  if (first && second) return (row) => `${first(row)}\n${second(row)}`;
  return first ?? (() => "");
}
