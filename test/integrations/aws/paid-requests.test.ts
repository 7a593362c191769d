import { afterEach, describe, expect, test } from "vitest";
import type { ToolContext } from "../../../src/core/tool.ts";
import { costDigest } from "../../../src/digests/cost.ts";
import { tools } from "../../../src/tools/index.ts";
import { NOW, patience, type Running, startAws } from "./world.ts";

/** Each request to Cost Explorer costs a cent: how many a person's question takes, and a day of them. */

let running: Running | undefined;
afterEach(() => running?.stop());

async function open() {
  running = await startAws();
  const context = (): ToolContext => ({
    user: { id: "u", name: "Ada", timeZone: "UTC", roles: ["viewer"] },
    audience: "group",
    now: NOW,
    signal: patience(),
    tools,
    feeds: running?.connection.feeds ?? [],
  });
  const paid = () => running?.sent().filter((operation) => /^Get(CostAndUsage|Tags|CostForecast)|^GetDimension/.test(operation)) ?? [];
  const run = async (name: string, input: object) => {
    const tool = tools.find((one) => one.name === name);
    if (!tool) throw new Error(`no tool ${name}`);
    await tool.run(tool.input.parse(input), context());
    return paid();
  };
  return { context, paid, run };
}

describe("paid requests", () => {
  test("of a cost digest are some two dozen, and none for the next within hours", async () => {
    const { context, paid } = await open();

    await costDigest.compose({}, context());
    const first = paid();
    await costDigest.compose({}, context());
    // Names were learned meanwhile, and with them which two dimensions are asked for together.
    const again = paid();
    await costDigest.compose({}, context());

    expect(first.length).toBeLessThanOrEqual(26);
    expect(again.length).toBeLessThanOrEqual(6);
    expect(paid()).toEqual([]);
  });

  test("of a question why are fewer than its dimensions have values", async () => {
    const { run } = await open();

    const first = await run("explain_change", { feed: "costs", period: { from: "2026-11-09", to: "2026-11-15" }, compare: "previous" });
    const second = await run("explain_change", {
      feed: "costs",
      filter: { service: "AmazonCloudWatch" },
      period: { from: "2026-11-18", to: "2026-11-18" },
      compare: { from: "2026-11-11", to: "2026-11-11" },
    });
    expect(first.length).toBeLessThanOrEqual(19);
    expect(second.length).toBeLessThanOrEqual(13);
  });
});
