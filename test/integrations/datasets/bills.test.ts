import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pareto } from "../../../src/tools/pareto.ts";
import { seededRandom } from "../../kit/random.ts";
import { NOW, openWorld, refusalOf, signal, toCsv, type World } from "./world.ts";

let world: World;
beforeEach(() => {
  world = openWorld();
});
afterEach(() => world.close());

interface Line {
  day: string;
  service: string | null;
  account: string;
  subAccount: string | null;
  region: string | null;
  category: string;
  currency: string;
  /** In millionths: exact. */
  micros: number;
}

const SERVICES = ["Nimbus Compute", "Nimbus Storage", "Harbour Database", "Lantern Logs", "Anchor Queue", "Beacon DNS", "Tide CDN", null];

/** An invented bill, steep enough to rank: a service's usual line is a third of the one before it. */
function makeLines(size: number, currencies: readonly string[] = ["USD"]): Line[] {
  const random = seededRandom(41);
  return Array.from({ length: size }, () => {
    const rank = Math.floor(random() * SERVICES.length);
    const credit = random() < 0.03;
    return {
      day: new Date(Date.UTC(2026, 8, 1) + Math.floor(random() * 30) * 86_400_000).toISOString().slice(0, 10),
      service: SERVICES[rank] ?? null,
      account: random() < 0.7 ? "Fleet" : "Yard",
      subAccount: random() < 0.1 ? null : `sub-${Math.floor(random() * 12)}`,
      region: random() < 0.2 ? null : "north-1",
      category: credit ? "Credit" : "Usage",
      currency: currencies[Math.floor(random() * currencies.length)] ?? "USD",
      micros: Math.round(random() * 9e6 * 3 ** -rank) * (credit ? -1 : 1),
    };
  });
}

function focusCsv(lines: readonly Line[]): string {
  const header = [
    "AvailabilityZone",
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "ChargeCategory",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "EffectiveCost",
    "ListCost",
    "ProviderName",
    "RegionId",
    "ServiceCategory",
    "ServiceName",
    "SubAccountId",
    "SubAccountName",
    "Tags",
  ];
  const rows = lines.map((l, i) => [
    "NULL",
    (l.micros / 1e6).toFixed(11),
    `10${l.account.length}`,
    l.account,
    l.currency,
    l.category,
    `${l.day} 23:00:00`,
    `${l.day} ${String(i % 24).padStart(2, "0")}:00:00`,
    ((l.micros * 0.9) / 1e6).toFixed(8),
    ((l.micros * 2) / 1e6).toFixed(8),
    "Nimbus",
    l.region ?? "NULL",
    "Compute",
    l.service ?? "NULL",
    "NULL",
    l.subAccount ?? "NULL",
    '{"team": "a, b"}',
  ]);
  return toCsv([header, ...rows]).replaceAll('"NULL"', "NULL");
}

function curCsv(lines: readonly Line[], spelling: (column: string) => string = (c) => c): string {
  const header = [
    "identity/LineItemId",
    "bill/PayerAccountId",
    "lineItem/UsageAccountId",
    "lineItem/LineItemType",
    "lineItem/UsageStartDate",
    "lineItem/ProductCode",
    "lineItem/UsageType",
    "lineItem/CurrencyCode",
    "lineItem/UnblendedCost",
    "lineItem/BlendedCost",
    "product/region",
  ].map(spelling);
  const rows = lines.map((l, i) => [
    `id${i}`,
    "111122223333",
    l.account === "Fleet" ? "111122223333" : "444455556666",
    l.category,
    `${l.day}T${String(i % 24).padStart(2, "0")}:00:00.000Z`,
    l.service?.replaceAll(" ", "") ?? "",
    "Usage",
    l.currency,
    String(l.micros / 1e6),
    "0.0",
    l.region ?? "",
  ]);
  return toCsv([header, ...rows]);
}

/** Pareto by hand: whole millionths, sorted, added until four fifths. */
function truth(lines: readonly Line[], label: (line: Line) => string | null) {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(label(line) ?? "(not set)", (sums.get(label(line) ?? "(not set)") ?? 0) + line.micros);
  const positive = [...sums].filter(([, v]) => v > 0).sort((a, b) => b[1] - a[1]);
  const total = positive.reduce((all, [, v]) => all + v, 0);
  let reached = 0;
  let itemsTo80 = 0;
  while (reached * 5 < total * 4) reached += positive[itemsTo80++]?.[1] ?? 0;
  const few = positive.slice(0, Math.ceil(positive.length / 5)).reduce((all, [, v]) => all + v, 0);
  const differences = positive.flatMap(([, a]) => positive.map(([, b]) => Math.abs(a - b))).reduce((all, d) => all + d, 0);
  return {
    labels: positive.map(([l]) => l),
    total: total / 1e6,
    itemsTo80,
    top20Share: few / total,
    gini: differences / (2 * positive.length * total),
    negative: [...sums].filter(([, v]) => v < 0).length,
  };
}

async function rank(yaml: string, by: string) {
  const { feeds } = await world.connect(yaml);
  const user = { id: "u", name: "U", timeZone: "UTC", roles: ["viewer"] as const };
  const finding = await pareto.run({ by }, { user, audience: "direct", now: NOW, signal, feeds, tools: [] });
  return finding.data as {
    items: { label: string; value: number }[];
    total: number;
    n: number;
    itemsTo80: number;
    top20Share: number;
    gini: number;
    unit: string;
    negative?: { n: number };
    others?: { unit: string; total: number }[];
  };
}

describe("a FOCUS bill", () => {
  const lines = makeLines(400);

  test.each([
    ["service", (l: Line) => l.service],
    ["account", (l: Line) => l.account],
    ["sub_account", (l: Line) => l.subAccount],
    ["region", (l: Line) => l.region],
    ["charge_category", (l: Line) => l.category],
  ] as const)("needs no description and ranks by %s as worked out apart", async (by, label) => {
    world.write("focus.csv", focusCsv(lines));
    const expected = truth(lines, label);

    const found = await rank("datasets:\n  - name: bill\n    source: focus.csv\n", by);

    expect(found.items.map((i) => i.label)).toEqual(expected.labels);
    expect(found.total).toBeCloseTo(expected.total, 6);
    expect(found.itemsTo80).toBe(expected.itemsTo80);
    expect(found.top20Share).toBeCloseTo(expected.top20Share, 9);
    expect(found.gini).toBeCloseTo(expected.gini, 9);
    expect(found.unit).toBe("USD");
    expect(found.negative?.n ?? 0).toBe(expected.negative);
  });

  test("offers the measures and dimensions whose columns it has, and only those with values to list", async () => {
    world.write("focus.csv", focusCsv(lines));

    const feed = await world.feed("datasets:\n  - name: bill\n    source: focus.csv\n");
    const about = await feed.describe(signal);

    expect(feed.kind).toBe("costs");
    expect(about.measures.map((m) => m.name)).toEqual(["cost", "effective_cost", "list_cost"]);
    expect(about.measures.every((m) => m.unit === "currency")).toBe(true);
    expect(about.dimensions.map((d) => d.name)).toEqual([
      "service",
      "account",
      "sub_account",
      "region",
      "service_category",
      "charge_category",
      "provider",
      "availability_zone",
    ]);
    expect(about.dimensions.find((d) => d.name === "availability_zone")?.values).toEqual([]);
    expect(about.covers).toEqual({ from: "2026-09-01", to: "2026-09-30" });
  });

  test("in several currencies is never added up", async () => {
    const mixed = makeLines(300, ["USD", "EUR", "GBP"]);
    world.write("focus.csv", focusCsv(mixed));

    const feed = await world.feed("datasets:\n  - name: bill\n    source: focus.csv\n");
    const { facts } = await feed.query({}, signal);
    const found = await rank("datasets:\n  - name: bill\n    source: focus.csv\n", "service");

    for (const unit of ["USD", "EUR", "GBP"]) {
      const own = mixed.filter((l) => l.currency === unit);
      expect(facts.find((f) => f.unit === unit)?.value).toBeCloseTo(own.reduce((all, l) => all + l.micros, 0) / 1e6, 6);
      const ranked = [found, ...(found.others ?? [])].find((r) => r.unit === unit);
      expect(ranked?.total).toBeCloseTo(truth(own, (l) => l.service).total, 6);
    }
    expect(facts).toHaveLength(3);
  });

  test("as the whole setting is one dataset by the file's name", async () => {
    const path = world.write("Focus Bill 2026.csv", focusCsv(lines));

    const feed = await world.feed(path);

    expect(feed.name).toBe("focus-bill-2026");
    expect((await feed.query({}, signal)).facts).toHaveLength(1);
  });
});

describe("an AWS Cost and Usage Report", () => {
  const lines = makeLines(300);
  const athena = (column: string) =>
    column
      .replace(/([a-z])([A-Z])/g, "$1_$2")
      .replace("/", "_")
      .toLowerCase();

  test.each([
    ["in the spelling of the export", (c: string) => c],
    ["in the spelling of Athena and CUR 2.0", athena],
  ] as const)("%s needs no description and ranks as worked out apart", async (_, spelling) => {
    world.write("cur.csv", curCsv(lines, spelling));
    const services = truth(lines, (l) => l.service?.replaceAll(" ", "") ?? null);
    const accounts = truth(lines, (l) => (l.account === "Fleet" ? "111122223333" : "444455556666"));

    const byService = await rank("datasets:\n  - name: cur\n    source: cur.csv\n", "service");
    const byAccount = await rank("datasets:\n  - name: cur\n    source: cur.csv\n", "account");

    expect(byService.items.map((i) => i.label)).toEqual(services.labels);
    expect(byService.total).toBeCloseTo(services.total, 6);
    expect(byService.gini).toBeCloseTo(services.gini, 9);
    expect(byService.itemsTo80).toBe(services.itemsTo80);
    expect(byAccount.items.map((i) => i.label)).toEqual(accounts.labels);
    expect(byAccount.total).toBeCloseTo(accounts.total, 6);
  });
});

test("a table that is no bill and is not described says what to write", async () => {
  world.write("sales.csv", "day,amount\n2026-01-01,5\n");

  const feed = await world.feed("datasets:\n  - name: sales\n    source: sales.csv\n");

  expect(await refusalOf(feed.describe(signal))).toMatch(/“sales” is neither.*`measures: \[\{ name: …, column: … \}\]`.*day and amount/);
});
