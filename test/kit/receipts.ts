import { expect } from "vitest";
import { toInstant } from "../../src/core/civil-date.ts";
import type { Fact, Receipt } from "../../src/core/fact.ts";
import { isCurrency } from "../../src/core/format.ts";
import { isPeriod } from "../../src/core/period.ts";

/** What every receipt says, whoever made it. */
export function expectCompleteReceipts(receipts: readonly Receipt[]): void {
  expect(receipts.length).toBeGreaterThan(0);
  for (const receipt of receipts) {
    expect(receipt.id).toMatch(/^\S+$/);
    expect(receipt.source.trim()).not.toBe("");
    expect(receipt.query.length).toBeGreaterThan(5);
    expect(receipt.query).not.toMatch(/[\n\r]|\bselect\b.*\bfrom\b/i);
    expect(Number.isNaN(receipt.fetchedAt.getTime())).toBe(false);
    expect(["live", "stale", "demo"]).toContain(receipt.status);
    if (receipt.window) expect(isPeriod(receipt.window)).toBe(true);
  }
  expect(new Set(receipts.map((r) => r.id)).size).toBe(receipts.length);
}

/** What every fact is: a finite number of a day, and money with its currency. */
export function expectSoundFacts(facts: readonly Fact[], money: boolean): void {
  for (const fact of facts) {
    expect(Number.isFinite(fact.value)).toBe(true);
    expect(fact.at.getTime()).toBe(toInstant(fact.at.toISOString().slice(0, 10)).getTime());
    expect(fact.measure).not.toBe("");
    if (money) expect(isCurrency(fact.unit)).toBe(true);
    for (const value of Object.values(fact.labels)) expect(typeof value).toBe("string");
  }
}
