import type { CivilDate } from "../../../core/fact.ts";
import { billOf } from "../../bill.ts";
import type { World } from "../../world/index.ts";
import { accountNamed, serviceName } from "./names.ts";

/** A day's costs as Cost Explorer sees them. */
export interface CostRow {
  SERVICE: string;
  LINKED_ACCOUNT: string;
  REGION: string;
  RECORD_TYPE: "Usage" | "Credit";
  USAGE_TYPE: string;
  tags: Readonly<Record<string, string | null>>;
  cost: number;
  quantity: number;
  unit: string;
}

export const TAGS = ["environment", "team"] as const;
/** Days that are kept: two years and a bit of plain rows, a season of detailed ones. */
const MOST_PLAIN = 800;
const MOST_DETAILED = 130;
const plain = new Map<string, readonly CostRow[]>();
const detailed = new Map<string, readonly CostRow[]>();

/** With usage types and tags. A day that is over never changes, so it is worked out once. */
export function detailedRows(world: World, day: CivilDate): readonly CostRow[] {
  return once(detailed, MOST_DETAILED, world, day, () =>
    world.costs(day).map((line) => ({
      SERVICE: serviceName(line.service),
      LINKED_ACCOUNT: accountNamed(line.account),
      REGION: line.region,
      RECORD_TYPE: line.charge,
      USAGE_TYPE: line.usageType,
      tags: { team: line.team, environment: line.environment },
      cost: line.cost,
      quantity: line.quantity,
      unit: line.unit,
    })),
  );
}

/**
 * Without usage types and tags, a seventh as many and the same sums: most questions need no more, and two years of them are asked
 * for at once.
 */
export function plainRows(world: World, day: CivilDate): readonly CostRow[] {
  return once(plain, MOST_PLAIN, world, day, () =>
    billOf(day, world.seed).map((line) => ({
      SERVICE: serviceName(line.service),
      LINKED_ACCOUNT: accountNamed(line.account),
      REGION: line.region,
      RECORD_TYPE: line.charge,
      USAGE_TYPE: "",
      tags: NO_TAGS,
      cost: line.cost,
      quantity: 0,
      unit: "",
    })),
  );
}

const NO_TAGS = {};

function once(
  kept: Map<string, readonly CostRow[]>,
  most: number,
  { from, today, seed }: World,
  day: CivilDate,
  make: () => readonly CostRow[],
): readonly CostRow[] {
  if (day < from || day >= today) return [];
  const key = `${seed} ${day}`;
  const known = kept.get(key);
  if (known) return known;
  const rows = make();
  kept.set(key, rows);
  const oldest = kept.keys().next();
  if (kept.size > most && !oldest.done) kept.delete(oldest.value);
  return rows;
}
