import { afterEach, expect, it } from "vitest";
import { readPlan } from "../../src/alerts/rules.ts";
import { postState } from "../../src/storage/outbox.ts";
import { ADA, openWorld, sign, type World } from "./world.ts";

/** An alert by mail: what was sent stays as it is, so its end is another mail. */

const MINUTE = 60_000;
let world: World;
afterEach(() => world.close());

const texts = () => world.posts.map(({ reply }) => reply.text);

async function open() {
  world = await openWorld({ alertRoutes: [{ to: "email:oncall@example.com" }], channel: { name: "email" } });
}

it("is one mail when it begins and one in its thread when it is over", async () => {
  await open();
  await world.take(sign());
  await world.step();
  expect(texts()).toEqual([]);
  world.pass(MINUTE);
  await world.step();
  const [{ id = "" } = {}] = await world.desk.list(ADA);
  await world.desk.acknowledge(id, ADA, "on it");
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("**Warning: Bookings fail**")]);
  expect(texts()[0]).toContain(`In chat: \`/alerts acknowledge ${id}\``);
  expect(world.posts[0]?.reply.actions).toBeUndefined();

  world.pass(60 * MINUTE);
  await world.take(sign({ state: "recovered", at: new Date(world.now().getTime() - MINUTE) }));
  await world.step();

  expect(texts().slice(1)).toEqual([expect.stringContaining("**Recovered: Bookings fail**")]);
  expect(world.posts.map(({ conversation, edits }) => [conversation, edits])).toEqual([
    ["email:oncall@example.com", 0],
    ["email:oncall@example.com:0", 0],
  ]);
});

it("is no mail at all when it was over within the minute", async () => {
  await open();
  await world.take(sign());
  await world.step();
  await world.take(sign({ state: "recovered", at: new Date(world.now().getTime() + 1_000) }));
  world.pass(2 * MINUTE);
  await world.step();

  expect(texts()).toEqual([]);
  const rows = await world.database.kysely.selectFrom("outbox").select(["key", "state"]).execute();
  expect(rows.map(({ state }) => state)).toEqual(["dropped"]);
  expect(await postState(world.database, rows[0]?.key ?? "")).toMatchObject({ state: "dropped" });
});

it("says that it is back", async () => {
  await open();
  await world.take(sign());
  await world.step();
  world.pass(2 * MINUTE);
  await world.step();
  await world.take(sign({ state: "recovered", at: world.now() }));
  world.pass(5 * MINUTE);
  await world.take(sign({ at: world.now() }));
  await world.step();

  expect(texts().slice(1)).toEqual([
    expect.stringContaining("**Recovered:"),
    expect.stringContaining("It is back: **Bookings fail** still fires"),
  ]);
});

it("goes to a place that is one", () => {
  expect(() => readPlan({ alertRoutes: [{ to: "mail:oncall@example.com" }] })).toThrow("or email:oncall@example.com");
});
