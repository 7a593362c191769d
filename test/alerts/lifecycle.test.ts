import { afterEach, expect, it } from "vitest";
import { ADA, openWorld, ROOM, sign, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
let world: World;
afterEach(() => world.close());

const texts = () => world.posts.map(({ reply }) => reply.text);
const idOf = async () => (await world.desk.list(ADA))[0]?.id ?? "";

it("is one card from its first sign to its end, changed where it stands", async () => {
  world = await openWorld();
  await world.take(sign());
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("**Warning: Bookings fail**")]);
  const id = await idOf();

  await world.desk.acknowledge(id, ADA, "on it");
  await world.step();
  expect(texts()).toEqual([
    expect.stringMatching(/\*\*Acknowledged: Bookings fail\*\*[\s\S]*Acknowledged by Ada, 2026-11-20 09:00 UTC: “on it”/),
  ]);

  world.pass(HOUR);
  await world.take(sign({ state: "recovered", at: at("09:59") }));
  await world.step();
  expect(texts()).toEqual([expect.stringMatching(/\*\*Recovered: Bookings fail\*\*[\s\S]*Recovered after 60 minutes/)]);
  expect(world.posts[0]?.reply.actions).toEqual([]);
  expect(world.faults).toEqual([]);
});

it("offers what can be done in each state as buttons that say a command", async () => {
  world = await openWorld();
  await world.take(sign());
  await world.step();
  const id = await idOf();
  const labels = () => world.posts[0]?.reply.actions?.map(({ label }) => label);
  expect(world.posts[0]?.reply.actions?.[0]).toEqual({ label: "Acknowledge", say: `/alerts acknowledge ${id}` });

  await world.desk.snooze(id, ADA, at("15:00"));
  await world.step();
  expect(labels()).toEqual(["Acknowledge", "Expected", "Undo"]);

  await world.desk.undo(id, ADA);
  await world.step();
  expect(labels()).toEqual(["Acknowledge", "Not now (1 day)", "Expected"]);
});

it("tells the same sign once, however often it is delivered", async () => {
  world = await openWorld();
  for (let i = 0; i < 5; i++) await world.take(sign());
  await world.step();
  await world.take(sign());
  await world.step();
  expect(world.posts).toHaveLength(1);
  expect(world.posts[0]?.edits).toBeLessThanOrEqual(1);
});

it("groups signs of one cause and time, and is over with the last of them", async () => {
  world = await openWorld();
  await world.take(
    sign(),
    sign({ fingerprint: "dynatrace:7", rule: "dynatrace", title: "Failure rate increase", at: at("08:50"), severity: "critical" }),
  );
  await world.step();
  expect(texts()).toEqual([expect.stringMatching(/Critical: Bookings fail[\s\S]*With it: Failure rate increase/)]);

  await world.take(sign({ state: "recovered", at: at("09:10") }));
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("Critical")]);
  await world.take(sign({ fingerprint: "dynatrace:7", state: "recovered", at: at("09:20") }));
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("Recovered after 30 minutes")]);
});

it("keeps apart what began at another time, or has another cause", async () => {
  world = await openWorld();
  await world.take(
    sign(),
    sign({ fingerprint: "generic:2", at: at("06:00") }),
    sign({ fingerprint: "generic:3", group: "service:depot-api" }),
  );
  await world.step();
  expect(world.posts).toHaveLength(3);
});

it("says nothing of a firing that is delivered after its recovery", async () => {
  world = await openWorld();
  await world.take(sign({ state: "recovered", at: at("08:59") }));
  await world.take(sign({ at: at("08:40") }));
  await world.step();
  expect(world.posts).toEqual([]);
  expect(await world.desk.list(ADA)).toEqual([]);

  await world.take(sign({ at: at("09:00") }));
  await world.step();
  expect(world.posts).toHaveLength(1);
});

it("tells no webhook of a recovery whose beginning it told nobody of", async () => {
  world = await openWorld({ hooks: [{ name: "n8n" }] });
  const events = async () => {
    const rows = await world.database.kysely
      .selectFrom("outbox")
      .select("key")
      .where("channel", "=", "webhook")
      .orderBy("created_at")
      .execute();
    return rows.map(({ key }) => key.split(":")[2]);
  };
  await world.take(sign({ state: "recovered", at: at("08:59") }));
  await world.step();
  expect(await events()).toEqual([]);

  await world.take(sign({ at: at("09:10") }));
  await world.step();
  await world.take(sign({ state: "recovered", at: at("09:20") }));
  await world.step();
  expect(await events()).toEqual(["alert.firing.v1", "alert.recovered.v1"]);
});

it("goes on as the same alert when it comes back after a short rest", async () => {
  world = await openWorld();
  await world.take(sign());
  await world.step();
  await world.take(sign({ state: "recovered", at: at("09:05") }));
  await world.take(sign({ at: at("09:15") }));
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("Warning: Bookings fail")]);
});

it("rings again when what was acknowledged gets worse", async () => {
  world = await openWorld();
  await world.take(sign());
  await world.step();
  await world.desk.acknowledge(await idOf(), ADA);
  await world.take(sign({ severity: "critical" }));
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("Critical: Bookings fail")]);
});

it("is silent while it is snoozed, and says so in the thread when that is over", async () => {
  world = await openWorld();
  await world.take(sign());
  await world.step();
  await world.desk.snooze(await idOf(), ADA, at("10:00"));
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("Snoozed by Ada until 2026-11-20 10:00 UTC")]);

  world.pass(61 * MINUTE);
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("Warning"), expect.stringContaining("The time it was snoozed for is over")]);
  expect(world.posts[1]?.conversation).toBe(`${ROOM}:0`);
});

it("is learned when people expect it, listed, and told again once they take that back", async () => {
  world = await openWorld();
  await world.take(sign());
  await world.step();
  const id = await idOf();
  await world.desk.expect(id, ADA, undefined, "load test");
  await world.take(sign());
  await world.step();
  expect(texts()).toEqual([expect.stringMatching(/Expected, said Ada[\s\S]*“load test”/)]);
  expect(await world.desk.feedback()).toMatchObject([{ alert: id, kind: "expected", series: "gate-api", by: "Ada", note: "load test" }]);
  expect(await world.desk.list(ADA)).toEqual([]);

  await world.desk.undo(id, ADA);
  await world.step();
  expect(await world.desk.feedback()).toEqual([]);
  expect(texts()).toEqual([expect.stringContaining("Warning: Bookings fail")]);
});

it("tells what was expected all the same when it is twice as far off", async () => {
  world = await openWorld();
  const figure = { measure: "cost", unit: "USD", from: "2026-11-18", to: "2026-11-19", actual: 150, expected: 100 };
  await world.take(sign({ figure }));
  await world.step();
  await world.desk.expect(await idOf(), ADA);
  await world.take(sign({ at: at("09:01"), figure: { ...figure, actual: 190 } }));
  expect(await world.desk.list(ADA)).toEqual([]);
  await world.take(sign({ at: at("09:01"), figure: { ...figure, actual: 210 } }));
  expect(await world.desk.list(ADA)).toHaveLength(1);
});

it("goes to whom its route says when nobody acknowledges it, once", async () => {
  world = await openWorld({ alertRoutes: [{ to: ROOM, escalate: { after: "30m", to: "slack:T1:LEADS" } }] });
  await world.take(sign());
  await world.step();
  world.pass(29 * MINUTE);
  await world.step();
  expect(world.posts).toHaveLength(1);
  world.pass(2 * MINUTE);
  for (let i = 0; i < 3; i++) await world.step();
  expect(world.posts.map(({ conversation }) => conversation)).toEqual([ROOM, "slack:T1:LEADS"]);
  expect(texts()[0]).toContain("Nobody has acknowledged it");
});

it("waits for its route's hours unless it is critical, and does not go out when it was over before", async () => {
  const alertRoutes = [{ to: ROOM, hours: "mon-fri 09:00-17:00 Europe/Berlin" }];
  world = await openWorld({ alertRoutes, begin: new Date("2026-11-20T20:00:00Z") });
  const late = { at: new Date("2026-11-20T19:59:00Z") };
  await world.take(
    sign(late),
    sign({ ...late, fingerprint: "generic:2", group: "service:b" }),
    sign({ ...late, fingerprint: "generic:3", group: "service:c", severity: "critical" }),
  );
  await world.step();
  expect(texts()).toEqual([expect.stringContaining("Critical")]);
  await world.take(sign({ fingerprint: "generic:2", state: "recovered", at: new Date("2026-11-21T01:00:00Z") }));

  world.pass(60 * HOUR);
  await world.step();
  expect(world.posts).toHaveLength(2);
});

it("refuses in plain words what cannot be done", async () => {
  world = await openWorld();
  await world.take(sign());
  await world.step();
  const id = await idOf();
  await expect(world.desk.acknowledge("ffffffff", ADA)).rejects.toThrow(/There is no alert “ffffffff”/);
  await expect(world.desk.snooze(id, ADA, at("08:00"))).rejects.toThrow(/That time is past/);
  await expect(world.desk.undo(id, ADA)).rejects.toThrow(/Nobody has said anything/);
  await world.take(sign({ state: "recovered", at: at("09:00") }));
  await expect(world.desk.acknowledge(id, ADA)).rejects.toThrow(/is over since/);
});

it("shows what belongs to a project to those who see the project", async () => {
  world = await openWorld();
  await world.take(sign({ project: "p1" }));
  expect(await world.desk.list(ADA)).toEqual([]);
  expect(await world.desk.list({ ...ADA, roles: ["admin"] })).toHaveLength(1);
});

it("proposes to loosen rules whose alerts nobody needed", async () => {
  world = await openWorld();
  for (let i = 0; i < 6; i++)
    await world.take(
      sign({ fingerprint: `generic:${i}`, group: `service:${i}` }),
      sign({ fingerprint: `generic:${i}`, state: "recovered", at: at("09:00") }),
    );
  expect(await world.desk.report(28)).toMatchObject([
    { name: "generic", alerts: 6, ignored: 6, proposal: expect.stringContaining("6 of 6 ended before anybody said a word") },
  ]);
});

it("is kept for a time when it is over, and longer while something said of it stands", async () => {
  world = await openWorld();
  await world.take(
    sign(),
    sign({ fingerprint: "generic:2", group: "service:other", series: "other" }),
    sign({ fingerprint: "generic:3", group: "third" }),
  );
  await world.step();
  const alerts = await world.desk.list(ADA);
  expect(alerts).toHaveLength(3);
  await world.desk.expect(alerts[1]?.id ?? "", ADA, new Date(world.now().getTime() + 30 * 24 * HOUR));
  await world.take(sign({ state: "recovered", at: world.now() }));
  world.pass(10 * 24 * HOUR);

  const dropped = await world.alerts.drop(new Date(world.now().getTime() - 7 * 24 * HOUR));

  const left = await world.alerts.list({ limit: 10 });
  expect(dropped + left.length).toBe(3);
  expect(left.map(({ state }) => state).toSorted()).toContain("expected");
  expect(left.every(({ state }) => state !== "recovered")).toBe(true);
  expect(await world.database.kysely.selectFrom("alert_members").select("alert_id").execute()).toHaveLength(left.length);
});
