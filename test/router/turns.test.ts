import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Turn } from "../../src/core/agent.ts";
import type { Reply } from "../../src/core/reply.ts";
import { defineTool, type Tool } from "../../src/core/tool.ts";
import { UserError, VendorError } from "../../src/errors.ts";
import { pareto } from "../../src/tools/pareto.ts";
import { aCall, aReceipt, aUser } from "../kit/conversation.ts";
import { finalOf, GRACE_MS, openWorld, TURN_MS, type World } from "./world.ts";

let world: World;
afterEach(() => world.close());

const USER = aUser().id;
const turnsOf = async (conversation = "c1") => (await world.conversations.read(conversation, USER))?.turns ?? [];
/** Every handler's promise: statuses and growing text, then exactly one final reply, which is the last. */
function expectPromises(replies: readonly Reply[]): Reply {
  expect(replies.map(({ final }) => final)).toEqual([...Array(replies.length - 1).fill(false), true]);
  for (const [i, { text }] of replies.entries()) expect(text.startsWith(replies[i - 1]?.text ?? "")).toBe(true);
  return replies.at(-1) as Reply;
}

describe("a turn", () => {
  it("that has ended is let go: its time runs no more, and what still listens to its signal hears the end", async () => {
    const signals: AbortSignal[] = [];
    const running: number[][] = [];
    world = await openWorld({
      async *answer(turn) {
        signals.push(turn.context.signal);
        running.push(world.running());
        yield finalOf(turn, "done");
      },
    });

    await world.ask("hello");

    expect(running).toEqual([[TURN_MS]]);
    expect(world.running()).toEqual([]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect((await turnsOf())[0]).toMatchObject({ state: "done" });
  });

  it("is kept with its calls and receipts, in order, and remembered by the next", async () => {
    world = await openWorld();
    const first = expectPromises(await world.ask("Which services make up 80% of our cost in October 2026?"));
    const second = expectPromises(await world.ask("and by region?"));

    expect(first.turn?.tools).toEqual([{ name: "pareto", input: expect.objectContaining({ by: "service" }) }]);
    expect(second.turn?.tools).toEqual([{ name: "pareto", input: expect.objectContaining({ by: "region" }) }]);
    const kept = await turnsOf();
    expect(kept).toMatchObject([
      { id: first.turn?.id, question: "Which services make up 80% of our cost in October 2026?", state: "done", userId: USER },
      { id: second.turn?.id, question: "and by region?", state: "done" },
    ]);
    expect(kept[0]?.reply).toEqual(JSON.parse(JSON.stringify(first), revive));
    expect(kept[0]?.reply?.receipts).toEqual([expect.objectContaining({ source: "bill", fetchedAt: expect.any(Date) })]);
    expect(kept.map(({ calls }) => calls)).toEqual([first.turn?.tools, second.turn?.tools]);
    expect(world.faults).toEqual([]);
  });

  it("is kept before the agent begins, and finished before its end is told", async () => {
    const states: unknown[] = [];
    world = await openWorld({
      async *answer(turn) {
        states.push((await turnsOf())[0]?.state);
        turn.record(aCall("first"));
        turn.record(aCall("second", { error: "no" }));
        yield finalOf(turn, "done", { receipts: [aReceipt()] });
      },
    });

    for await (const reply of world.handle(world.message("help"), new AbortController().signal))
      if (reply.final) states.push((await turnsOf())[0]?.state);

    expect(states).toEqual(["running", "done"]);
    expect((await turnsOf())[0]?.calls.map(({ name }) => name)).toEqual(["first", "second"]);
  });

  it("is one, however often the gesture is delivered", async () => {
    let runs = 0;
    world = await openWorld({
      async *answer(turn) {
        runs += 1;
        yield finalOf(turn, "once");
      },
    });

    const deliveries = await Promise.all(Array.from({ length: 5 }, () => world.ask("How much?", { id: "m-same" })));
    const later = await world.ask("How much?", { id: "m-same" });

    expect(deliveries.filter((replies) => replies.length > 0).length).toBe(1);
    expect([runs, later.length, (await turnsOf()).length]).toEqual([1, 0, 1]);
  });

  it("is one also when the gesture cannot be read as a question", async () => {
    world = await openWorld();

    const [first, second] = [await world.ask("🎉", { id: "m-same" }), await world.ask("🎉", { id: "m-same" })];

    expect([first.at(-1)?.final, second.length, (await turnsOf()).length]).toEqual([true, 0, 1]);
  });

  it("waits for the one before in its conversation, and for no other conversation", async () => {
    const order: string[] = [];
    const gates = new Map<string, () => void>();
    const arrived = new Map(["one", "other"].map((text) => [text, Promise.withResolvers<void>()]));
    world = await openWorld({
      async *answer(turn) {
        const { text } = turn.message;
        order.push(`begin ${text}`);
        arrived.get(text)?.resolve();
        if (text !== "two") await new Promise<void>((resolve) => gates.set(text, resolve));
        order.push(`end ${text}`);
        yield finalOf(turn, `${text} after ${turn.history.map(({ question }) => question).join()}`);
      },
    });
    const one = world.ask("one");
    const two = world.ask("two");
    const other = world.ask("other", { conversation: "c2" });
    await Promise.all([...arrived.values()].map(({ promise }) => promise));

    gates.get("other")?.();
    await other;
    gates.get("one")?.();

    expect((await two).at(-1)?.text).toBe("two after one");
    await one;
    expect(order.slice(2)).toEqual(["end other", "end one", "begin two", "end two"]);
  });

  it("uses only tools of its asker's roles, and the same list each time for the same roles", async () => {
    const seen: (readonly Tool[])[] = [];
    const tool = (name: string, role: Tool["role"]) =>
      defineTool({
        ...pareto,
        name,
        role,
        input: z.strictObject({}),
        run: async () => ({ content: "", blocks: [], receipts: [] }),
      }) as Tool;
    world = await openWorld({
      tools: [tool("for_all", "viewer"), tool("for_analysts", "analyst"), tool("for_admins", "admin")],
      async *answer(turn) {
        expect(turn.context.tools).toBe(turn.tools);
        seen.push(turn.tools);
        yield finalOf(turn, "ok");
      },
    });

    for (const [i, role] of (["viewer", "analyst", "admin", "viewer"] as const).entries())
      await world.ask("help", { conversation: `c${i}`, user: { ...aUser(`u${i}`), roles: [role] } });
    await world.ask("help", { conversation: "c9", user: { ...aUser("u9"), roles: [] } });

    expect(seen.map((tools) => tools.length)).toEqual([1, 2, 3, 1, 0]);
    expect(seen[3]).toBe(seen[0]);
  });

  it("carries its id through everything the agent does", async () => {
    world = await openWorld();

    const [kept, status] = await world.ask("How much did we spend in October 2026?");

    expect(kept).toEqual({ text: "", final: false });
    expect(status?.status).toContain("reading");
    expect(new Set(world.correlated).size).toBe(1);
    expect((await turnsOf())[0]?.id).toBe(world.correlated[0]);
  });

  it("in another's conversation is refused and not kept", async () => {
    world = await openWorld();
    await world.ask("help", { user: aUser("local:ada") });

    const [refusal] = await world.ask("help", { user: aUser("local:ben") });

    expect(refusal).toMatchObject({ final: true, text: expect.stringContaining("no such conversation of yours") });
    expect((await turnsOf()).length).toBe(1);
    expect(world.faults).toEqual([]);
  });
});

describe("an end comes", () => {
  it("when a tool has a bug: no word of it to the person, all of it to the log", async () => {
    const broken = { ...pareto, run: () => Promise.reject(new TypeError("cannot read hunter2 of undefined")) } as Tool;
    world = await openWorld({ tools: [broken] });

    const final = expectPromises(await world.ask("Which services make up 80% of our cost in October 2026?"));

    expect(final.text).toContain("Something went wrong on our side");
    expect(JSON.stringify(final)).not.toMatch(/hunter2|\bat .*\.ts/);
    expect(world.faults).toEqual([expect.objectContaining({ message: "cannot read hunter2 of undefined" })]);
    expect((await turnsOf())[0]?.calls.map(({ name }) => name)).toEqual(["pareto"]);
  });

  it.each([
    [new UserError("Say which region."), "Say which region.", 0],
    [
      new VendorError("AWS", "AWS did not answer.", { detail: "<b>ignore\nthat</b>" }),
      "AWS did not answer. (AWS: “<b>ignore that</b>”)",
      0,
    ],
  ])("when a tool cannot: %s", async (error, words, faults) => {
    world = await openWorld({ tools: [{ ...pareto, run: () => Promise.reject(error) } as Tool] });

    expect(expectPromises(await world.ask("Pareto of cost by service")).text).toBe(words);
    expect(world.faults.length).toBe(faults);
  });

  it("when an agent throws midway: what was shown stays, and calls made are kept", async () => {
    world = await openWorld({
      async *answer(turn) {
        yield { text: "October cost", final: false };
        turn.record(aCall("get_costs"));
        throw new Error("bug");
      },
    });

    const final = expectPromises(await world.ask("How much?"));

    expect(final.text).toMatch(/^October cost\n\nSomething went wrong on our side/);
    expect(final.turn?.tools).toEqual([aCall("get_costs").call]);
    expect(await turnsOf()).toMatchObject([{ state: "failed", reply: { text: final.text }, calls: [{ name: "get_costs" }] }]);
    expect(world.faults).toEqual([expect.objectContaining({ message: "bug" })]);
  });

  it.each([
    ["throws at once", () => raise(new Error("bug"))],
    ["gives nothing", async function* () {}],
    [
      "gives no final reply",
      async function* () {
        yield { text: "half", final: false };
      },
    ],
  ])("when an agent %s", async (_, answer) => {
    world = await openWorld({ answer });

    expect(expectPromises(await world.ask("How much?")).text).toContain("Something went wrong on our side");
    expect((await turnsOf())[0]?.state).toBe("failed");
    expect(world.faults.length).toBe(1);
  });

  it("when an agent goes on after its end: nobody hears it", async () => {
    world = await openWorld({
      async *answer(turn) {
        yield finalOf(turn, "the end");
        yield finalOf(turn, "another end");
      },
    });

    expect(expectPromises(await world.ask("How much?")).text).toBe("the end");
  });

  it("when time is up and the agent ends by itself", async () => {
    world = await openWorld({
      async *answer(turn, signal) {
        queueMicrotask(() => world.expire(TURN_MS));
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        yield finalOf(turn, "This answer was cut short.", { receipts: [aReceipt()] });
      },
    });

    expect(expectPromises(await world.ask("How much?")).text).toBe("This answer was cut short.");
  });

  it("when time is up and the agent has nothing to show: in words that help", async () => {
    world = await openWorld({
      tools: [
        {
          ...pareto,
          async run(_: unknown, context: Turn["context"]) {
            queueMicrotask(() => world.expire(TURN_MS));
            await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
            throw context.signal.reason;
          },
        } as unknown as Tool,
      ],
    });

    expect(expectPromises(await world.ask("Pareto of cost by service")).text).toMatch(/too long .* shorter period/);
  });

  it("when time is up and the agent never notices: it is left behind, and the next turn runs", async () => {
    const stuck = Promise.withResolvers<never>();
    world = await openWorld({
      async *answer(turn) {
        if (turn.message.text === "next") yield finalOf(turn, "here");
        yield { text: "October", final: false };
        turn.record(aCall("get_costs"));
        await stuck.promise;
      },
    });
    const asking = world.ask("How much?");
    const next = world.ask("next");
    await expect.poll(async () => (await turnsOf())[0]?.calls.length, { timeout: 10_000 }).toBe(1);

    world.expire(TURN_MS);
    world.expire(GRACE_MS);

    const final = expectPromises(await asking);
    expect(final.text).toMatch(/^October\n\nThat took too long/);
    expect((await next).at(-1)?.text).toBe("here");
    expect(await turnsOf()).toMatchObject([{ state: "failed", calls: [{ name: "get_costs" }] }, { state: "done" }]);
    // A late failure of the one left behind is told, and ends nothing.
    stuck.reject(new Error("late"));
    expect(world.faults).toEqual([]);
  });

  it("when the caller has had enough", async () => {
    const caller = new AbortController();
    world = await openWorld({
      async *answer(_, signal) {
        yield { text: "October", final: false };
        const stopped = new Promise((resolve) => signal.addEventListener("abort", resolve));
        caller.abort();
        await stopped;
        throw signal.reason;
      },
    });

    const final = expectPromises(await world.ask("How much?", {}, caller.signal));

    expect(final.text).toBe("October\n\nStopped before the answer was complete.");
    expect((await turnsOf())[0]?.state).toBe("failed");
    expect(world.faults).toEqual([]);
  });

  it("when the caller leaves in the middle: the turn is closed and the next one runs", async () => {
    world = await openWorld({
      async *answer(turn) {
        yield { text: "October", final: false };
        yield finalOf(turn, "October cost much.");
      },
    });
    for (const words of ["", "October"]) {
      for await (const reply of world.handle(world.message("How much?"), new AbortController().signal)) if (reply.text === words) break;

      const kept = (await turnsOf()).at(-1);
      expect(kept).toMatchObject({ state: "failed", reply: { text: expect.stringMatching(new RegExp(`^${words}`)) } });
    }
    expect(expectPromises(await world.ask("again")).text).toBe("October cost much.");
  });

  it("when the caller has gone before its place came: the agent is not troubled", async () => {
    let runs = 0;
    world = await openWorld({
      async *answer(turn) {
        runs += 1;
        yield finalOf(turn, "never");
      },
    });

    const final = expectPromises(await world.ask("How much?", {}, AbortSignal.abort()));

    expect(final.text).toBe("Stopped before the answer was complete.");
    expect(runs).toBe(0);
    expect(await turnsOf()).toMatchObject([{ state: "failed" }]);
  });

  it("when the database is gone", async () => {
    world = await openWorld();
    await world.close();

    const final = expectPromises(await world.ask("How much?"));

    expect(final.text).toContain("Something went wrong on our side");
    expect(world.faults.length).toBe(1);
  });
});

function raise(error: Error): never {
  throw error;
}

function revive(key: string, value: unknown): unknown {
  return key === "fetchedAt" ? new Date(String(value)) : value;
}
