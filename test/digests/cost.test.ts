import { describe, expect, it } from "vitest";
import { fromInstant } from "../../src/core/civil-date.ts";
import type { Feed } from "../../src/core/feed.ts";
import { costDigest } from "../../src/digests/cost.ts";
import { customDigest } from "../../src/digests/custom.ts";
import { healthDigest } from "../../src/digests/health.ts";
import { UserError, VendorError } from "../../src/errors.ts";
import { tools } from "../../src/tools/index.ts";
import { billFeed } from "../kit/fixture-feed.ts";
import { contextOf } from "../tools/world.ts";

const context = (feeds: Feed[]) => ({ ...contextOf(feeds), tools });

/** The source fails whatever it is asked. */
function broken(feed: Feed): Feed {
  return {
    ...feed,
    query: async () => {
      throw new VendorError("AWS", "AWS did not answer in time.");
    },
  };
}

describe("the cost digest", () => {
  it("fits a phone: at most ten lines, each figure with its receipt, one chart", async () => {
    const { reply, calls } = await costDigest.compose({ budget: 1 }, context([billFeed()]));

    expect(reply.text.split("\n").length).toBeLessThanOrEqual(10);
    expect(reply.text).toMatch(/^\*\*Cloud cost, \w+day \d+ \w+: \S+\*\*/);
    expect(reply.text).toContain("over** the budget");
    expect(reply.receipts?.length).toBeGreaterThan(2);
    expect((reply.blocks ?? []).filter(({ type }) => type === "chart").length).toBeLessThanOrEqual(1);
    expect(calls.at(-1)?.call).toMatchObject({ name: "get_costs", input: { by: "service" } });
  });

  it("judges the newest settled day and marks later ones as provisional", async () => {
    const feed = billFeed();
    const provisional: Feed = {
      ...feed,
      async query(query, signal) {
        const answer = await feed.query(query, signal);
        return { ...answer, receipts: answer.receipts.map((receipt) => ({ ...receipt, provisional: "since 2026-11-19" })) };
      },
    };

    const { reply } = await costDigest.compose({}, context([provisional]));

    expect(reply.text).toContain("Wednesday 18 November");
    expect(reply.text).toMatch(/Not final, so not judged yet: 19 November \(.+ so far\)/);
  });

  it("says in one line that nothing moved, with where the month ends", async () => {
    const feed = billFeed();
    const flat: Feed = {
      ...feed,
      async query(query, signal) {
        const answer = await feed.query(query, signal);
        return { ...answer, facts: answer.facts.map((fact) => ({ ...fact, value: query.grain === "day" ? 100 : fact.value })) };
      },
    };

    const { reply, quiet, details } = await costDigest.compose({}, context([flat]));

    expect(quiet).toBe(true);
    expect(reply.text.split("\n")).toHaveLength(2);
    expect(reply.text).toMatch(/Nothing moved beyond its noise\. Month-end forecast/);
    expect(reply.blocks ?? []).toEqual([]);
    expect(details).toBeUndefined();
  });

  it("names a part that failed and tells the rest", async () => {
    const feed = billFeed();
    const partly: Feed = {
      ...feed,
      async query(query, signal) {
        const day = query.period && query.period.from === query.period.to ? fromInstant(new Date(query.period.from)) : undefined;
        if (day) throw new VendorError("AWS", "AWS did not answer in time.");
        return feed.query(query, signal);
      },
    };

    const { reply } = await costDigest.compose({ budget: 1 }, context([partly]));

    expect(reply.text).toContain("_Missing: the parts of the day (AWS did not answer in time");
    expect(reply.text).toContain("Month-end forecast");
  });

  it("throws what failed when nothing could be read, and says so when nothing is connected", async () => {
    await expect(costDigest.compose({}, context([broken(billFeed())]))).rejects.toThrow(/AWS did not answer/);
    await expect(costDigest.compose({}, context([]))).rejects.toThrow(UserError);
  });
});

describe("other digests", () => {
  it("say what is missing when nothing they tell of is connected", async () => {
    await expect(healthDigest.compose({}, context([]))).rejects.toThrow(/connected/);
  });

  it("of people's own are made of the tools they name, in their order", async () => {
    const parts = [
      { tool: "pareto", input: { by: "service", period: "last month" }, title: "Few" },
      { tool: "get_costs", input: { period: "last month" } },
    ];

    const { reply, details } = await customDigest.compose({ title: "Mine", parts }, context([billFeed()]));

    const [heading, first, second] = reply.text.split("\n");
    expect(heading).toBe("**Mine**");
    expect(first).toMatch(/^- Few: /);
    expect(second).toMatch(/^- \*\*Cost for October 2026/);
    expect(details?.blocks?.length).toBeGreaterThan(0);
  });

  it("of people's own refuse a tool that is not there", async () => {
    await expect(customDigest.compose({ parts: [{ tool: "get_cots" }] }, context([billFeed()]))).rejects.toThrow(/no tool “get_cots”/);
    await expect(customDigest.compose({}, context([billFeed()]))).rejects.toThrow(/made of nothing/);
  });
});
