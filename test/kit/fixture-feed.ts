import { addDays, daysBetween, fromInstant, startOf, toInstant } from "../../src/core/civil-date.ts";
import type { CivilDate, Fact, Period } from "../../src/core/fact.ts";
import type { Feed, FeedAnswer, FeedDescription, FeedKind, FeedQuery, MeasureDescription } from "../../src/core/feed.ts";
import { UserError } from "../../src/errors.ts";

/** A feed whose facts are in memory: it adds up exactly what a query asks for, as a dataset would. */
export interface FixtureFeedOptions {
  name: string;
  kind: FeedKind;
  title?: string;
  measures: readonly MeasureDescription[];
  dimensions: readonly string[];
  facts: readonly Fact[];
  withoutPeriod?: Feed["withoutPeriod"];
}

const FETCHED_AT = new Date("2026-11-21T06:00:00Z");

export function fixtureFeed(options: FixtureFeedOptions): Feed {
  const about = describe(options);
  const byMeasure = Map.groupBy(options.facts, (fact) => fact.measure);
  let queries = 0;
  return {
    name: options.name,
    kind: options.kind,
    withoutPeriod: options.withoutPeriod ?? "all",
    describe: async () => about,
    query: async (query) => {
      const measure = query.measure ?? options.measures[0]?.name ?? "";
      const known = new Set(options.dimensions);
      const stray = [...(query.by ?? []), ...Object.keys(query.filter ?? {})].find((name) => !known.has(name));
      if (stray !== undefined) throw new UserError(`“${options.name}” has no dimension “${stray}”.`, { path: "by" });
      if (!options.measures.some((m) => m.name === measure))
        throw new UserError(`“${options.name}” has no measure “${measure}”.`, { path: "measure" });
      return answer(`${options.name}-${++queries}`, options.name, byMeasure.get(measure) ?? [], { ...query, measure }, about.covers);
    },
  };
}

function describe({ name, title, measures, dimensions, facts }: FixtureFeedOptions): FeedDescription {
  const days = facts.map((fact) => fromInstant(fact.at)).sort();
  const [from, to] = [days[0], days.at(-1)];
  const values = dimensions.map((dimension) => {
    const counts = new Map<string, number>();
    for (const fact of facts) {
      const value = fact.labels[dimension];
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return { name: dimension, values: [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value), more: false };
  });
  return { title: title ?? name, measures, dimensions: values, ...(from && to ? { covers: { from, to } } : {}) };
}

function answer(
  id: string,
  name: string,
  facts: readonly Fact[],
  query: FeedQuery & { measure: string },
  covers: Period | undefined,
): FeedAnswer {
  const { period, grain, measure } = query;
  const by = [...new Set(query.by ?? [])];
  const start = period?.from ?? covers?.from ?? fromInstant(FETCHED_AT);
  const sums = new Map<string, { fact: Fact; value: number }>();
  for (const fact of facts) {
    const day = fromInstant(fact.at);
    if (period && (day < period.from || day > period.to)) continue;
    if (!passes(fact, query.filter ?? {})) continue;
    const labels = Object.fromEntries(by.map((dimension) => [dimension, fact.labels[dimension] ?? "(not set)"]));
    const at = toInstant(grain ? startOf(grain, day) : start);
    const key = JSON.stringify([at.getTime(), fact.unit, labels]);
    const group = sums.get(key);
    if (group) group.value += fact.value;
    else
      sums.set(key, {
        fact: { at, measure, value: 0, ...(fact.unit === undefined ? {} : { unit: fact.unit }), labels },
        value: fact.value,
      });
  }
  const window = period ?? covers;
  return {
    facts: [...sums.values()].map(({ fact, value }) => ({ ...fact, value })),
    receipts: [
      {
        id,
        source: name,
        query: `sum of ${measure} ${JSON.stringify(query)}`,
        ...(window ? { window } : {}),
        fetchedAt: FETCHED_AT,
        status: "live",
      },
    ],
  };
}

function passes(fact: Fact, filter: NonNullable<FeedQuery["filter"]>): boolean {
  return Object.entries(filter).every(([dimension, values]) => values.includes(fact.labels[dimension] ?? "(not set)"));
}

/** What both feeds below cover: two years up to and including yesterday of 2026-11-21. */
export const FIXTURE_COVERS: Period = { from: "2024-11-21", to: "2026-11-20" };

const [EC2, S3, RDS] = ["Amazon Elastic Compute Cloud", "Amazon Simple Storage Service", "Amazon Relational Database Service"];

/** service, category, account, region, provider, cost of a usual day in USD */
const BILL_LINES = [
  [EC2, "Compute", "production", "us-east-1", "AWS", 410],
  [EC2, "Compute", "production", "eu-west-1", "AWS", 260],
  [EC2, "Compute", "staging", "eu-west-1", "AWS", 74],
  [EC2, "Compute", "data-platform", "eu-west-1", "AWS", 58],
  [EC2, "Compute", "data-platform", "us-west-2", "AWS", 120],
  [EC2, "Compute", "sandbox", "us-east-1", "AWS", 21],
  [S3, "Storage", "production", "us-east-1", "AWS", 96],
  [S3, "Storage", "data-platform", "us-west-2", "AWS", 133],
  [S3, "Storage", "staging", "eu-central-1", "AWS", 12],
  [RDS, "Databases", "production", "us-east-1", "AWS", 188],
  [RDS, "Databases", "production", "eu-west-1", "AWS", 102],
  [RDS, "Databases", "staging", "eu-west-1", "AWS", 37],
  ["Amazon DynamoDB", "Databases", "production", "us-east-1", "AWS", 44],
  ["AWS Lambda", "Compute", "production", "us-east-1", "AWS", 39],
  ["AWS Lambda", "Compute", "sandbox", "ap-southeast-1", "AWS", 3],
  ["AmazonCloudWatch", "Management and Governance", "production", "us-east-1", "AWS", 31],
  ["AmazonCloudWatch", "Management and Governance", "staging", "eu-west-1", "AWS", 9],
  ["Amazon Simple Queue Service", "Integration", "production", "us-east-1", "AWS", 7],
  ["Amazon CloudFront", "Networking", "production", "us-east-1", "AWS", 55],
  ["AWS Key Management Service", "Security", "security", "eu-central-1", "AWS", 5],
  ["BigQuery", "Analytics", "data-platform", "europe-west4", "Google Cloud", 90],
  ["Google Kubernetes Engine", "Compute", "data-platform", "europe-west4", "Google Cloud", 66],
] as const;

/** A cloud bill in USD: measures `cost` and `list_cost`. */
export function billFeed(): Feed {
  const facts = everyDay((day, index) =>
    BILL_LINES.flatMap(([service, service_category, account, region, provider, usual], line) => {
      const labels = { service, service_category, account, region, provider };
      const value = course(usual, index, line);
      return [
        { at: toInstant(day), measure: "cost", value, unit: "USD", labels },
        { at: toInstant(day), measure: "list_cost", value: value * 1.25, unit: "USD", labels },
      ];
    }),
  );
  const measures = [
    { name: "cost", unit: "currency" },
    { name: "list_cost", unit: "currency" },
  ];
  return fixtureFeed({
    name: "bill",
    kind: "costs",
    title: "Cloud bill",
    measures,
    dimensions: ["service", "service_category", "account", "region", "provider"],
    facts,
  });
}

const PRODUCTS = ["Compass", "Sextant", "Lantern", "Anchor", "Barometer", "Chart Table", "Logbook", "Spyglass", "Capstan", "Halyard"];
const COUNTRIES = ["Germany", "France", "United Kingdom", "United States"];
const CHANNELS = ["web", "retail", "partner"];

/** Sales of a shop: measures `revenue` (EUR) and `orders` (a count). */
export function salesFeed(): Feed {
  const facts = everyDay((day, index) =>
    PRODUCTS.flatMap((product, p) =>
      COUNTRIES.flatMap((country, c) => {
        const labels = { product, country, channel: CHANNELS[(p + c) % CHANNELS.length] ?? "web" };
        const orders = Math.max(1, Math.round(course(60 / (p + 1) / (c + 1), index, p + c)));
        return [
          { at: toInstant(day), measure: "revenue", value: orders * (19 + 7 * p), unit: "EUR", labels },
          { at: toInstant(day), measure: "orders", value: orders, unit: "count", labels },
        ];
      }),
    ),
  );
  const measures = [
    { name: "revenue", unit: "EUR" },
    { name: "orders", unit: "count" },
  ];
  return fixtureFeed({ name: "sales", kind: "metrics", title: "Sales", measures, dimensions: ["product", "country", "channel"], facts });
}

function everyDay(make: (day: CivilDate, index: number) => Fact[]): Fact[] {
  const days = daysBetween(FIXTURE_COVERS.from, FIXTURE_COVERS.to) + 1;
  return Array.from({ length: days }, (_, index) => make(addDays(FIXTURE_COVERS.from, index), index)).flat();
}

/** Grows by about a third a year and swings over the week; each line in its own phase, the same on every run. In cents. */
function course(usual: number, index: number, line: number): number {
  const growth = 1 + index / 1100;
  const swing = 1 + 0.12 * Math.sin((2 * Math.PI * (index + line)) / 7);
  return Math.round(usual * growth * swing * 100) / 100;
}
