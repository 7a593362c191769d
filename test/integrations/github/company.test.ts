import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/demo/faults.ts";
import { github as simulator } from "../../../src/demo/vendors/github.ts";
import { VendorError } from "../../../src/errors.ts";
import { github } from "../../../src/integrations/github/index.ts";
import { simulatedCompany } from "../../kit/simulated-company.ts";
import { contextOf, feedOf, NOW, patience, toolOf } from "../../kit/vendor-connection.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";

/** Our integration against the simulated GitHub, and the simulated company's own records beside it. */
const company = simulatedCompany({ simulator, integration: github, now: NOW, attemptMs: 8_000 });
const { world } = company;
const period = { from: "2026-09-01", to: "2026-11-20" };
const isIn = (at: string) => at.slice(0, 10) >= period.from && at.slice(0, 10) <= period.to;
const login = (name: string) => name.replaceAll(".", "-");
const seconds = (at: Date | undefined) => at?.toISOString().replace(".000", "") ?? null;

const recordsOf = async (kind: string) => (await feedOf(company.connection, kind).records?.({ period }, patience()))?.records ?? [];

describe("the simulated company on GitHub", () => {
  it("has its pull requests, each with its times, people and ticket", async () => {
    const expected = world.pulls().filter(({ createdAt }) => isIn(createdAt));
    const records = await recordsOf("pulls");

    expect(records.length).toBe(expected.length);
    expect(records.length).toBeGreaterThan(300);
    const told = records.map(({ id, labels, numbers, times }) => [
      ...[id, labels.author, labels.state, labels.issue ?? null, labels.commit ?? null, labels.base, numbers.additions, numbers.commits],
      ...[times.created, times.first_commit, times.first_review, times.merged, times.closed].map(seconds),
    ]);
    const known = expected.map((p) => [
      ...[`harbourline/${p.id}`, login(p.author), p.state, p.issue, p.mergeCommit, p.base, p.additions, p.commits.length],
      ...[p.createdAt, p.commits[0]?.authoredAt, p.firstReviewAt, p.mergedAt, p.closedAt],
    ]);
    const order = (rows: unknown[][]) => rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    expect(order(told)).toEqual(order(known));
  });

  it("has its deployments, and almost all name the very changes they carried", async () => {
    const expected = world.deployments().filter(({ createdAt }) => isIn(createdAt));
    const records = await recordsOf("deploys");
    const key = (repository: string, environment: string, at: string | null) => `${repository} ${environment} ${at}`;
    const known = new Map(expected.map((d) => [key(`harbourline/${d.repository}`, d.environment, d.createdAt), d]));
    const merges = new Map(world.pulls().map((p) => [p.id, p.mergeCommit]));

    expect(records.length).toBe(expected.length);
    let same = 0;
    let succeeded = 0;
    for (const { labels, times } of records) {
      const deployment = known.get(key(labels.repository ?? "", labels.environment ?? "", seconds(times.started)));
      expect([labels.status, seconds(times.finished), labels.commit, labels.author]).toEqual([
        deployment?.status === "in_progress" ? "running" : deployment?.status,
        deployment?.finishedAt,
        deployment?.commit,
        login(deployment?.creator ?? ""),
      ]);
      if (labels.environment !== "production" || labels.status !== "success") continue;
      succeeded += 1;
      const carried = deployment?.pulls.map((id) => merges.get(id)).toSorted();
      if (JSON.stringify(labels.commits?.split(",").toSorted()) === JSON.stringify(carried)) same += 1;
    }
    expect(same / succeeded).toBeGreaterThan(0.9);
  });

  it("has its runs, with their outcome", async () => {
    const expected = world.pipelineRuns().filter(({ createdAt }) => isIn(createdAt));
    const { facts, receipts } = await feedOf(company.connection, "pipelines").query({ period, by: ["repository", "status"] }, patience());
    const counts = Map.groupBy(
      expected,
      (run) => `harbourline/${run.repository} ${run.status === "completed" ? run.conclusion : "running"}`,
    );

    expect(new Map(facts.map(({ labels, value }) => [`${labels.repository} ${labels.status}`, value]))).toEqual(
      new Map([...counts].map(([name, list]) => [name, list.length])),
    );
    expect(receipts).toMatchObject([{ status: "demo", window: period }]);
  });

  it("has its completions, as far as they are reported", async () => {
    const { facts, receipts } = await feedOf(company.connection, "ai_usage").query(
      { period, by: ["language"], measure: "copilot_acceptances" },
      patience(),
    );
    const expected = new Map<string, number>();
    for (let at = Date.parse(period.from); at <= Date.parse("2026-11-19"); at += 86_400_000)
      for (const { language, acceptances } of world.completions(new Date(at).toISOString().slice(0, 10))?.byLanguage ?? [])
        expected.set(language, (expected.get(language) ?? 0) + acceptances);

    expect(new Map(facts.map(({ labels, value }) => [labels.language, value]))).toEqual(expected);
    expect(receipts[0]).toMatchObject({ status: "demo", notes: [expect.stringContaining("up to 2026-11-19")] });
  });

  it("keeps no issues there, which is an answer and no error", async () => {
    expect(await recordsOf("issues")).toEqual([]);
  });

  it("has its releases and open pull requests in the tools' answers", async () => {
    const ask = (name: string, input: Record<string, unknown>) => {
      const tool = toolOf(company.connection, name);
      return tool.run(tool.input.parse(input), contextOf(company.connection));
    };
    const [open, released, activity] = await Promise.all([
      ask("find_pull_requests", {}),
      ask("list_releases", { period }),
      ask("repository_activity", { period: { from: "2026-10-01", to: "2026-10-31" } }),
    ]);

    expect(open.data).toMatchObject({ n: world.pulls().filter(({ state }) => state === "open").length });
    expect(released.data).toMatchObject({ n: world.releases().filter(({ publishedAt }) => isIn(publishedAt)).length });
    const { repositories } = activity.data as { repositories: { merged: number; commits: number }[] };
    const merged = world.pulls().filter(({ mergedAt }) => mergedAt?.startsWith("2026-10")).length;
    expect(repositories.reduce((sum, r) => sum + r.merged, 0)).toBe(merged);
    expect(repositories.reduce((sum, r) => sum + r.commits, 0)).toBe(merged);
    for (const answer of [open, released, activity]) {
      expectHonest(answer);
      expect(answer.receipts[0]?.status).toBe("demo");
    }
  });

  it("passes doctor", async () => {
    expect((await company.connection.check(patience())).map(({ state }) => state)).toEqual(["ok", "ok", "ok", "ok"]);
  });

  it("is asked little: ninety days of pull requests in a few requests, and fewer the second time", async () => {
    const fresh = await company.connect();
    company.calls.length = 0;
    const ask = async () => feedOf(fresh, "pulls").records?.({ period: { from: "2026-08-24", to: "2026-11-21" } }, patience());
    await ask();
    expect(company.calls.length).toBeLessThan(30);
    company.calls.length = 0;
    await company.later(6 * 60_000, ask);
    expect(company.calls.length).toBeLessThanOrEqual(4);
  });
});

describe("a GitHub that fails", () => {
  const asked = { period: { from: "2026-11-01", to: "2026-11-20" }, by: ["repository"] };

  it.each<[Fault, RegExp]>([
    ["limited", /limits how often/],
    ["failing", /failed \(500\)/],
    ["half-failing", /failed \(500\)/],
    ["truncated", /could not be reached|cannot be read/],
    ["drifted", /unexpected shape/],
    ["revoked", /GITHUB_TOKEN/],
  ])("%s is told in words, or got over", async (fault, words) => {
    const fresh = await company.connect();
    const answer = company.during(fault, () => feedOf(fresh, "pulls").query(asked, patience()));
    const outcome = await answer.catch((error: unknown) => error);

    expect(outcome).toBeInstanceOf(VendorError);
    expect((outcome as VendorError).message).toMatch(words);
  });

  it("leaves what was known before, labelled with its age, unless the token was revoked", async () => {
    const fresh = await company.connect();
    const ask = () => feedOf(fresh, "pulls").query(asked, patience());
    const before = await ask();
    const whenLater = (fault: Fault) => company.later(20 * 60_000, () => company.during(fault, ask));
    const after = await whenLater("failing");
    const refused = await whenLater("revoked").catch((error: unknown) => error);

    expect(after.facts).toEqual(before.facts);
    expect(after.receipts[0]).toMatchObject({ status: "demo", notes: [expect.stringContaining("20 min old")] });
    expect(refused).toBeInstanceOf(VendorError);
  });
});
