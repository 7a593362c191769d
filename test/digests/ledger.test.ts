import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { UserError, VendorError } from "../../src/errors.ts";
import { type Postgres, startPostgres } from "../kit/postgres.ts";
import { type Fate, LEASE_MS, openWorld, testDigest, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A queue's first start takes a while on a busy machine. */
const PATIENCE = { timeout: 20_000 };
const NINE = new Date("2026-11-20T08:00:00Z");

let postgres: Postgres | undefined;
const stores = [
  { name: "SQLite", start: async () => {}, url: async () => "sqlite::memory:" },
  {
    name: "PostgreSQL",
    async start() {
      postgres = await startPostgres();
    },
    url: async () => postgres?.fresh() ?? "",
  },
];

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});
afterAll(() => postgres?.stop());

async function open(url = "sqlite::memory:", looks = true): Promise<World> {
  world = await openWorld(url, new Date(NINE.getTime() - HOUR), looks);
  return world;
}

function texts({ platform }: World): string[] {
  return platform.posts.map(({ reply }) => reply.text);
}

describe.each(stores)("each slot is one post ($name)", ({ start, url }) => {
  let missing = "";
  beforeAll(async () => {
    await start().catch((error: Error) => {
      missing = error.message;
    });
  }, 60_000);
  beforeEach((context) => context.skip(missing !== "", missing));
  const fresh = async () => open(await url());

  test("once when its time has come, and not before", async () => {
    const w = await fresh();
    await w.subscribe();
    const running = w.process();

    await running.tick();
    expect(w.platform.posts).toEqual([]);
    w.setClock(NINE);
    for (let i = 0; i < 5; i++) await running.tick();

    expect(texts(w)).toEqual([`for ${NINE.toISOString()}`]);
    expect(w.platform.posts[0]?.conversation).toBe("slack:T1:C1");
  });

  test("once when several processes tick at the same moment", async () => {
    const w = await fresh();
    await w.subscribe();
    w.setClock(NINE);

    await Promise.all(Array.from({ length: 4 }, () => w.process().tick()));

    expect(w.platform.posts).toHaveLength(1);
  });

  test.each<{ killed: string; fate?: Fate; dies: "making" | "sending" | "between" }>([
    { killed: "while it is made", dies: "making" },
    { killed: "between the making and the post", dies: "between" },
    { killed: "before the platform took the post", dies: "sending", fate: { accepted: false, heard: "never" } },
    { killed: "after the platform took the post", dies: "sending", fate: { accepted: true, heard: "never" } },
  ])("once when the process is killed $killed", async ({ dies, fate }) => {
    const w = await fresh();
    await w.subscribe();
    w.setClock(NINE);
    let begun = false;
    const never = () => {
      begun = true;
      return new Promise<never>(() => {});
    };
    const dead = w.process(dies === "making" ? testDigest(never) : testDigest());
    if (fate) w.platform.script.push(fate);
    if (dies === "between") {
      await dead.engine.plan();
      await dead.engine.makeDue(new AbortController().signal);
    } else void dead.tick();
    await vi.waitFor(() => expect(dies === "between" || begun || w.platform.sends() === 1).toBe(true), PATIENCE);

    const next = w.process();
    await next.tick();
    expect(w.platform.posts.length).toBeLessThanOrEqual(1);
    w.pass(LEASE_MS + 1);
    await next.tick();

    expect(texts(w)).toEqual([`for ${NINE.toISOString()}`]);
  });

  test("once when a slow process comes back after another has taken over", async () => {
    const w = await fresh();
    await w.subscribe();
    w.setClock(NINE);
    let wake: (() => void) | undefined;
    const slow = w.process(
      testDigest(async () => {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        return { reply: { text: "from the slow one", final: true } };
      }),
    );
    const ticking = slow.tick();
    await vi.waitFor(() => expect(wake).toBeDefined(), PATIENCE);

    w.pass(LEASE_MS + 1);
    await w.process().tick();
    wake?.();
    await ticking;

    expect(texts(w)).toEqual([`for ${NINE.toISOString()}`]);
  });

  test("with the stored words when it is sent again", async () => {
    const w = await fresh();
    await w.subscribe();
    w.setClock(NINE);
    w.platform.script.push({ accepted: false, heard: "limited" });
    let made = 0;
    const running = w.process(testDigest(() => ({ reply: { text: `made ${++made} times`, final: true } })));

    await running.tick();
    w.pass(5_000);
    await running.tick();

    expect(texts(w)).toEqual(["made 1 times"]);
  });

  test("its details follow into the thread under it, and only there", async () => {
    const w = await fresh();
    await w.subscribe();
    w.setClock(NINE);
    w.platform.script.push({ accepted: false, heard: "limited" });
    const running = w.process(testDigest(() => ({ details: { text: "details", final: true } })));

    await running.tick();
    expect(w.platform.posts).toEqual([]);
    w.pass(5_000);
    await running.tick();

    expect(w.platform.posts.map(({ conversation, reply }) => [conversation, reply.text])).toEqual([
      ["slack:T1:C1", `for ${NINE.toISOString()}`],
      ["slack:T1:C1#0", "details"],
    ]);
  });
});

describe("an outcome nobody knows", () => {
  test.each([
    { stands: true, accepted: true },
    { stands: false, accepted: false },
  ])("is looked for where that can be done (it stands: $stands)", async ({ accepted }) => {
    const w = await open();
    await w.subscribe();
    w.setClock(NINE);
    w.platform.script.push({ accepted, heard: "nothing clear" });
    const running = w.process();

    await running.tick();
    await running.tick();
    w.pass(LEASE_MS);
    await running.tick();

    expect(w.platform.posts).toHaveLength(1);
    expect((await w.runs.recent((await w.subscriptions.list())[0]?.id ?? "", 1))[0]?.state).toBe("sent");
  });

  test.each([true, false])(
    "is never sent again where nobody can look (it stands: %s), and the next digest tells of it",
    async (accepted) => {
      const w = await open("sqlite::memory:", false);
      await w.subscribe();
      w.setClock(NINE);
      w.platform.script.push({ accepted, heard: "nothing clear" });
      const running = w.process();

      for (let i = 0; i < 10; i++) {
        await running.tick();
        w.pass(LEASE_MS);
      }
      expect(w.platform.sends()).toBe(1);
      w.setClock(new Date(NINE.getTime() + DAY));
      await running.tick();
      w.setClock(new Date(NINE.getTime() + 2 * DAY));
      await running.tick();

      expect(texts(w).slice(accepted ? 1 : 0)).toEqual([
        `_The digest of 2026-11-20 09:00 may not have arrived._\nfor 2026-11-21T08:00:00.000Z`,
        `for 2026-11-22T08:00:00.000Z`,
      ]);
    },
  );

  test("of a refusal for good ends the post, and the next digest tells of it", async () => {
    const w = await open();
    await w.subscribe();
    w.setClock(NINE);
    w.platform.script.push({ accepted: false, heard: "refused" });
    const running = w.process(testDigest(() => ({ details: { text: "details", final: true } })));

    await running.tick();
    w.pass(HOUR);
    await running.tick();
    expect(w.platform.sends()).toBe(1);
    w.setClock(new Date(NINE.getTime() + DAY));
    await running.tick();

    expect(texts(w)[0]).toContain("_The digest of 2026-11-20 09:00 could not be posted._");
    expect(texts(w)).toHaveLength(2);
  });
});

describe("a bot that was down over a slot", () => {
  test.each([
    { down: "one minute", ms: MINUTE, posts: [`for ${NINE.toISOString()}`] },
    { down: "three hours", ms: 3 * HOUR, posts: [`_Late: due 09:00._\nfor ${NINE.toISOString()}`] },
    { down: "seven hours", ms: 7 * HOUR, posts: [] },
    {
      down: "three days",
      ms: 3 * DAY + HOUR,
      posts: [`_Late: due 09:00._\n_The digest of 2026-11-22 09:00 was missed and 2 before it._\nfor 2026-11-23T08:00:00.000Z`],
    },
    { down: "three days, and back at night", ms: 3 * DAY + 9 * HOUR, posts: [] },
  ])("for $down sends what its policy allows, and says so", async ({ ms, posts }) => {
    const w = await open();
    await w.subscribe();
    await w.process().tick();

    w.setClock(new Date(NINE.getTime() + ms));
    await w.process().tick();
    await w.process().tick();

    expect(texts(w)).toEqual(posts);
  });

  test("records what it missed", async () => {
    const w = await open();
    const { id } = await w.subscribe();

    w.setClock(new Date(NINE.getTime() + 3 * DAY + 9 * HOUR));
    await w.process().tick();

    expect((await w.runs.recent(id, 10)).map(({ slot, state }) => [slot, state])).toEqual([
      ["2026-11-23T09:00 Europe/Berlin", "missed"],
      ["2026-11-22T09:00 Europe/Berlin", "missed"],
      ["2026-11-21T09:00 Europe/Berlin", "missed"],
      ["2026-11-20T09:00 Europe/Berlin", "missed"],
    ]);
    expect(w.events.filter(({ state }) => state === "missed")).toHaveLength(4);
  });

  test("sends each slot of the last day with “late”, and none with “skip”", async () => {
    const w = await open();
    await w.subscribe({ catchUp: "late", pattern: "0 */6 * * *" });
    await w.subscribe({ catchUp: "skip", conversation: "slack:T1:C2" });

    w.setClock(new Date(NINE.getTime() + DAY));
    w.pass(10 * MINUTE);
    await w.process().tick();

    expect(w.platform.posts.filter(({ conversation }) => conversation === "slack:T1:C1")).toHaveLength(4);
    expect(w.platform.posts.filter(({ conversation }) => conversation === "slack:T1:C2")).toEqual([]);
  });

  test("sends nothing of the time it was paused", async () => {
    const w = await open();
    const { id } = await w.subscribe();
    await w.subscriptions.pause(id, true);

    w.setClock(new Date(NINE.getTime() + HOUR));
    await w.process().tick();
    await w.subscriptions.pause(id, false);
    await w.process().tick();

    expect(w.platform.posts).toEqual([]);
  });
});

describe("a clock that jumps", () => {
  test("back gives no slot twice", async () => {
    const w = await open();
    await w.subscribe();
    w.setClock(NINE);
    await w.process().tick();

    w.pass(-2 * HOUR);
    await w.process().tick();
    w.pass(2 * HOUR);
    await w.process().tick();

    expect(w.platform.posts).toHaveLength(1);
  });

  test("ahead by an hour sends the slot once", async () => {
    const w = await open();
    await w.subscribe();
    w.pass(HOUR + MINUTE);
    await w.process().tick();

    w.pass(HOUR);
    await w.process().tick();

    expect(w.platform.posts).toHaveLength(1);
  });
});

describe("a digest that takes longer than its interval", () => {
  test("is made for the newest slot each time; those it ran over are recorded, told of, and never sent twice", async () => {
    const w = await open();
    const { id } = await w.subscribe({ pattern: "*/15 9 * * *", schedule: "every quarter of an hour" });
    const slow = w.process(
      testDigest(() => {
        w.pass(40 * MINUTE);
        return {};
      }),
    );

    w.setClock(NINE);
    await slow.tick();
    await slow.tick();

    const said = texts(w);
    expect(said).toHaveLength(2);
    expect(said[0]).toContain("for 2026-11-20T08:00:00.000Z");
    expect(said[1]).toMatch(/^_Late: due 09:30\._\n_The digest of 2026-11-20 09:15 was missed\._\nfor 2026-11-20T08:30/);
    expect((await w.runs.recent(id, 10)).map(({ slot, state }) => `${slot.slice(11, 16)} ${state}`)).toEqual([
      "09:30 sent",
      "09:15 missed",
      "09:00 sent",
    ]);
  });
});

describe("a source that fails at nine", () => {
  test("is asked again, and then the digest says that it could not be made", async () => {
    const w = await open();
    await w.subscribe();
    w.setClock(NINE);
    const running = w.process(
      testDigest(() => {
        throw new VendorError("AWS", "AWS did not answer in time.");
      }),
    );

    for (let i = 0; i < 4; i++) {
      await running.tick();
      w.pass(3 * MINUTE);
    }

    expect(texts(w)).toEqual(["The test digest of 09:00 could not be made. AWS did not answer in time."]);
  });

  test("and comes back in time is told late", async () => {
    const w = await open();
    await w.subscribe();
    w.setClock(NINE);
    let tries = 0;
    const running = w.process(
      testDigest(() => {
        tries += 1;
        if (tries < 3) throw new VendorError("AWS", "AWS did not answer in time.");
        return {};
      }),
    );

    for (let i = 0; i < 4; i++) {
      await running.tick();
      w.pass(3 * MINUTE);
    }

    expect(texts(w)).toEqual([`_Late: due 09:00._\nfor ${NINE.toISOString()}`]);
  });

  test("because nothing is connected is told at once, in words that help", async () => {
    const w = await open();
    await w.subscribe();
    w.setClock(NINE);
    const running = w.process(
      testDigest(() => {
        throw new UserError("Nothing is connected. `firstmate doctor` says what turns sources on.");
      }),
    );

    await running.tick();

    expect(texts(w)[0]).toContain("`firstmate doctor` says what turns sources on");
  });
});

test("a digest that ends every process that makes it is given up, in words", async () => {
  const w = await open();
  await w.subscribe();
  w.setClock(NINE);

  for (let i = 0; i < 9; i++) {
    let begun = false;
    const killed = w.process(
      testDigest(() => {
        begun = true;
        return new Promise<never>(() => {});
      }),
    );
    void killed.tick();
    await vi.waitFor(() => expect(begun || w.platform.posts.length === 1).toBe(true));
    w.pass(LEASE_MS + 1);
  }

  expect(texts(w)).toEqual(["The test digest of 09:00 could not be made. It was begun 8 times and never ended."]);
});

describe("quietness", () => {
  const quiet = testDigest(() => ({ quiet: true, reply: { text: "all within range", final: true } }));

  test("is one line, or nothing, by choice", async () => {
    const w = await open();
    await w.subscribe();
    await w.subscribe({ whenQuiet: "nothing", conversation: "slack:T1:C2" });
    w.setClock(NINE);

    await w.process(quiet).tick();

    expect(w.platform.posts.map(({ conversation, reply }) => [conversation, reply.text])).toEqual([["slack:T1:C1", "all within range"]]);
  });
});
