import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readMapping } from "../../../src/alerts/webhooks/generic.ts";
import type { PipelineRun } from "../../../src/alerts/webhooks/github.ts";
import { createIntake, type WebhookIntake } from "../../../src/alerts/webhooks/intake.ts";
import { createWebhookDeliveries } from "../../../src/records/webhook-deliveries.ts";
import { ADA, openWorld, type World } from "../world.ts";

const SECRET = "a-long-secret";
const bearer = { authorization: `Bearer ${SECRET}` };
let world: World;
let intake: WebhookIntake;
let runs: PipelineRun[];
let unread: { source: string; reason: string }[];

beforeEach(async () => {
  world = await openWorld();
  runs = [];
  unread = [];
  intake = open();
});
afterEach(() => world.close());

function open(mapping: unknown = {}): WebhookIntake {
  return createIntake({
    deliveries: createWebhookDeliveries(world.database, world.now),
    secrets: { dynatrace: SECRET, newrelic: SECRET, alertmanager: SECRET, github: SECRET, generic: SECRET },
    mapping: readMapping(mapping),
    take: (signals) => world.take(...signals),
    keepRun: async (run) => void runs.push(run),
    read: () => Promise.reject(new Error("nothing was to be read")),
    now: world.now,
    wake: () => {},
    onFault: (error) => world.faults.push(error),
    onUnread: (event) => void unread.push(event),
  });
}

const body = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const receive = (source: string, value: unknown, headers: Record<string, string> = bearer) =>
  intake.receive(source, { headers, body: body(value) });
const statusOf = (work: Promise<unknown>) =>
  work.then(
    () => 202,
    (error: { status?: number }) => error.status,
  );
const stored = async () => (await world.database.kysely.selectFrom("webhook_deliveries").selectAll().execute()).length;
const open_ = () => world.desk.list(ADA);
async function deliver(source: string, value: unknown, headers?: Record<string, string>) {
  await receive(source, value, headers);
  await intake.drain(new AbortController().signal);
}

it("refuses what it does not know or cannot trust, and stores nothing of it", async () => {
  expect(await statusOf(receive("grafana", {}))).toBe(404);
  expect(await statusOf(receive("sns", {}))).toBe(404);
  expect(await statusOf(receive("generic", { title: "x" }, {}))).toBe(401);
  expect(await statusOf(receive("github", { title: "x" }, bearer))).toBe(401);
  expect(await statusOf(receive("generic", "no json"))).toBe(400);
  expect(await statusOf(receive("generic", "[1]"))).toBe(400);
  expect(await stored()).toBe(0);
});

it("keeps a delivery once, by its own id or by what it says", async () => {
  expect(await receive("generic", { title: "x" })).toMatchObject({ duplicate: false });
  expect(await receive("generic", { title: "x" })).toMatchObject({ duplicate: true });
  expect(await receive("generic", { title: "x" }, { ...bearer, "webhook-id": "1" })).toEqual({ id: "generic:1", duplicate: false });
  expect(await receive("generic", { title: "y" }, { ...bearer, "webhook-id": "1" })).toEqual({ id: "generic:1", duplicate: true });
  expect(await stored()).toBe(2);
});

it("sets aside what it cannot read, tells why, and goes on with the rest", async () => {
  await receive("generic", { nothing: "to see" });
  await deliver("generic", { title: "Disk is full", host: "db-1" });
  expect(await open_()).toMatchObject([{ title: "Disk is full" }]);
  const failed = await world.database.kysely.selectFrom("webhook_deliveries").selectAll().where("state", "=", "failed").execute();
  expect(failed).toMatchObject([{ error: expect.stringContaining("it has no title") }]);
  expect(unread).toEqual([{ source: "generic", reason: expect.stringContaining("say where it stands with generic_webhook") }]);
});

describe("reads each vendor's payload", () => {
  it("of Dynatrace", async () => {
    const problem = {
      State: "OPEN",
      PID: "-123_456",
      ProblemID: "P-2611",
      ProblemTitle: "Failure rate increase",
      ProblemSeverity: "ERROR",
      ProblemURL: "https://abc.live.dynatrace.com/#problems/1",
      ImpactedEntity: "gate-api",
      Tags: "service:gate-api, team:gate",
    };
    await deliver("dynatrace", problem);
    expect(await open_()).toMatchObject([
      {
        title: "Failure rate increase",
        severity: "critical",
        group: "service:gate-api",
        members: [{ rule: "dynatrace", url: "https://abc.live.dynatrace.com/#problems/1" }],
      },
    ]);
    await deliver("dynatrace", { ...problem, State: "RESOLVED" });
    expect(await open_()).toEqual([]);
  });

  it("of New Relic", async () => {
    const issue = {
      id: "f0d5",
      issueUrl: "https://radar-api.service.newrelic.com/accounts/1/issues/f0d5",
      title: "High response time",
      priority: "CRITICAL",
      impactedEntities: ["gate-api"],
      state: "ACTIVATED",
      createdAt: 1_763_628_000_000,
      updatedAt: 1_763_628_000_000,
    };
    await deliver("newrelic", issue);
    expect(await open_()).toMatchObject([
      { title: "High response time", severity: "critical", members: [{ since: new Date(1_763_628_000_000) }] },
    ]);
    await deliver("newrelic", { ...issue, state: "CLOSED", updatedAt: 1_763_629_000_000 });
    expect(await open_()).toEqual([]);
  });

  it("of Alertmanager, several alerts at once", async () => {
    const alert = (instance: string, status: string) => ({
      status,
      labels: { alertname: "HighLatency", severity: "critical", service: "gate-api", instance },
      annotations: { summary: `High latency on ${instance}`, description: "p99 is above 2 s" },
      startsAt: "2026-11-20T08:55:00.000Z",
      endsAt: status === "resolved" ? "2026-11-20T08:59:00.000Z" : "0001-01-01T00:00:00Z",
      generatorURL: "http://prometheus:9090/graph",
      fingerprint: `fp-${instance}`,
    });
    const group = (status: string) => ({
      version: "4",
      groupKey: '{}:{alertname="HighLatency"}',
      status,
      receiver: "firstmate",
      alerts: [alert("a", status), alert("b", status)],
    });
    await deliver("alertmanager", group("firing"));
    expect(await open_()).toMatchObject([
      { title: "High latency on a", members: [{ text: "p99 is above 2 s" }, { title: "High latency on b" }] },
    ]);
    await deliver("alertmanager", group("resolved"));
    expect(await open_()).toEqual([]);
  });

  it("of GitHub: failing workflows on the default branch, and every run for the records", async () => {
    const run = (conclusion: string, branch = "main", id = 30433642) => ({
      action: "completed",
      repository: { full_name: "octo-org/octo-repo", default_branch: "main" },
      workflow_run: {
        id,
        name: "Build",
        head_branch: branch,
        head_sha: "acb5820ced9479c074f688cc328bf03f341a511d",
        html_url: "https://github.com/octo-org/octo-repo/actions/runs/30433642",
        status: "completed",
        conclusion,
        run_started_at: "2026-11-20T08:40:00Z",
        updated_at: "2026-11-20T08:50:00Z",
        run_attempt: 1,
      },
    });
    const signed = (value: object, delivery: string) => ({
      "x-github-delivery": delivery,
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(JSON.stringify(value)).digest("hex")}`,
    });
    const send = (value: object, delivery: string) => deliver("github", value, signed(value, delivery));
    await send(run("failure", "topic"), "1");
    expect(await open_()).toEqual([]);
    await send(run("failure"), "2");
    expect(await open_()).toMatchObject([{ title: "Build of octo-org/octo-repo failed on main" }]);
    await send(run("success", "main", 2), "3");
    expect(await open_()).toEqual([]);
    await send({ zen: "Design for failure.", hook_id: 1 }, "4");
    expect(runs).toMatchObject([
      { externalId: "github:run:30433642", status: "failure", branch: "topic" },
      { status: "failure" },
      { status: "success" },
    ]);
    expect(world.faults).toEqual([]);
  });

  it("of anything else by a mapping", async () => {
    intake = open({ id: "incident.key", title: "incident.name", state: "phase", severity: "incident.rank", recovered: ["gone"] });
    await deliver("generic", { incident: { key: "k1", name: "Boiler is cold", rank: "p1" }, phase: "there" });
    expect(await open_()).toMatchObject([{ title: "Boiler is cold", severity: "critical" }]);
    await deliver("generic", { incident: { key: "k1", name: "Boiler is cold" }, phase: "gone" });
    expect(await open_()).toEqual([]);
  });

  it("says how a mapping has to be written", () => {
    expect(() => readMapping({ title: "a..b", nme: "x" })).toThrow(/generic_webhook/);
  });
});

it("holds out in a storm: everything that was taken is dealt with, and becomes few alerts", async () => {
  const STORM = 3_000;
  const answers = await Promise.all(
    Array.from({ length: STORM }, (_, i) => statusOf(receive("generic", { id: `s${i}`, title: `Alarm ${i}`, service: `service-${i}` }))),
  );
  const taken = answers.filter((status) => status === 202).length;
  expect(new Set(answers)).toEqual(new Set([202, 503]));
  expect(await stored()).toBe(taken);
  expect(taken).toBeGreaterThan(1_500);

  await intake.drain(new AbortController().signal);
  await world.step();
  const waiting = await world.database.kysely.selectFrom("webhook_deliveries").selectAll().where("state", "!=", "done").execute();
  expect(waiting).toEqual([]);
  expect(world.posts.length).toBeLessThanOrEqual(21);
  const [rest] = world.posts.filter(({ reply }) =>
    reply.text.includes("A storm of alerts from generic: more than 20 causes within 10 minutes"),
  );
  expect(rest?.reply.text).toMatch(/The first: Alarm \d+\. *\n\nWith it: .+ and at least 44 more\./);
  expect(world.faults).toEqual([]);
}, 60_000);
