import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/demo/faults.ts";
import { jira as simulator } from "../../../src/demo/vendors/jira.ts";
import { VendorError } from "../../../src/errors.ts";
import { jira } from "../../../src/integrations/jira/index.ts";
import { simulatedCompany } from "../../kit/simulated-company.ts";
import { contextOf, feedOf, patience, toolOf } from "../../kit/vendor-connection.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";

/** Our integration against the simulated Jira, and the simulated company's own records beside it. A Wednesday, in the middle of sprints. */
const NOW = new Date("2026-11-18T12:00:00Z");
const company = simulatedCompany({
  simulator,
  integration: jira,
  now: NOW,
  attemptMs: 8_000,
  warm({ connection, world }) {
    world.sprints();
    return connection.check(patience());
  },
});
const { world } = company;
const period = { from: "2026-09-01", to: "2026-11-17" };
const isIn = (at: string | null) => at !== null && at.slice(0, 10) >= period.from && at.slice(0, 10) <= period.to;
const seconds = (at: Date | undefined) => at?.toISOString().replace(".000", "") ?? null;
const nameOf = (login: string | null) => world.people().find((p) => p.login === login)?.name ?? null;

const recordsOf = async (kind: string) =>
  (await feedOf(company.connection, kind).records?.({ period }, patience())) ?? { records: [], receipts: [] };
const ask = (name: string, input: Record<string, unknown>) => {
  const tool = toolOf(company.connection, name);
  return tool.run(tool.input.parse(input), contextOf(company.connection, NOW));
};
const issues = new Map(world.issues().map((i) => [i.key, i]));
const pointsOf = (keys: readonly string[]) => keys.reduce((sum, key) => sum + (issues.get(key)?.points ?? 0), 0);
/** Without those the company put into a sprint after its end: to Jira they were never part of it. */
function addedIn({ id, added, completedAt }: ReturnType<typeof world.sprints>[number]): string[] {
  return added.filter((key) => {
    const issue = issues.get(key);
    const joined = issue?.changes.filter(({ field }) => field === "Sprint")[issue.sprints.indexOf(id)];
    return joined !== undefined && (completedAt === null || joined.at <= completedAt);
  });
}
const byFirst = (rows: unknown[][]) => rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));

describe("the simulated company on Jira", () => {
  it("has its issues, each with its times, people, points and sprint", async () => {
    const expected = world.issues().filter(({ createdAt }) => isIn(createdAt));
    const { records, receipts } = await recordsOf("issues");
    const sprints = new Map(world.sprints().map((s) => [s.id, s.name]));
    const teams = new Map(world.teams().map((t) => [t.id, t.name]));
    const projects = new Map(world.projects().map((p) => [p.key, teams.get(p.team)]));

    expect(records.length).toBeGreaterThan(500);
    const told = records.map(({ id, labels, numbers, times }) => [
      ...[id, labels.type, labels.status, labels.assignee ?? null, labels.reporter, labels.team, labels.component ?? ""],
      ...[labels.sprint ?? null, labels.epic?.split(" ")[0] ?? null, numbers.points ?? null, numbers.seconds_spent ?? 0],
      ...[seconds(times.created), seconds(times.started), seconds(times.resolved)],
    ]);
    const known = expected.map((i) => [
      ...[i.key, i.type, i.status, nameOf(i.assignee), nameOf(i.reporter), projects.get(i.project), i.component],
      ...[sprints.get(i.sprints.at(-1) ?? -1) ?? null, i.epic, i.points, i.worklogs.reduce((sum, w) => sum + w.seconds, 0)],
      ...[i.createdAt, i.startedAt, i.resolvedAt],
    ]);
    expect(byFirst(told)).toEqual(byFirst(known));
    expect(receipts).toMatchObject([{ status: "demo", window: period, source: "Jira (jira.example)" }]);
    expect(receipts[0]?.truncated).toBeUndefined();
  });

  it("counts its points by project as they are", async () => {
    const { facts } = await feedOf(company.connection, "issues").query({ period, measure: "points", by: ["project"] }, patience());
    const expected = new Map<string, number>();
    for (const { project, points, createdAt } of world.issues())
      if (points !== null && isIn(createdAt)) expected.set(project, (expected.get(project) ?? 0) + points);

    expect(new Map(facts.map(({ labels, value }) => [labels.project, value]))).toEqual(expected);
  });

  it("has its sprints as the company counts them itself", async () => {
    const expected = world.sprints().filter(({ startAt, state }) => state !== "future" && isIn(startAt));
    const { records, receipts } = await recordsOf("sprints");

    expect(expected.some(({ state }) => state === "active")).toBe(true);
    expect(
      byFirst(
        records.map(({ id, labels, numbers, times }) => [
          ...[id, labels.name, labels.project, labels.state, seconds(times.started), seconds(times.finished)],
          ...[numbers.committed, numbers.added, numbers.completed, numbers.completed_issues],
        ]),
      ),
    ).toEqual(
      byFirst(
        expected.map((s) => [
          ...[String(s.id), s.name, s.project, s.state, s.startAt, s.completedAt],
          ...[s.committedPoints, pointsOf(addedIn(s)), s.completedPoints, s.completed.length],
        ]),
      ),
    );
    expect(receipts[0]).toMatchObject({ status: "demo", notes: [expect.stringContaining("taken out of a sprint")] });
  });

  it("answers the tools' questions with its own numbers", async () => {
    const [open, bugs, one, sprint, flow] = await Promise.all([
      ask("find_issues", { top: 500 }),
      ask("find_issues", { type: "bugs", state: "done", period, project: "Gate & Trucking" }),
      ask("find_issues", { key: "view-7547" }),
      ask("sprint_report", { project: "GATE" }),
      ask("time_in_status", { period, project: "GATE" }),
    ]);
    const active = world.sprints().find(({ project, state }) => project === "GATE" && state === "active");
    const done = world.issues().filter((i) => i.project === "GATE" && i.category === "done" && i.type !== "Epic" && isIn(i.resolvedAt));

    expect(open.data).toMatchObject({ n: world.issues().filter(({ category }) => category !== "done").length });
    expect(bugs.data).toMatchObject({ n: done.filter(({ type }) => type === "Bug").length });
    expect(one.content).toContain("[VIEW-7547](https://jira.example/browse/VIEW-7547)");
    expect(one.content).toContain("Logged: 6 h (Kenji Tamm 6 h)");
    expect(sprint.data).toMatchObject({
      sprints: [
        {
          sprint: active?.name,
          committed: active?.committedPoints,
          added: active ? pointsOf(addedIn(active)) : 0,
          completed: active?.completedPoints,
        },
      ],
    });
    expect(flow.data).toMatchObject({ n: done.length });
    for (const answer of [open, bugs, one, sprint, flow]) {
      expectHonest(answer);
      expect(answer.content.length).toBeLessThanOrEqual(8_000);
      expect(answer.receipts[0]?.status).toBe("demo");
    }
  });

  it("keeps a person's words out of the query's logic", async () => {
    const sly = await ask("find_issues", { query: '") OR project = GATE ORDER BY key --' });

    expect(sly.data).toMatchObject({ n: 0 });
  });

  it("passes doctor", async () => {
    const checks = await company.connection.check(patience());

    expect(checks.map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
    expect(checks[0]?.message).toMatch(/^Firstmate reads 10 projects at 127\.0\.0\.1:\d+: GATE/);
  });

  it("is asked little, and less the second time", async () => {
    const fresh = await company.connect();
    company.calls.length = 0;
    const ask = async () => feedOf(fresh, "issues").records?.({ period }, patience());
    await ask();
    expect(company.calls.length).toBeLessThan(30);
    company.calls.length = 0;
    await company.later(6 * 60_000, ask);
    expect(company.calls.length).toBeLessThanOrEqual(8);
  });
});

describe("a Jira that fails", () => {
  const asked = { period: { from: "2026-11-01", to: "2026-11-17" }, by: ["project"] };

  it.each<[Fault, RegExp]>([
    ["limited", /limits how often/],
    ["failing", /failed \(500\)/],
    ["half-failing", /failed \(500\)/],
    ["truncated", /could not be reached|cannot be read/],
    ["drifted", /unexpected shape/],
    ["revoked", /JIRA_EMAIL and JIRA_TOKEN/],
  ])("%s is told in words, or got over", async (fault, words) => {
    const expected = (await feedOf(company.connection, "issues").query(asked, patience())).facts;
    const fresh = await company.connect();
    const answer = company.during(fault, () => feedOf(fresh, "issues").query(asked, patience()));
    const outcome = await answer.catch((error: unknown) => error);

    if (fault === "half-failing" && !(outcome instanceof Error)) return expect(outcome).toMatchObject({ facts: expected });
    expect(outcome).toBeInstanceOf(VendorError);
    expect((outcome as VendorError).message).toMatch(words);
  });

  it("leaves what was known before, labelled with its age, unless the token was revoked", async () => {
    const fresh = await company.connect();
    const ask = () => feedOf(fresh, "issues").query(asked, patience());
    const before = await ask();
    const whenLater = (fault: Fault) => company.later(20 * 60_000, () => company.during(fault, ask));
    const after = await whenLater("failing");
    const refused = await whenLater("revoked").catch((error: unknown) => error);

    expect(after.facts).toEqual(before.facts);
    expect(after.receipts[0]).toMatchObject({ status: "demo", notes: [expect.stringContaining("20 min old")] });
    expect(refused).toBeInstanceOf(VendorError);
  });
});
