import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reconcileFile } from "../../src/digests/from-file.ts";
import { digests } from "../../src/digests/index.ts";
import { ConfigError, UserError } from "../../src/errors.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const COST = { digest: "cost", schedule: "every weekday at 9 in Berlin", channel: "slack", conversation: "slack:T1:C1" };

function reconcile(content: unknown): Promise<void> {
  const { subscriptions } = world;
  return reconcileFile(content, {
    digests,
    subscriptions,
    timeZone: "UTC",
    whyOff: (channel) => (channel === "teams" ? "Microsoft Teams is not set up here, so nothing would arrive there." : undefined),
    roomOf: ({ channel, conversation }) => (channel === "slack" ? conversation : undefined),
    toolNames: ["get_costs", "list_incidents"],
    outsidePlace(name) {
      if (name.endsWith("@example.com")) return { channel: "email", conversation: `email:${name}` };
      throw new UserError(`Mail may not go to ${name}.`);
    },
  });
}

describe("the digests of the file", () => {
  it("are subscribed once, however often the file is read", async () => {
    await reconcile([COST]);
    const [before] = await world.subscriptions.list();
    world.pass(60_000);
    await reconcile([COST]);

    expect(await world.subscriptions.list()).toEqual([before]);
    expect(before).toMatchObject({ digest: "cost", pattern: "0 9 * * 1-5", timeZone: "Europe/Berlin", origin: "file" });
  });

  it("change with the file and go with it, and those of people stay", async () => {
    await world.subscribe();
    await reconcile([COST, { ...COST, digest: "health" }]);
    await reconcile([{ ...COST, schedule: "daily 10:00", budget: "20000" }]);

    expect((await world.subscriptions.list()).map(({ digest, pattern, order }) => [digest, pattern, order])).toEqual([
      ["test", "0 9 * * *", {}],
      ["cost", "0 10 * * *", { budget: 20_000 }],
    ]);
    await reconcile(undefined);
    expect((await world.subscriptions.list()).map(({ digest }) => digest)).toEqual(["test"]);
  });

  it("are refused for a key that is none, with the near one, and for one that is missing", async () => {
    const { channel: _, ...nowhere } = COST;

    await expect(reconcile([{ ...COST, converation: "x" }])).rejects.toThrow(
      "firstmate.yaml: digests, entry 1: converation is not a field; did you mean “conversation”?",
    );
    await expect(reconcile([{ ...COST, timeZone: "Europe/Berlin" }])).rejects.toThrow(
      /timeZone is not a field \(there is digest, schedule, /,
    );
    await expect(reconcile([nowhere])).rejects.toThrow("entry 1: channel is needed, as a string.");
    await expect(reconcile("cost")).rejects.toThrow("firstmate.yaml: digests must be a list.");
  });

  it("are refused for a tool whose name is nearly one, and may name one that joins later", async () => {
    const made = (tool: string) => reconcile([{ ...COST, digest: "custom", parts: [{ tool }] }]);

    await expect(made("get_cots")).rejects.toThrow(/entry 1: there is no tool “get_cots”. Did you mean get_costs\?/);
    await made("wiki_search");
    expect(await world.subscriptions.list()).toHaveLength(1);
  });

  it("are refused for a channel that is off, with what to do", async () => {
    await expect(reconcile([{ ...COST, channel: "teams", conversation: "teams:19:a@thread.tacv2" }])).rejects.toThrow(
      /entry 1: Microsoft Teams is not set up here.+ Set it up .+ or take the entry out/,
    );
    expect(await world.subscriptions.list()).toEqual([]);
  });

  it("hold tools with their inputs", async () => {
    await reconcile([{ ...COST, digest: "custom", title: "Week", parts: [{ tool: "get_costs", input: { by: "service", top: "3" } }] }]);

    expect((await world.subscriptions.list())[0]?.order).toEqual({
      title: "Week",
      parts: [{ tool: "get_costs", input: { by: "service", top: 3 } }],
    });
  });

  it("go by mail where an address is named, and to no other", async () => {
    await reconcile([{ ...COST, channel: "email", conversation: "finance@example.com" }]);

    expect(await world.subscriptions.list()).toMatchObject([{ channel: "email", conversation: "email:finance@example.com" }]);
    await expect(reconcile([{ ...COST, channel: "email", conversation: "eve@evil.example" }])).rejects.toThrow(
      "firstmate.yaml: digests, entry 1: Mail may not go to eve@evil.example.",
    );
  });

  it("are refused with every problem at once, and then nothing changes", async () => {
    await reconcile([COST]);
    const wrong = [
      { ...COST, digest: "cots" },
      { ...COST, schedule: "daily 09:00 Europe/Berln" },
      { ...COST, channel: "irc" },
      { digest: "cost" },
      { ...COST, digest: "custom" },
    ];

    const error = await reconcile(wrong).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(ConfigError);
    const said = (error as ConfigError).problems.join("\n");
    for (const part of ["Did you mean “cost”", "Did you mean Europe/Berlin", "no channel “irc”", "entry 4: schedule", "needs parts"])
      expect(said).toContain(part);
    expect(await world.subscriptions.list()).toHaveLength(1);
    await expect(reconcile("cost")).rejects.toThrow(/must be a list/);
  });
});
