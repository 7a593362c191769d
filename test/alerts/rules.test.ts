import { afterEach, describe, expect, it } from "vitest";
import { readHooks } from "../../src/alerts/hooks.ts";
import { judgeSeries, runAt } from "../../src/alerts/judge.ts";
import { nextWithin } from "../../src/alerts/routing.ts";
import { type AlertRule, readPlan } from "../../src/alerts/rules.ts";
import type { DaySeries } from "../../src/alerts/series.ts";
import { addDays } from "../../src/core/civil-date.ts";
import { findAnomalies } from "../../src/tools/find-anomalies.ts";
import { contextOf, ledger, type Row } from "../tools/world.ts";
import { ADA, openWorld, type World } from "./world.ts";

function rule(changes: Record<string, unknown>): AlertRule {
  const [read] = readPlan({ alerts: [{ name: "a-rule", ...changes }] }).rules;
  if (!read) throw new Error("there is one rule");
  return read;
}

function series(values: readonly number[], first = "2026-01-01", unit = "USD"): DaySeries {
  return {
    name: "S3",
    labels: { service: "S3" },
    unit,
    average: false,
    first,
    values: Float64Array.from(values),
    size: values.reduce((sum, value) => sum + (value || 0), 0),
  };
}

const firing = (given: AlertRule, values: readonly number[], first?: string) =>
  judgeSeries(given, series(values, first)).flatMap((verdict, i) => (verdict.firing ? [i] : []));

describe("a rule", () => {
  it("of kind threshold fires above or below its limit", () => {
    expect(firing(rule({ kind: "threshold", above: "10", below: "2" }), [5, 11, 10, 1, 2, Number.NaN])).toEqual([1, 3]);
  });

  it("of kind change compares with the same weekday before, or the day before", () => {
    const week = [10, 10, 10, 10, 10, 2, 2];
    expect(firing(rule({ kind: "change", change: "0.5" }), [...week, 10, 10, 16, 10, 4, 2, 2])).toEqual([9, 11]);
    expect(firing(rule({ kind: "change", change: "0.5", direction: "rise" }), [...week, 10, 10, 16, 10, 4, 2, 2])).toEqual([9]);
    expect(firing(rule({ kind: "change", change: "0.5", compare: "day" }), [10, 16, 15, 0, 3])).toEqual([1, 3]);
  });

  it("of kind budget fires once the month is over it, or from the eighth day on its way there", () => {
    expect(firing(rule({ kind: "budget", budget: "310" }), Array(31).fill(10))).toEqual([]);
    expect(firing(rule({ kind: "budget", budget: "300" }), Array(31).fill(10))[0]).toBe(7);
    expect(firing(rule({ kind: "budget", budget: "300" }), [301, ...Array(5).fill(0)])[0]).toBe(0);
    expect(firing(rule({ kind: "budget", budget: "300" }), Array(31).fill(9), "2026-01-20")).toEqual([]);
  });

  it("of kind absence fires when data that came stops to come", () => {
    const gap = Number.NaN;
    expect(firing(rule({ kind: "absence", for: "2" }), [1, 1, 1, 1, 1, 1, gap, 1, gap, gap, gap])).toEqual([9, 10]);
    expect(firing(rule({ kind: "absence" }), [gap, gap, gap])).toEqual([]);
  });

  it("of kind anomaly fires for what is beyond its range, and not for what may still change", () => {
    const values = Array.from({ length: 120 }, (_, i) => 100 + (i % 7) + (i >= 115 ? 80 : 0));
    expect(firing(rule({ kind: "anomaly" }), values)).toEqual([115, 116, 117, 118, 119]);
    const provisional = judgeSeries(rule({ kind: "anomaly" }), series(values), { provisionalFrom: addDays("2026-01-01", 117) });
    expect(provisional.flatMap((verdict, i) => (verdict.firing ? [i] : []))).toEqual([115, 116]);
  });

  it("goes on over one quiet day, and no more", () => {
    const days = [0, 1, 1, 0, 1, 0, 0].map((fires) => ({ firing: fires === 1, expected: 1, low: 0, high: 1, lasted: 1 }));
    expect(days.map((_, day) => runAt(days, day))).toEqual([
      undefined,
      { first: 1, last: 1 },
      { first: 1, last: 2 },
      { first: 1, last: 2 },
      { first: 1, last: 4 },
      { first: 1, last: 4 },
      undefined,
    ]);
  });
});

describe("firstmate.yaml", () => {
  it.each([
    [{ alerts: [{ name: "x", kind: "threshold" }] }, /alerts, entry 1: above or below is needed/],
    [{ alerts: [{ name: "x", kind: "spike" }] }, /alerts, entry 1: kind/],
    [{ alerts: [{ name: "X 1", kind: "anomaly" }] }, /must be lower-case letters/],
    [
      {
        alerts: [
          { name: "x", kind: "anomaly" },
          { name: "x", kind: "incidents" },
        ],
      },
      /two rules are called x/,
    ],
    [{ alerts: [{ name: "cost", kind: "anomaly" }], alertRoutes: [{ to: "slack:T1:C1", rules: ["cots"] }] }, /Did you mean cost\?/],
    [{ alerts: [{ name: "x", kind: "anomaly", to: "#ops" }] }, /must be a place, like slack:T0123:C0456/],
    [{ alertRoutes: [{ to: "slack:T1:C1", hours: "9 to 5" }] }, /must be like “mon-fri 08:00-18:00 Europe\/Berlin”/],
    [{ alertRoutes: [{ to: "slack:T1:C1", hours: "mon-fri 08:00-18:00 Europe/Berln" }] }, /there is no time zone/],
    [{ alerts: "all" }, /alerts must be a list/],
  ])("is refused with what to write: %j", (given, message) => {
    expect(() => readPlan(given)).toThrow(message);
  });

  it("says which events webhooks may want", () => {
    expect(() => readHooks([{ name: "n8n", url: "https://n8n.example/x", secret: "0123456789abcdef", events: "alert.fired" }])).toThrow(
      /There is alert.firing.v1/,
    );
    expect(() => readHooks([{ name: "n8n", url: "ftp://n8n.example/x", secret: "0123456789abcdef" }])).toThrow(/must be an http address/);
  });

  it("rings within its hours alone, in wall time", () => {
    const hours = readPlan({ alertRoutes: [{ to: "slack:T1:C1", hours: "mon-fri 09:00-17:00 Europe/Berlin" }] }).routes[0]?.hours;
    if (!hours) throw new Error("there are hours");
    const next = (at: string) => nextWithin(hours, new Date(at)).toISOString();
    expect(next("2026-11-20T08:30:00Z")).toBe("2026-11-20T08:30:00.000Z");
    expect(next("2026-11-20T16:00:00Z")).toBe("2026-11-23T08:00:00.000Z");
    expect(next("2026-03-27T17:00:00Z")).toBe("2026-03-30T07:00:00.000Z");
  });
});

describe("a rule over a source", () => {
  let world: World;
  afterEach(() => world.close());
  const daily = (days: number, value: (i: number) => number): Row[] =>
    Array.from({ length: days }, (_, i) => [addDays("2026-11-20", i - days), { service: "S3" }, value(i)] as const);
  const BEGIN = new Date("2026-11-20T06:00:00Z");
  const RULE = { name: "cost", kind: "anomaly", feed: "costs", by: "service" };
  const jump = (i: number) => 100 + (i % 7) + (i >= 198 ? 90 : 0);

  it("tells the figure with its range, and the end when it is over", async () => {
    const rows = daily(200, jump);
    world = await openWorld({ alerts: [RULE], feeds: [ledger("bill", rows)], begin: BEGIN });
    await world.step();
    expect(world.posts).toHaveLength(1);
    expect(world.posts[0]?.reply.text).toMatch(
      /Cost of S3 above its normal range[\s\S]*Cost: \$19\d\.\d\d on 19 November 2026 \(it began on 18 November 2026\), normally \$\d+\.\d\d to \$\d+\.\d\d \(\+\d/,
    );
    expect(world.posts[0]?.reply.blocks).toMatchObject([{ type: "chart" }]);
    expect(world.faults).toEqual([]);
  });

  it("says that nothing is known, and not that it was zero", async () => {
    const rule = { name: "silent", kind: "absence", feed: "costs", measure: "cost", for: "2" };
    world = await openWorld({ alerts: [rule], feeds: [ledger("bill", daily(200, jump).slice(0, 196))], begin: BEGIN });
    await world.step();
    const text = world.posts[0]?.reply.text ?? "";
    expect(text).toMatch(/^\*\*Warning: No cost since \d{4}-\d\d-\d\d\*\*/);
    expect(text).toMatch(
      /Cost: nothing is known since \d+ November 2026; the last day that is known, \d+ November 2026, had \$1\d\d\.\d\d\./,
    );
    expect(text).not.toContain("$0.00");
    expect(world.faults).toEqual([]);
  });

  it("keeps its alerts while the source fails, and says once when the measure is gone", async () => {
    const feed = ledger("bill", daily(200, jump));
    let broken: "no" | "down" = "no";
    const flaky = {
      ...feed,
      query: (...args: Parameters<typeof feed.query>) => (broken === "down" ? Promise.reject(new Error("down")) : feed.query(...args)),
    };
    world = await openWorld({ alerts: [RULE, { ...RULE, name: "gone", measure: "carbon" }], feeds: [flaky], begin: BEGIN });
    await world.step();
    const [figure, gone] = world.posts.map(({ reply }) => reply.text.split("\n")[0]);
    expect(figure).toMatch(/^\*\*Warning: Cost of S3 above its normal range, \$19\d\.\d\d\*\*$/);
    expect(gone).toBe("**Warning: The rule gone cannot be judged**");
    expect(world.posts[1]?.reply.text).toContain("There is no measure “carbon” any more. There is cost");
    broken = "down";
    world.pass(7 * 3_600_000);
    await world.step();
    expect(world.posts).toHaveLength(2);
    expect(await world.desk.list(ADA)).toHaveLength(2);
  });

  it("is learned by the tool about anomalies too, and forgotten when that is taken back", async () => {
    const feeds = [ledger("bill", daily(200, jump))];
    world = await openWorld({ alerts: [RULE], feeds, begin: BEGIN });
    await world.step();
    const [alert] = await world.desk.list(ADA);
    const ask = async () => {
      const context = contextOf(feeds, { now: new Date("2026-11-21T06:00:00Z"), alerts: world.desk });
      return (await findAnomalies.run({ by: "service" }, context)).blocks[0] as { text: string };
    };
    expect((await ask()).text).toContain("S3");
    await world.desk.expect(alert?.id ?? "", ADA, undefined, "moved the archive");
    const learned = (await ask()).text;
    expect(learned).toContain("No ");
    expect(await world.desk.feedback()).toHaveLength(1);
    world.pass(7 * 3_600_000);
    await world.step();
    expect(await world.desk.list(ADA)).toEqual([]);
    await world.desk.undo(alert?.id ?? "", ADA);
    expect((await ask()).text).not.toBe(learned);
  });
});
