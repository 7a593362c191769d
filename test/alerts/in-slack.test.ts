import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { remove, type Served, serve, temporaryFolder } from "../kit/app.ts";
import { type FakeSlack, startFakeSlack } from "../kit/slack/index.ts";

/** The real program with a strict Slack: from a vendor's webhook and from a rule to one card, changed where it stands until it is over. */

const OPS = "C0FINOPS";
const SECRET = "a-secret-of-generic";
const PATIENCE = { timeout: 40_000, interval: 200 };
let slack: FakeSlack;
let dataDir: string;
let app: Served;

beforeAll(async () => {
  slack = await startFakeSlack({ limits: { "chat.postMessage": 0 } });
  dataDir = await temporaryFolder();
  await writeFile(
    join(dataDir, "firstmate.yaml"),
    `alerts:
  - name: dear-days
    kind: threshold
    feed: costs
    measure: cost
    above: 1
    to: slack:T0HARBOR:${OPS}
alert_routes:
  - to: slack:T0HARBOR:${OPS}
    rules: [generic]
`,
  );
  app = await serve({
    env: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      ROLES: "analyst=U0ADA",
      WEBHOOK_GENERIC_SECRET: SECRET,
    },
    dataDir,
  });
}, 60_000);

afterAll(async () => {
  await app.stop();
  await slack.close();
  await remove(dataDir);
});

const cards = (words: string) => slack.transcript(OPS).filter(({ own, shown }) => own && shown.includes(words));
const deliver = (body: object, secret = SECRET) => app.post("/webhooks/generic", body, { authorization: `Bearer ${secret}` });

it("tells of what a vendor saw on one card, which says who took it and when it was over", async () => {
  expect(
    (await deliver({ id: "q1", title: "Queue of payments is stuck", service: "payments", severity: "critical" }, "not the secret")).status,
  ).toBe(401);
  const first = await deliver({ id: "q1", title: "Queue of payments is stuck", service: "payments", severity: "critical" });
  expect(first.status).toBe(202);
  expect(
    (await deliver({ id: "q1", title: "Queue of payments is stuck", service: "payments", severity: "critical" })).json.data.duplicate,
  ).toBe(true);
  await expect.poll(() => cards("Queue of payments is stuck").length, PATIENCE).toBe(1);
  const [card] = cards("Queue of payments is stuck");
  expect(card?.shown).toContain("Critical");
  const id = /\/alerts show ([0-9a-f]{8})/.exec(JSON.stringify(card))?.[1] ?? "";
  expect(id).not.toBe("");

  await slack
    .http(`${app.url}/slack/events`)
    .send(slack.gestures.command({ command: "/firstmate", text: `alerts acknowledge ${id}`, user: "U0BEN", channel: OPS }));
  await expect.poll(() => cards("It takes an analyst").length, PATIENCE).toBe(1);
  await slack
    .http(`${app.url}/slack/events`)
    .send(slack.gestures.command({ command: "/firstmate", text: `alerts acknowledge ${id}`, user: "U0ADA", channel: OPS }));
  await expect.poll(() => cards("Acknowledged by").length, PATIENCE).toBe(1);
  expect(cards("Acknowledged by")[0]?.ts).toBe(card?.ts);

  expect((await deliver({ id: "q1", title: "Queue of payments is stuck", service: "payments", status: "resolved" })).status).toBe(202);
  await expect.poll(() => cards("Recovered after").length, PATIENCE).toBe(1);
  expect(cards("Recovered after")[0]?.ts).toBe(card?.ts);
  expect(cards("Queue of payments is stuck").filter(({ shown }) => shown.includes("Critical"))).toEqual([]);
}, 150_000);

it("tells of a rule's day with its figure and a chart", async () => {
  await expect.poll(() => cards("Cost above its limit").length, PATIENCE).toBe(1);
  const [card] = cards("Cost above its limit");
  expect(card?.shown).toMatch(/Cost: \$[\d,.]+ on \d+ \w+ \d{4}.*the limit is \$1\.00/);
  expect(app.log().filter(({ msg }) => msg === "fault")).toEqual([]);
}, 90_000);

it("gives the same over REST, to who may see it", async () => {
  const key = { authorization: `Bearer ${await app.key("viewer")}` };
  expect((await app.get("/api/v1/alerts")).status).toBe(401);
  const { data } = (await app.get("/api/v1/alerts?state=all", key)).json;
  expect(data.map(({ title, state }: { title: string; state: string }) => `${title}: ${state}`).toSorted()).toEqual([
    "Cost above its limit: firing",
    "Queue of payments is stuck: recovered",
  ]);
  const one = (await app.get(`/api/v1/alerts/${data[0].id}`, key)).json.data;
  expect(one).toMatchObject({ id: data[0].id, history: expect.arrayContaining([expect.objectContaining({ action: "opened" })]) });
  expect((await app.get("/api/v1/alerts/ffffffff", key)).status).toBe(404);
  expect((await app.get("/api/v1/alerts?state=broken", key)).status).toBe(422);
  expect(
    (await app.post("/webhooks/generic", { title: "x", text: "y".repeat(5_000_000) }, { authorization: `Bearer ${SECRET}` })).status,
  ).toBe(413);
  expect((await app.post("/webhooks/github", {})).status).toBe(404);
  const { text } = await app.get("/metrics", { authorization: `Bearer ${await app.key("admin")}` });
  expect(text).toMatch(/firstmate_webhooks_total\{source="generic",outcome="duplicate"\} [1-9]/);
  expect(text).toContain('firstmate_webhooks_total{source="github",outcome="off"} 1');
  expect(text).toMatch(/firstmate_alert_changes_total\{state="recovered",severity="critical"\} [1-9]/);
}, 60_000);
