import { addDays } from "../core/civil-date.ts";
import { listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { matchValues } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import { CUSTOMER_IDS } from "./churn-risk.ts";
import { type groupsAtRisk, HOLD_OUT, type Scored } from "./churn-risk-report.ts";
import { readRows } from "./churn-risk-rows.ts";

/** Rows of the named group, or of the one with the most to lose, who are still there; the most at risk first. */
export function grouped(wanted: string | undefined, groups: ReturnType<typeof groupsAtRisk>, { labels, present }: Scored) {
  const names = groups.map(({ name }) => name);
  const [named] = wanted === undefined ? names : matchValues(wanted, names);
  if (wanted !== undefined && named === undefined)
    throw new UserError(`There is no group “${wanted}” at risk. There is ${listWords(names, 5) || "none"}; or name a filter.`, {
      path: "group",
    });
  const found = groups.find(({ name }) => name === named);
  if (!found)
    return { target: "the chance of leaving is in the highest tenth", members: present.subarray(0, Math.ceil(present.length / 10)) };
  const own = new Set(found.rows.filter((i) => labels[i] !== 1));
  return { target: found.name, members: present.filter((i) => own.has(i)) };
}

/** Those of the filter who are still there. */
export async function filtered(
  question: { dataset: string | undefined; filter: Readonly<Record<string, string | readonly string[]>> },
  names: readonly (string | null)[],
  { present }: Scored,
  context: ToolContext,
): Promise<Uint32Array> {
  const narrowed = await readRows("customers", question, CUSTOMER_IDS, context);
  const own = new Set(narrowed.table.column(narrowed.id));
  return present.filter((i) => own.has(names[i] ?? null));
}

/** “region is Europe and plan is monthly or yearly” */
export function filterWords(filter: Readonly<Record<string, string | readonly string[]>>): string {
  return listWords(
    Object.entries(filter).map(([name, values]) => `${name} is ${typeof values === "string" ? values : values.slice(0, 5).join(" or ")}`),
  );
}

/** How many customers a budget is enough for, those left alone with them. Throws UserError when it is enough for nobody. */
export function affordable({
  budget,
  cost_per_contact: cost,
}: {
  budget?: number | undefined;
  cost_per_contact?: number | undefined;
}): number {
  if (budget === undefined) return Number.POSITIVE_INFINITY;
  if (cost === undefined)
    throw new UserError("A budget says how many can be contacted only with the cost of one contact: give cost_per_contact too.", {
      path: "cost_per_contact",
    });
  const contacts = Math.floor(budget / cost);
  if (contacts < 1) throw new UserError("The budget is not enough for one contact.", { path: "budget" });
  return Math.max(1, Math.floor(contacts / (1 - HOLD_OUT)));
}

/** Begins tomorrow; a third of the time to contact everyone, the rest to see who stays. */
export function scheduleOf(today: string, days: number) {
  const begin = addDays(today, 1);
  return { begin, contactUntil: addDays(begin, Math.ceil(days / 3)), measure: addDays(begin, days) };
}
