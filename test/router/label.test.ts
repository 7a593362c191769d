import { describe, expect, it } from "vitest";
import type { Receipt } from "../../src/core/fact.ts";
import { label } from "../../src/router/label.ts";

const receipt = (status: Receipt["status"]): Receipt => ({
  id: status,
  source: "bill",
  query: "cost",
  fetchedAt: new Date("2026-11-21T09:00:00Z"),
  status,
});

describe("what an answer says of its figures", () => {
  it("is nothing when they are live", () => {
    expect(label({ text: "Ten.", receipts: [receipt("live")], final: true }).notice).toBeUndefined();
  });

  it("is that they are invented, as soon as one is, before how they were made", () => {
    const reply = label({
      text: "Ten.",
      receipts: [receipt("live"), receipt("demo")],
      notice: "Answered without a language model.",
      final: true,
    });

    expect(reply.notice).toBe("Demo data: a simulated company. Answered without a language model.");
  });

  it("is that they are old when a source could not be reached", () => {
    expect(label({ text: "Ten.", receipts: [receipt("stale")], final: true }).notice).toMatch(/stale/);
  });

  it("is which source is old, how old and why, each once", () => {
    const old = (source: string): Receipt => ({ ...receipt("stale"), source, outage: "as of 09:00, 40 min old, because it failed (500)" });
    const { notice } = label({ text: "Ten.", receipts: [old("Jira"), old("Jira"), old("GitHub")], final: true });

    expect(notice).toBe(
      "Stale: Jira as of 09:00, 40 min old, because it failed (500); GitHub as of 09:00, 40 min old, because it failed (500).",
    );
  });
});
