import { endOf, startOf, toInstant } from "../../../core/civil-date.ts";
import type { Fact, Period } from "../../../core/fact.ts";
import type { Grain } from "../../../core/feed.ts";
import type { CostGroup } from "./cost-table.ts";
import type { Dimension } from "./dimensions.ts";
import type { CostPart } from "./read-parts.ts";

export interface AddUp {
  measure: string;
  by: readonly Dimension[];
  filters: readonly { dimension: Dimension; values: readonly string[] }[];
  grain?: Grain | undefined;
  period: Period;
  labelOf(dimension: Dimension, value: string): string;
}

/** One fact per currency, bucket and combination of labels, over the steps that lie whole in the period. */
export function addUp(parts: readonly CostPart[], asked: AddUp): Fact[] {
  const { measure, by, grain, period } = asked;
  const sums = new Map<string, Fact>();
  for (const part of parts) {
    const { steps, groups } = part.cached.value;
    const lastOf = (step: string) => (part.monthly ? endOf("month", step) : step);
    const isIn = steps.map((step) => part.exact ?? (step >= period.from && lastOf(step) <= period.to));
    const buckets = steps.map((step) => (grain ? startOf(grain, step) : period.from));
    for (const group of groups) {
      const labels = labelsOf(part, group, asked);
      if (labels === undefined) continue;
      const place = JSON.stringify([group.unit, ...by.map(({ name }) => labels[name])]);
      for (const [i, amount] of group.amounts.entries()) {
        const bucket = buckets[i];
        if (!isIn[i] || bucket === undefined || Number.isNaN(amount)) continue;
        const key = `${bucket} ${place}`;
        const known = sums.get(key);
        if (known) known.value += amount;
        else sums.set(key, { at: toInstant(bucket), measure, value: amount, unit: group.unit, labels });
      }
    }
  }
  return [...sums.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** The labels asked for; undefined when a filter leaves the group out. Filters over other dimensions were Cost Explorer's to apply. */
function labelsOf(
  { cached, fixed }: CostPart,
  { values }: CostGroup,
  { by, filters, labelOf }: AddUp,
): Readonly<Record<string, string>> | undefined {
  const { dimensions } = cached.value;
  const label = (dimension: Dimension): string | undefined => {
    if (fixed?.dimension.name === dimension.name) return labelOf(dimension, fixed.value);
    const at = dimensions.findIndex(({ name }) => name === dimension.name);
    return at < 0 ? undefined : labelOf(dimension, values[at] ?? "");
  };
  for (const { dimension, values: wanted } of filters) {
    const own = label(dimension);
    if (own !== undefined && !wanted.includes(own)) return undefined;
  }
  return Object.fromEntries(by.map((dimension) => [dimension.name, label(dimension) ?? ""]));
}
