import { describe, expect, it } from "vitest";
import { addDays, toInstant } from "../../src/core/civil-date.ts";
import type { Fact } from "../../src/core/fact.ts";
import type { Finding } from "../../src/core/tool.ts";
import type { DayTotals } from "../../src/digests/cost-day.ts";
import { type Anomaly, type CostRead, judgeCost } from "../../src/digests/cost-judge.ts";
import { quietLine, summaryLines } from "../../src/digests/cost-words.ts";
import { HISTORY_DAYS } from "../../src/digests/movers.ts";
import { usualChart } from "../../src/digests/usual-chart.ts";

const DATE = "2026-10-31";
const finding = (data: unknown, facts: Fact[] = []): Finding => ({ content: "", data, blocks: [], facts, receipts: [] });

/** A service of 100 a day, and what it costs on the day. */
function costs(onTheDay: number): Fact[] {
  return Array.from({ length: HISTORY_DAYS + 1 }, (_, i) => {
    const date = addDays(DATE, i - HISTORY_DAYS);
    return { at: toInstant(date), measure: "cost", value: date === DATE ? onTheDay : 100, unit: "USD", labels: { service: "Logs" } };
  });
}

function read(onTheDay: number, anomalies: Anomaly[] = []): CostRead {
  return {
    dimension: "service",
    byPart: undefined,
    history: finding({}, costs(onTheDay)),
    month: finding({
      total: { mean: 3_000, lo80: 2_900, hi80: 3_100 },
      period: { from: "2026-11-01", to: "2026-11-30" },
      known: { value: 0 },
    }),
    anomalies: finding({ anomalies }),
  };
}

const day = (total: number): DayTotals => ({ date: DATE, unit: "USD", total, provisional: [] });
const leak: Anomaly = { series: "Logs", kind: "creep", from: "2026-10-24", to: DATE, excess: 420 };

describe("the lines of the cost digest", () => {
  it("name the month that is forecast when it is not the day's own, and settle nothing of it", () => {
    const facts = judgeCost(day(100), read(100));

    expect(quietLine(day(100), facts, read(100))).toBe(
      "Nothing moved beyond its noise. Forecast for November $3,000.00 (likely $2,900.00 to $3,100.00).",
    );
  });

  it("tell what moved and since when in one line, and not again as an open anomaly", () => {
    const facts = judgeCost(day(160), read(160, [leak]));

    const lines = summaryLines(day(160), facts, read(160, [leak]), facts.movers, []);

    expect(lines[0]).toBe(
      "- Up: **Logs +$60.00** ($160.00, usually $100.00); $420.00 above expected since 24 October, a little more each day",
    );
    expect(lines.join("\n")).not.toContain("Open anomal");
  });

  it("are one again when what is off has been told for days, with what is open in it", () => {
    const flat = read(160, [leak]);
    const raised = costs(160).map((fact) => (fact.at >= toInstant("2026-10-24") ? { ...fact, value: 160 } : fact));
    const facts = judgeCost(day(160), { ...flat, history: finding({}, raised) });

    expect(facts).toMatchObject({ quiet: true, movers: [], open: [leak] });
    expect(quietLine(day(160), facts, flat)).toMatch(/^Nothing new moved beyond its noise\./);
    expect(quietLine(day(160), facts, flat)).toContain("Open anomaly: Logs $420.00 above expected since 24 October.");
  });

  it("say that an anomaly is over, once", () => {
    const ended = { ...leak, to: "2026-10-30" };
    const facts = judgeCost(day(100), read(100, [ended]));

    expect(facts.quiet).toBe(true);
    expect(quietLine(day(100), facts, read(100))).toContain("Over: Logs $420.00 above expected from 24 October to 30 October.");
    expect(judgeCost(day(100), read(100, [{ ...ended, to: "2026-10-29" }])).ended).toEqual([]);
  });

  it("are pictured by what moved, in the range the words speak of", async () => {
    const { series, odd } = judgeCost(day(160), read(160));

    const chart = await usualChart({
      ...{ name: "Logs", series: series.get("Logs") ?? new Map(), date: DATE, unit: "USD", odd },
      receipts: [{ id: "r1", source: "bill", query: "q", fetchedAt: toInstant(DATE), status: "demo" }],
    });

    expect(chart?.title).toBe("Logs: $60.00 above usual on 31 October");
    expect(chart?.alt).toContain("demo data");
    expect(chart?.figures?.rows.at(-1)).toEqual([DATE, 160, 100, 100, "yes"]);
    expect(chart?.figures?.rows.at(-2)?.at(-1)).toBeNull();
  });
});
