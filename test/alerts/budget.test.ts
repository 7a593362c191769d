import { afterEach, beforeEach, expect, it } from "vitest";
import { enrich } from "../../src/alerts/causes.ts";
import type { ChartBlock } from "../../src/core/reply.ts";
import { explainChange } from "../../src/tools/explain-change.ts";
import { contextOf, daily, ledger } from "../tools/world.ts";
import { openWorld, type World } from "./world.ts";

const BILL = { from: "2026-09-02", to: "2026-11-20" };
/** $10 a day in November, $3 of them since the databases cost more; the clock stands on the 21st, so the 20th is the last whole day. */
const bill = ledger("bill", [
  ...daily(BILL, { service: "Amazon RDS" }, (day) => (day < "2026-11-01" ? 1 : 4)),
  ...daily(BILL, { service: "Amazon S3" }, () => 6),
]);

let world: World;
beforeEach(async () => {
  world = await openWorld({
    alerts: [{ name: "month", kind: "budget", feed: "costs", budget: "280" }],
    feeds: [bill],
    begin: new Date("2026-11-21T09:00:00Z"),
  });
});
afterEach(() => world.close());

it("shows what the month has cost, the budget it is on its way over, and where this pace ends", async () => {
  await world.step();

  const [post] = world.posts;
  expect(post?.reply.text).toContain(
    "Warning: Cost is on its way over the month's budget, $200.00**\n\nCost: $200.00 in 1–20 November 2026; the limit is $280.00, and the month is on its way to $300.00.",
  );
  const chart = post?.reply.blocks?.[0] as ChartBlock;
  expect(chart.alt).toMatch(
    /\$200\.00 by 20 November 2026, of a budget of \$280\.00\. At this pace it ends at \$300\.00 on 30 November 2026\./,
  );
  const lineOf = (name: string) => chart.plain?.series.find((one) => one.name === name)?.values;
  expect(lineOf("spent")?.slice(17, 21)).toEqual([180, 190, 200, null]);
  expect(lineOf("at this pace")?.slice(18)).toEqual([null, ...Array.from({ length: 11 }, (_, i) => 200 + 10 * i)]);
  expect(new Set(lineOf("the budget"))).toEqual(new Set([280]));
});

it("says what costs more than in as many days of the month before", async () => {
  await world.step();
  const [alert] = await world.alerts.list({ limit: 1 });
  if (!alert) throw new Error("nothing fired");

  const { causes, next } = await enrich(alert, { ...contextOf([bill]), tools: [explainChange] }, (error) => {
    throw error;
  });

  expect(causes).toEqual(["mostly Amazon RDS"]);
  expect(next).toEqual(["Ask “why did cost change this month?” below. Planned? Raise the budget of the rule."]);
});

it("says nothing of a new month because of the one before", async () => {
  await world.close();
  world = await openWorld({
    alerts: [{ name: "month", kind: "budget", feed: "costs", budget: "200" }],
    feeds: [bill],
    begin: new Date("2026-11-02T09:00:00Z"),
  });

  await world.step();

  expect(await world.alerts.list({ limit: 5 })).toEqual([]);
});
