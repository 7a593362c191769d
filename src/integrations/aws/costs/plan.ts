import { ACCOUNT, CHARGE_CATEGORY, type Dimension, NOT_SET, REGION, SERVICE, USAGE_TYPE } from "./dimensions.ts";
import type { Only } from "./explorer.ts";

/**
 * How a question becomes requests: Cost Explorer groups by two dimensions at most. Filters are applied to groups that are
 * remembered anyway, where that is possible; a third dimension is asked for value by value.
 */
export interface Plan {
  group: readonly Dimension[];
  /** So many groups that only the days asked for are asked for, and by month where that will do. */
  wide: boolean;
  /** Asked for once per value. */
  loop?: Dimension;
  /** Applied by Cost Explorer. */
  only: readonly Only[];
}

/** With which other dimension one alone is asked for: the pair answers more questions than the one, at the same price. */
const PARTNER: ReadonlyMap<string, Dimension> = new Map([
  [SERVICE.name, ACCOUNT],
  [ACCOUNT.name, SERVICE],
  [REGION.name, SERVICE],
  [CHARGE_CATEGORY.name, SERVICE],
]);
/** The order of a pair; the same pair is remembered once. */
const ORDER = [SERVICE, ACCOUNT, REGION, CHARGE_CATEGORY, USAGE_TYPE].map(({ name }) => name);

/** `by` holds three dimensions at most; `filters` are exact values as the description has them. */
export function planOf(
  by: readonly Dimension[],
  filters: readonly { dimension: Dimension; values: readonly string[] }[],
  { cardinality, raw }: Known,
): Plan {
  const sizeOf = (dimension: Dimension) => cardinality(dimension) ?? Number.POSITIVE_INFINITY;
  const isSmall = (pair: readonly Dimension[]) => pair.reduce((product, dimension) => product * sizeOf(dimension), 1) <= MOST_GROUPS;
  const loop = by.length < 3 ? undefined : [...by].sort((a, b) => sizeOf(a) - sizeOf(b))[0];
  const group = by.filter((dimension) => dimension !== loop);
  for (const { dimension } of filters) if (group.length < 2 && !by.includes(dimension) && !group.includes(dimension)) group.push(dimension);
  const only = filters
    .filter(({ dimension }) => !by.includes(dimension) && !group.includes(dimension))
    .map(({ dimension, values }) => ({
      dimension,
      values: values.filter((value) => value !== NOT_SET).flatMap((value) => raw(dimension, value)),
      ...(values.includes(NOT_SET) ? { orNone: true } : {}),
    }));
  const alone = group.length === 0 ? [SERVICE] : group;
  const [one] = alone;
  const pair = one && alone.length === 1 ? [one, PARTNER.get(one.name) ?? SERVICE] : alone;
  const whole = isSmall(pair) ? pair : alone;
  const wide = whole.length > 1 && whole.every((dimension) => cardinality(dimension) !== undefined) && !isSmall(whole);
  const sorted = whole.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  return { group: sorted, wide, only, ...(loop ? { loop } : {}) };
}

/** What is known of dimensions before they are asked for. */
export interface Known {
  /** How many values it has; undefined where that was not learned yet. */
  cardinality(dimension: Dimension): number | undefined;
  /** The values called so. */
  raw(dimension: Dimension, value: string): readonly string[];
}

/** Groups a day up to which a pair costs little more than one of its dimensions. */
const MOST_GROUPS = 300;

function rank({ name }: Dimension): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}

/** The dimensions whose values `describe` wants, two to a request. */
export function describedPairs(dimensions: readonly Dimension[]): Dimension[][] {
  const small = dimensions.filter(({ name }) => name !== USAGE_TYPE.name);
  const pairs = small.flatMap((dimension, i) => (i % 2 === 0 ? [[dimension, small[i + 1]].filter((d) => d !== undefined)] : []));
  return [...pairs, ...dimensions.filter(({ name }) => name === USAGE_TYPE.name).map((dimension) => [dimension])];
}
