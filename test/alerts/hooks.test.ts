import { afterEach, expect, it } from "vitest";
import { createHookChannel } from "../../src/alerts/hook-channel.ts";
import { isGenuine } from "../../src/alerts/webhooks/verify.ts";
import { createPosting } from "../../src/posting/index.ts";
import { ADA, openWorld, sign, type World } from "./world.ts";

const HOOK = { name: "n8n", url: "https://n8n.example.com/webhook/1", secret: "0123456789abcdef", events: undefined };
let world: World;
afterEach(() => world.close());

async function open(events?: readonly string[]) {
  const answers: (number | "nothing")[] = [];
  const sent: { url: string; body: string; headers: Readonly<Record<string, string>> }[] = [];
  world = await openWorld({ hooks: [{ name: HOOK.name, events }] });
  const channel = createHookChannel(
    [HOOK],
    async (url, body, headers) => {
      const answer = answers.shift() ?? 204;
      if (answer === "nothing") throw new Error("no answer");
      sent.push({ url, body, headers });
      return { status: answer };
    },
    world.now,
  );
  const posting = createPosting({
    database: world.database,
    channels: [channel],
    now: world.now,
    owner: "t",
    leaseMs: 60_000,
    onFault: (error) => world.faults.push(error),
  });
  const drain = () => posting.drain(new AbortController().signal);
  return { sent, answers, drain };
}

it("sends each change once, signed, named and versioned", async () => {
  const { sent, drain } = await open();
  await world.take(sign());
  await world.step();
  await world.desk.acknowledge((await world.desk.list(ADA))[0]?.id ?? "", ADA);
  await drain();
  await drain();

  const events = sent.map(({ body }) => JSON.parse(body) as { type: string; id: string; data: Record<string, unknown> });
  expect(events.map(({ type }) => type)).toEqual(["alert.firing.v1", "alert.acknowledged.v1"]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  expect(events[0]?.data).toMatchObject({ title: "Bookings fail", state: "firing", severity: "warning", signs: [{ series: "gate-api" }] });
  for (const { body, headers, url } of sent) {
    expect(url).toBe(HOOK.url);
    expect(
      await isGenuine("generic", {
        headers,
        body: Buffer.from(body),
        secret: HOOK.secret,
        now: world.now(),
        certificate: () => Promise.reject(new Error("none")),
      }),
    ).toBe(true);
  }
});

it("sends only the events that are wanted", async () => {
  const { sent, drain } = await open(["alert.recovered"]);
  await world.take(sign());
  await world.step();
  await world.take(sign({ state: "recovered", at: world.now() }));
  await drain();
  expect(sent.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(["alert.recovered.v1"]);
});

it("tries again with ever longer pauses, under the same id, until it is taken", async () => {
  const { sent, answers, drain } = await open(["alert.firing"]);
  answers.push("nothing", 503, 429);
  await world.take(sign());
  await world.step();
  await drain();
  expect(sent).toHaveLength(0);
  for (let minutes = 0; minutes < 10; minutes++) {
    world.pass(60_000);
    await drain();
  }
  expect(sent).toHaveLength(3);
  expect(new Set(sent.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  world.pass(86_400_000);
  await drain();
  expect(sent).toHaveLength(3);
});

it("gives up where the receiver says it wants none", async () => {
  const { sent, answers, drain } = await open(["alert.firing"]);
  answers.push(410);
  await world.take(sign());
  await world.step();
  await drain();
  world.pass(86_400_000);
  await drain();
  expect(sent).toHaveLength(1);
});
