import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineTool, type Tool } from "../../src/core/tool.ts";
import { customDigest } from "../../src/digests/custom.ts";
import { createParts, detailsOf, missingLine } from "../../src/digests/parts.ts";
import { VendorError } from "../../src/errors.ts";
import { contextOf } from "../tools/world.ts";
import { openWorld, type World } from "./world.ts";

/** What digests promise, as it is told to those who depend on them. */

const NINE = new Date("2026-11-20T08:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

describe("downtime over the one slot of a week", () => {
  test.each([
    { down: "one minute", ms: MINUTE, posts: [`for ${NINE.toISOString()}`], late: MINUTE, states: ["sent"] },
    { down: "three hours", ms: 3 * HOUR, posts: [`_Late: due 09:00._\nfor ${NINE.toISOString()}`], late: 3 * HOUR, states: ["sent"] },
    { down: "three days", ms: 3 * DAY, posts: [], late: 3 * DAY, states: ["missed"] },
  ])("of $down: $states, and how late is counted", async ({ ms, posts, late, states }) => {
    world = await openWorld("sqlite::memory:", new Date(NINE.getTime() - MINUTE));
    const { id } = await world.subscribe({ pattern: "0 9 * * 5", schedule: "fridays at 09:00" });
    await world.process().tick();

    world.setClock(new Date(NINE.getTime() + ms));
    for (let i = 0; i < 3; i++) await world.process().tick();

    expect(world.platform.posts.map(({ reply }) => reply.text)).toEqual(posts);
    expect((await world.runs.recent(id, 10)).map(({ state }) => state)).toEqual(states);
    expect(world.events.map(({ latenessMs }) => latenessMs)).toEqual([late]);
  });

  test("and the next one says what was missed, once", async () => {
    world = await openWorld("sqlite::memory:", new Date(NINE.getTime() - MINUTE));
    await world.subscribe({ pattern: "0 9 * * 5", schedule: "fridays at 09:00" });
    world.setClock(new Date(NINE.getTime() + 3 * DAY));
    await world.process().tick();

    for (const weeks of [1, 2]) {
      world.setClock(new Date(NINE.getTime() + weeks * 7 * DAY));
      await world.process().tick();
    }

    const texts = world.platform.posts.map(({ reply }) => reply.text);
    expect(texts.map((text) => text.includes("_The digest of 2026-11-20 09:00 was missed._"))).toEqual([true, false]);
  });
});

const VENDORS = ["AWS", "GitHub", "Jira", "Confluence", "New Relic", "Dynatrace", "Railway", "Anthropic", "PagerDuty", "Sentry"];
const nameOf = (vendor: string) => `read_${vendor.toLowerCase().replaceAll(" ", "_")}`;

/** One tool for each vendor; what is `down` fails so. */
function toolsOf(down: Readonly<Record<string, () => Promise<never>>>): Tool[] {
  return VENDORS.map((vendor) =>
    defineTool({
      name: nameOf(vendor),
      title: vendor,
      description: `Reads ${vendor}.`,
      examples: [`read ${vendor}`],
      effect: "read",
      role: "viewer",
      input: z.strictObject({}),
      async run() {
        await down[vendor]?.();
        const text = `${vendor} is fine.`;
        return { content: text, blocks: [{ type: "markdown", text }], receipts: [] };
      },
    }),
  );
}

describe("a digest made of ten vendors with two of them down", () => {
  const failing = (vendor: string) => async () => {
    throw new VendorError(vendor, `${vendor} did not answer properly.`, { status: 500 });
  };

  test("has the other eight, and names the two with their reasons in the thread", async () => {
    const tools = toolsOf({ Jira: failing("Jira"), Sentry: failing("Sentry") });
    const order = { parts: VENDORS.map((vendor) => ({ tool: nameOf(vendor), title: vendor })) };

    const { reply, details } = await customDigest.compose(order, contextOf([], { tools }));

    const up = VENDORS.filter((vendor) => vendor !== "Jira" && vendor !== "Sentry");
    for (const vendor of up) expect(reply.text).toContain(`- ${vendor}: ${vendor} is fine.`);
    expect(reply.text).toContain("_Missing: Jira and Sentry; the reasons are in the thread._");
    expect(details?.text).toContain("- Jira: Jira did not answer properly.\n- Sentry: Sentry did not answer properly.");
  });

  test("is on time though one of them never answers and heeds nothing", async () => {
    const tools = toolsOf({ Jira: failing("Jira"), Sentry: () => new Promise<never>(() => {}) });
    const parts = createParts(contextOf([], { tools }), 50);

    const found = await Promise.all(VENDORS.map((vendor) => parts.ask(vendor, nameOf(vendor), {})));

    expect(found.filter(Boolean)).toHaveLength(8);
    expect(missingLine(parts)).toEqual(["_Missing: Jira and Sentry; the reasons are in the thread._"]);
    expect(detailsOf(parts, []).text).toContain("- Sentry: it took too long");
  });
});
