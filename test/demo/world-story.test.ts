import { describe, expect, it } from "vitest";
import { addDays, addMonths, daysBetween, startOf } from "../../src/core/civil-date.ts";
import { type EventName, eventRound, roundOf } from "../../src/demo/story.ts";
import { createWorld, type Pull, type World, type WorldEvent } from "../../src/demo/world/index.ts";

/** Each truth of the story, found again from the records alone. Two days half a year apart: the story comes round. */
describe.each(["2026-11-21", "2027-05-05"])("the story as told on %s", (today) => {
  const world = createWorld(today);

  it("names its events with the records they left behind", () => {
    const names = new Set(world.story().map((e) => e.name));

    expect([...names].sort()).toEqual(
      [
        "bad-deploy",
        "experiment",
        "flaky-tests",
        "idle-database",
        "launch",
        "leak",
        "model-upgrade",
        "outage",
        "price-change",
        "reorganisation",
        "scope-creep",
        "stock-drift",
        "transfer",
        "video-quality",
      ].sort(),
    );
    for (const name of ["bad-deploy", "outage"] as const) {
      const { links } = over(world, name);
      expect([links.pulls.length, links.deployments.length, links.incidents.length, links.issues.length]).toEqual([2, 2, 1, 3]);
    }
  });

  it("bad-deploy: errors jump with the deployment and are usual again after the fix; tickets of its theme follow", () => {
    const event = over(world, "bad-deploy");
    const incident = world.incidents().find((i) => i.id === event.links.incidents[0]);
    const [bad, fix] = event.links.deployments.map((id) => world.deployments().find((d) => d.id === id));
    if (!incident || !bad?.finishedAt || !fix?.finishedAt) throw new Error("the event has lost its records");
    const rate = (from: string, hours: number) => {
      const points = world.signals(bad.service, from, later(from, hours), "hour");
      return points.reduce((sum, p) => sum + p.errors, 0) / points.reduce((sum, p) => sum + p.requests, 0);
    };
    const raised = world.tickets().filter((t) => t.incident === incident.id);

    expect(incident.deployment).toBe(bad.id);
    expect(incident.fix).toBe(fix.id);
    expect(bad.incident).toBe(incident.id);
    expect(rate(hourAfter(bad.finishedAt), 1)).toBeGreaterThan(5 * rate(later(bad.finishedAt, -24), 20));
    expect(rate(hourAfter(later(incident.resolvedAt ?? "", 1)), 6)).toBeLessThan(2 * rate(later(bad.finishedAt, -24), 20));
    expect(raised.length).toBeGreaterThan(10);
    expect(event.truth).toContain(`"${raised[0]?.theme}"`);
    expect(world.alerts().some((a) => a.incident === incident.id && a.rootCause?.includes(bad.id))).toBe(true);
  });

  it("outage: European hauliers leave several times as often in the four months after it", () => {
    const { from } = finished(world, "outage", 120);
    const left = (isCohort: boolean) => {
      const then = world
        .customers()
        .filter(
          (c) => (c.segment === "haulier" && c.region === "Europe") === isCohort && c.startedOn < from && (c.cancelledOn ?? "9") > from,
        );
      return then.filter((c) => c.cancelledOn && c.cancelledOn <= addDays(from, 120)).length / then.length;
    };
    const incident = world.incidents().find((i) => i.severity === 1 && i.openedAt.startsWith(from));

    expect((Date.parse(incident?.resolvedAt ?? "") - Date.parse(incident?.openedAt ?? "")) / 3_600_000).toBeGreaterThan(5);
    expect(left(true)).toBeGreaterThan(0.12);
    expect(left(true)).toBeGreaterThan(3 * left(false));
    expect(world.customers().filter((c) => c.cancelReason === "outages" && (c.cancelledOn ?? "") > from).length).toBeGreaterThan(8);
  });

  it("reorganisation: reviews in gate and depot wait about twice as long, elsewhere they do not", () => {
    const { from, to } = finished(world, "reorganisation", 42);
    const teamOf = new Map(world.repositories().map((r) => [r.name, r.team]));
    const wait = (isHit: boolean, first: string, last: string) =>
      mean(
        everyday(world)
          .filter(
            (p) =>
              ["gate", "depot"].includes(teamOf.get(p.repository) ?? "") === isHit && day(p.createdAt) >= first && day(p.createdAt) <= last,
          )
          .flatMap((p) => (p.firstReviewAt ? [hours(p.createdAt, p.firstReviewAt)] : [])),
      );
    const ratio = (isHit: boolean) => wait(isHit, from, to) / wait(isHit, addDays(from, -180), addDays(from, -1));

    expect(ratio(true)).toBeGreaterThan(1.6);
    expect(ratio(true)).toBeLessThan(3);
    expect(ratio(false)).toBeGreaterThan(0.7);
    expect(ratio(false)).toBeLessThan(1.35);
  });

  it("model-upgrade: the cost per request of documents changes by more than a quarter, the number of requests does not", () => {
    const { from, links } = finished(world, "model-upgrade", 20);
    const documents = (first: string) => {
      const rows = days(first, 14)
        .flatMap((d) => world.aiUsage(d))
        .filter((u) => u.workspace === "wrkspc_documents");
      return { cost: sum(rows.map((r) => r.cost)), requests: sum(rows.map((r) => r.requests)), models: new Set(rows.map((r) => r.model)) };
    };
    const before = documents(addDays(from, -14));
    const after = documents(from);
    const change = after.cost / after.requests / (before.cost / before.requests) - 1;

    expect(Math.abs(change)).toBeGreaterThan(0.25);
    expect(after.requests / before.requests).toBeGreaterThan(0.85);
    expect(after.requests / before.requests).toBeLessThan(1.2);
    expect(after.models.has(links.others[0] ?? "")).toBe(true);
    expect(before.models.has(links.others[0] ?? "")).toBe(false);
    expect(links.pulls.length).toBe(1);
  });

  it("leak: CloudWatch grows from the day its pull request is deployed to the day another turns it off", () => {
    const { from, to, links } = over(world, "leak");
    const leak = (d: string) =>
      sum(
        world
          .costs(d)
          .filter((c) => c.service === "AmazonCloudWatch" && c.account === "data-platform" && c.region === "eu-west-1")
          .map((c) => c.cost),
      );
    const deployed = links.deployments.map((id) => world.deployments().find((d) => d.id === id));

    expect(deployed.map((d) => d?.service)).toEqual(["ingest-pipeline", "ingest-pipeline"]);
    expect(deployed.map((d) => day(d?.finishedAt ?? ""))).toEqual([from, to]);
    expect(leak(from)).toBeGreaterThan(1.5 * leak(addDays(from, -7)));
    expect(leak(to)).toBeGreaterThan(10 * leak(addDays(from, -7)));
    expect(leak(addDays(to, 1))).toBeLessThan(1.5 * leak(addDays(from, -7)));
    expect(world.costAnomalies().some((a) => a.service === "AmazonCloudWatch" && a.from === from && a.impact > 500)).toBe(true);
  });

  it("transfer and experiment: a named usage type in one place explains the jump", () => {
    const transfer = over(world, "transfer");
    const experiment = over(world, "experiment");
    const gateway = (d: string) => costOf(world, d, (c) => c.usageType === "USE1-NatGateway-Bytes" && c.account === "production");

    expect(gateway(transfer.from)).toBeGreaterThan(3 * gateway(addDays(transfer.from, -7)));
    expect(gateway(addDays(transfer.to, 3))).toBeLessThan(1.5 * gateway(addDays(transfer.from, -4)));
    expect(transfer.links.pulls.map((id) => id.split("#")[0])).toEqual(["infrastructure", "infrastructure"]);
    expect(world.pulls().find((p) => p.id === transfer.links.pulls[1])?.reverts).toBe(transfer.links.pulls[0]);
    expect(costOf(world, experiment.from, (c) => c.usageType.endsWith("g5.12xlarge"))).toBeCloseTo(1_900, -1);
  });

  it("price-change: extended support is a usage type of its own in every account with databases", () => {
    const { from } = finished(world, "price-change", 7);
    const support = world.costs(from).filter((c) => c.usageType.includes("ExtendedSupport"));
    const rds = world.costs(from).filter((c) => c.service === "Amazon Relational Database Service" && !c.usageType.includes("r6g.4xl"));

    expect(new Set(support.map((c) => c.account))).toEqual(new Set(["production", "staging", "data-platform"]));
    expect(sum(support.map((c) => c.cost)) / sum(rds.map((c) => c.cost))).toBeCloseTo(0.22 / 1.22, 3);
    expect(world.costs(addDays(from, -1)).some((c) => c.usageType.includes("ExtendedSupport"))).toBe(false);
  });

  it("idle-database: while it stands it costs about 1,430 USD a month and has no connection", () => {
    const event = finished(world, "idle-database", 30);
    const month = sum(days(event.from, 30).map((d) => costOf(world, d, (c) => c.usageType.includes("db.r6g.4xl"))));
    const then = createWorld(addDays(event.from, 60));
    const found = then.resources().find((r) => r.id === event.links.others[0]);

    expect(month).toBeGreaterThan(1_300);
    expect(month).toBeLessThan(1_500);
    expect(found?.kind === "database" && found.connections).toBe(0);
    expect(found?.finding?.kind).toBe("idle");
    expect(found?.monthlyCost).toBeCloseTo(1_430, -2);
  });

  it("stock-drift: stock issues and their tickets rise several times for its days", () => {
    const { from, to, links } = over(world, "stock-drift");
    const perDay = (list: readonly string[], first: string, last: string) =>
      list.filter((at) => day(at) >= first && day(at) <= last).length / (daysBetween(first, last) + 1);
    const issues = world.stockIssues().map((s) => s.openedAt);
    const tickets = world
      .tickets()
      .filter((t) => t.theme === "stock counts")
      .map((t) => t.createdAt);

    expect(perDay(issues, from, to)).toBeGreaterThan(4 * perDay(issues, addDays(from, -28), addDays(from, -1)));
    expect(perDay(tickets, from, to)).toBeGreaterThan(3 * perDay(tickets, addDays(from, -28), addDays(from, -1)));
    expect(links.deployments.every((id) => id.startsWith("depot-scanner-production"))).toBe(true);
  });

  it("video-quality: only Android in Asia Pacific rebuffers more", () => {
    const { from, to } = over(world, "video-quality");
    const ratio = (isHit: boolean, first: string, count: number) => {
      const rows = days(first, count)
        .flatMap((d) => world.streaming(d))
        .filter((s) => (s.device === "Android" && s.region === "Asia Pacific") === isHit);
      return sum(rows.map((r) => r.rebufferMinutes)) / sum(rows.map((r) => r.minutes));
    };
    const change = (isHit: boolean) => ratio(isHit, from, daysBetween(from, to) + 1) / ratio(isHit, addDays(from, -14), 14);

    expect(change(true)).toBeGreaterThan(2.5);
    expect(change(false)).toBeLessThan(1.15);
  });

  it("flaky-tests: a quarter of berth-planner's runs fail on one test class, and only then", () => {
    const { from, to } = finished(world, "flaky-tests", 19);
    const share = (first: string, last: string) => {
      const runs = world
        .pipelineRuns()
        .filter((r) => r.repository === "berth-planner" && r.tests && day(r.createdAt) >= first && day(r.createdAt) <= last);
      return runs.filter((r) => r.tests?.failing.some((t) => t.startsWith("BerthAllocationTest"))).length / runs.length;
    };

    expect(share(from, to)).toBeGreaterThan(0.15);
    expect(share(from, to)).toBeLessThan(0.38);
    expect(share(addDays(from, -60), addDays(from, -1))).toBeLessThan(0.05);
  });

  it("scope-creep: seven stories come into the sprint after its start, most are not done at its end", () => {
    const event = over(world, "scope-creep");
    const sprint = world.sprints().find((s) => String(s.id) === event.links.others[0]);
    const story = event.links.issues;

    expect(sprint?.state).toBe("closed");
    expect(story.length).toBe(7);
    expect(story.every((key) => sprint?.added.includes(key))).toBe(true);
    expect(story.filter((key) => sprint?.completed.includes(key)).length).toBeLessThanOrEqual(2);
    expect(sprint?.addedPoints).toBeGreaterThan((sprint?.committedPoints ?? 0) / 2);
  });

  it("launch: the service appears with its deployment, delivery rises by a third within a month", () => {
    const event = finished(world, "launch", 40);
    const service = event.truth.slice(event.truth.indexOf(": ") + 2, event.truth.indexOf(" appears"));
    const delivery = (first: string) => sum(days(first, 14).map((d) => costOf(world, d, (c) => c.service === "Amazon CloudFront")));

    expect(costOf(world, addDays(event.from, -1), (c) => c.service === service)).toBe(0);
    expect(costOf(world, addDays(event.from, 35), (c) => c.service === service)).toBeGreaterThan(50);
    expect(delivery(addDays(event.from, 26)) / delivery(addDays(event.from, -14))).toBeGreaterThan(1.25);
    expect(event.links.deployments.length).toBe(1);
  });

  it("keeps the usual month-ends, weekends and growth", () => {
    const month = startOf("month", addMonths(today, -1));
    const perDay = (isWeekend: boolean) =>
      mean(
        days(addDays(today, -84), 84)
          .filter((d) => [0, 6].includes(new Date(`${d}T00:00:00Z`).getUTCDay()) === isWeekend)
          .map((d) => world.pulls().filter((p) => p.createdAt.startsWith(d)).length),
      );
    const revenue = (d: string) => sum(world.revenue(d).map((r) => r.subscription));

    expect(perDay(true)).toBeLessThan(0.2 * perDay(false));
    expect(revenue(addDays(month, 10))).toBeGreaterThan(1.2 * revenue(addDays(addMonths(month, -18), 10)));
  });
});

/** The latest round that is over, with the days after it that a comparison needs. */
function over(world: World, name: EventName): WorldEvent {
  return finished(world, name, 7);
}

function finished(world: World, name: EventName, days: number): WorldEvent {
  const last = addDays(world.today, -1);
  const found = world.story().findLast((e) => e.name === name && addDays(wholeEnd(name, e), 5) <= last && addDays(e.from, days) <= last);
  if (!found) throw new Error(`no ${name} is over`);
  return found;
}

/** Some last so long that their beginning is what counts. */
function wholeEnd(name: EventName, event: WorldEvent): string {
  const { from, to } = eventRound(name, roundOf(name, event.from));
  return daysBetween(from, to) > 60 ? from : to;
}

function everyday(world: World): Pull[] {
  const told = new Set(world.story().flatMap((e) => e.links.pulls));
  return world.pulls().filter((p) => p.author !== "quay.bot" && !told.has(p.id));
}

function costOf(world: World, d: string, test: (line: ReturnType<World["costs"]>[number]) => boolean): number {
  return sum(
    world
      .costs(d)
      .filter(test)
      .map((c) => c.cost),
  );
}

const day = (at: string) => at.slice(0, 10);
const days = (first: string, count: number) => Array.from({ length: count }, (_, i) => addDays(first, i));
const hours = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 3_600_000;
const later = (at: string, count: number) => `${new Date(Date.parse(at) + count * 3_600_000).toISOString().slice(0, 19)}Z`;
const hourAfter = (at: string) => `${at.slice(0, 13)}:00:00Z`;
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
