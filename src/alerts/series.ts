import { fromInstant, toInstant } from "../core/civil-date.ts";
import type { CivilDate, Fact } from "../core/fact.ts";

/** One series of one unit, a value per calendar day; NaN where no fact is. */
export interface DaySeries {
  name: string;
  labels: Readonly<Record<string, string>>;
  unit: string;
  /** Its values are averages, which are never added. */
  average: boolean;
  first: CivilDate;
  values: Float64Array;
  /** Sum of the sizes of its values. */
  size: number;
}

const DAY_MS = 86_400_000;

/** Facts of one measure as series by the dimensions, from each one's first day to `to`; the largest first. Averages are never added. */
export function seriesOf(facts: readonly Fact[], by: readonly string[], to: CivilDate): DaySeries[] {
  const groups = Map.groupBy(facts, (fact) => JSON.stringify([fact.unit ?? "", ...by.map((name) => fact.labels[name] ?? null)]));
  const end = toInstant(to).getTime();
  return [...groups.values()]
    .flatMap((own) => {
      const [sample] = own;
      const known = own.filter(({ at }) => at.getTime() <= end);
      if (!sample || known.length === 0) return [];
      const start = toInstant(fromInstant(new Date(known.reduce((least, { at }) => Math.min(least, at.getTime()), end)))).getTime();
      const values = new Float64Array(Math.round((end - start) / DAY_MS) + 1).fill(Number.NaN);
      let size = 0;
      for (const { at, value } of known) {
        const i = Math.floor((at.getTime() - start) / DAY_MS);
        values[i] = (Number.isNaN(values[i]) ? 0 : (values[i] ?? 0)) + value;
        size += Math.abs(value);
      }
      const name = by.map((dimension) => sample.labels[dimension] ?? "(not set)").join(" · ") || "all";
      return [
        {
          name,
          labels: sample.labels,
          unit: sample.unit ?? "",
          average: sample.average ?? false,
          first: fromInstant(new Date(start)),
          values,
          size,
        },
      ];
    })
    .sort((a, b) => b.size - a.size);
}
