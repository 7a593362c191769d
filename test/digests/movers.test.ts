import { describe, expect, it } from "vitest";
import { addDays, fromInstant, toInstant } from "../../src/core/civil-date.ts";
import type { Fact } from "../../src/core/fact.ts";
import { HISTORY_DAYS, isUnusual, moversOf, totalSeries, usualDay } from "../../src/digests/movers.ts";
import { seededRandom } from "../kit/random.ts";

const DAY = "2026-11-18";
const asked = { date: DAY, unit: "USD", total: 1_000, dimension: "service" };

/** Nine weeks of a service that costs less on Saturday and Sunday, and the day itself. */
function history(service: string, base: number, onTheDay: number, noise = 0.01): Fact[] {
  const random = seededRandom(base);
  return Array.from({ length: HISTORY_DAYS + 1 }, (_, i) => {
    const date = addDays(DAY, i - HISTORY_DAYS);
    const weekend = [0, 6].includes(toInstant(date).getUTCDay());
    const value = date === DAY ? onTheDay : base * (weekend ? 0.6 : 1) * (1 + noise * (random() - 0.5));
    return { at: toInstant(date), measure: "cost", value, unit: "USD", labels: { service } };
  });
}

describe("what moved", () => {
  it("is what left its own weekday's noise, by money", () => {
    const facts = [
      ...history("steady", 500, 502),
      ...history("up", 200, 260),
      ...history("down", 300, 200),
      ...history("noisy", 100, 130, 0.6),
    ];

    expect(moversOf(facts, asked).map(({ name, isNew }) => [name, isNew])).toEqual([
      ["down", false],
      ["up", false],
    ]);
  });

  it("leaves out what is less than 1 % of the day, however unusual", () => {
    expect(moversOf(history("small", 2, 9), asked)).toEqual([]);
  });

  it("names what was not there before as new, and says nothing of what has too little history", () => {
    const fresh: Fact = { at: toInstant(DAY), measure: "cost", value: 80, unit: "USD", labels: { service: "fresh" } };
    const young = [1, 2, 3].map((days) => ({ ...fresh, at: toInstant(addDays(DAY, -days)), labels: { service: "young" } }));

    expect(moversOf([fresh, ...young, { ...fresh, value: 500, labels: { service: "young" } }], asked)).toEqual([
      { name: "fresh", value: 80, usual: 0, change: 80, isNew: true, goesOn: false },
    ]);
  });

  it("is not a charge that comes each month on this date", () => {
    const facts = history("support", 100, 400).map((fact) =>
      fact.at.getTime() === toInstant("2026-10-18").getTime() ? { ...fact, value: 395 } : fact,
    );

    expect(moversOf(facts, asked)).toEqual([]);
  });

  it("is not the way back from a month of odd days: those are no measure of what is usual", () => {
    const isOdd = (date: string) => date >= "2026-10-20" && date <= "2026-11-16";
    const facts = history("leak", 100, 100).map((fact) => (isOdd(fromInstant(fact.at)) ? { ...fact, value: 3 * fact.value } : fact));
    const still = facts.map((fact) => (fromInstant(fact.at) === DAY ? { ...fact, value: 300 } : fact));
    const odd = (name: string, date: string) => name === "leak" && isOdd(date);

    expect(moversOf(facts, asked)).toMatchObject([{ name: "leak", change: expect.closeTo(-200, -1) }]);
    expect(moversOf(facts, asked, odd)).toEqual([]);
    expect(moversOf(still, asked, odd)).toMatchObject([{ name: "leak", usual: expect.closeTo(100, -1) }]);
  });

  it("goes on, and is no news, when the days before were as far off; a further rise is news again", () => {
    const raised = (share: number) => (fact: Fact) =>
      fromInstant(fact.at) >= "2026-11-15" ? { ...fact, value: fact.value * (fromInstant(fact.at) === DAY ? share : 1.3) } : fact;
    const steps = [1.3, 1.6].map((share) => moversOf(history("level", 200, 200).map(raised(share)), asked));

    expect(steps.map(([mover]) => mover?.goesOn)).toEqual([true, false]);
    expect(moversOf(history("first", 200, 260), asked)[0]?.goesOn).toBe(false);
  });

  it("does not add other currencies", () => {
    const euros = history("up", 200, 260).map((fact) => ({ ...fact, unit: "EUR" }));

    expect(moversOf(euros, asked)).toEqual([]);
    expect(totalSeries(euros, "USD").size).toBe(0);
  });

  it("cannot be said of a day with fewer than two of its weekday before", () => {
    const series = new Map([
      [DAY, 5],
      [addDays(DAY, -7), 4],
    ]);

    expect(usualDay(series, DAY)).toBeUndefined();
    expect(isUnusual(new Map(), DAY, { value: 1, low: 0, high: 2 })).toBe(false);
  });
});
