import { describe, expect, it } from "vitest";
import type { Fact } from "../../../src/core/fact.ts";
import type { Fault } from "../../../src/demo/faults.ts";
import { anthropic as simulator } from "../../../src/demo/vendors/anthropic.ts";
import { VendorError } from "../../../src/errors.ts";
import { anthropic } from "../../../src/integrations/anthropic/index.ts";
import { simulatedCompany } from "../../kit/simulated-company.ts";
import { contextOf, feedOf, NOW, patience } from "../../kit/vendor-connection.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";

/** Our integration against the simulated Anthropic, and the simulated company's own records beside it. */
const company = simulatedCompany({
  simulator,
  integration: anthropic,
  now: NOW,
  attemptMs: 8_000,
  async warm({ host }) {
    const { ANTHROPIC_ADMIN_KEY = "", ANTHROPIC_ADMIN_URL = "" } = host.settings;
    const headers = { "x-api-key": ANTHROPIC_ADMIN_KEY, "anthropic-version": "2023-06-01" };
    await fetch(`${ANTHROPIC_ADMIN_URL}/v1/organizations/usage_report/claude_code?starting_at=2026-11-20`, { headers });
  },
});
const { world } = company;

function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

const usage = (from: string, to: string) => daysOf(from, to).flatMap((day) => world.aiUsage(day));
const coding = (from: string, to: string) => daysOf(from, to).flatMap((day) => world.coding(day));
const total = (facts: readonly Fact[]) => facts.reduce((sum, { value }) => sum + value, 0);
function grouped<T>(items: readonly T[], name: (item: T) => string, value: (item: T) => number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(name(item), (sums.get(name(item)) ?? 0) + value(item));
  return sums;
}
function expectSame(facts: readonly Fact[], by: string, expected: ReadonlyMap<string, number>): void {
  expect(facts.map(({ labels }) => labels[by] ?? "").toSorted()).toEqual([...expected.keys()].toSorted());
  for (const { labels, value } of facts) expect(value, labels[by]).toBeCloseTo(expected.get(labels[by] ?? "") ?? Number.NaN, 3);
}

describe("the simulated company at Anthropic", () => {
  const period = { from: "2026-08-20", to: "2026-11-20" };
  const names = {
    workspace: new Map(world.aiWorkspaces().map((w) => [w.id, w.name])),
    key: new Map(world.aiKeys().map((k) => [k.id, k.name])),
  };

  it("has its cost by model, workspace and key, as the records have it", async () => {
    const feed = feedOf(company.connection, "anthropic_usage");
    const ask = async (by: string) => (await feed.query({ by: [by], period }, patience())).facts;
    const rows = usage(period.from, period.to);

    expectSame(
      await ask("model"),
      "model",
      grouped(
        rows,
        (r) => r.model,
        (r) => r.cost,
      ),
    );
    expectSame(
      await ask("workspace"),
      "workspace",
      grouped(
        rows,
        (r) => names.workspace.get(r.workspace) ?? "",
        (r) => r.cost,
      ),
    );
    expectSame(
      await ask("key"),
      "key",
      grouped(
        rows,
        (r) => names.key.get(r.key) ?? "",
        (r) => r.cost,
      ),
    );
    for (const fact of await ask("model")) expect(fact.unit).toBe("USD");
  });

  it("has tokens and requests of each day", async () => {
    const feed = feedOf(company.connection, "anthropic_usage");
    const rows = usage(period.from, period.to);
    for (const [measure, of] of [
      ["input_tokens", (r: (typeof rows)[number]) => r.inputTokens],
      ["output_tokens", (r: (typeof rows)[number]) => r.outputTokens],
      ["cache_read_tokens", (r: (typeof rows)[number]) => r.cacheReadTokens],
      ["requests", (r: (typeof rows)[number]) => r.requests],
    ] as const) {
      const { facts, receipts } = await feed.query({ measure, grain: "day", period }, patience());
      expect(new Map(facts.map(({ at, value }) => [at.toISOString().slice(0, 10), value]))).toEqual(grouped(rows, (r) => r.day, of));
      expect(receipts).toMatchObject([{ status: "demo", window: period }]);
    }
  });

  it("reads what lies before the newer reports from the older ones, and says what they lack", async () => {
    const early = { from: "2025-10-01", to: "2026-02-28" };
    const { facts, receipts } = await feedOf(company.connection, "anthropic_usage").query({ period: early, by: ["key"] }, patience());

    expect(total(facts)).toBeCloseTo(
      usage(early.from, early.to).reduce((sum, { cost }) => sum + cost, 0),
      2,
    );
    expect(facts.filter(({ labels }) => labels.key === undefined)).toHaveLength(1);
    expect(receipts[0]?.notes).toEqual([expect.stringMatching(/older reports, used for 2025-10-01 to 2025-12-31, have no cost by key/)]);
  });

  it("has everyone's days with Claude Code", async () => {
    const days = { from: "2026-10-15", to: "2026-11-20" };
    const feed = feedOf(company.connection, "claude_code");
    const ask = async (measure: string, by: string) => (await feed.query({ measure, by: [by], period: days }, patience())).facts;
    const rows = coding(days.from, days.to);
    const person = (r: (typeof rows)[number]) => r.email;

    expectSame(
      await ask("sessions", "person"),
      "person",
      grouped(rows, person, (r) => r.sessions),
    );
    expectSame(
      await ask("lines_added", "terminal"),
      "terminal",
      grouped(
        rows,
        (r) => r.terminal,
        (r) => r.linesAdded,
      ),
    );
    expectSame(
      await ask("commits", "person"),
      "person",
      grouped(rows, person, (r) => r.commits),
    );
    expectSame(
      await ask("estimated_cost", "model"),
      "model",
      grouped(
        rows.flatMap((r) => r.models),
        (m) => m.model,
        (m) => m.cost,
      ),
    );
    const taken = grouped(rows, person, (r) => r.edit.accepted + r.write.accepted);
    const proposed = grouped(rows, person, (r) => r.edit.accepted + r.write.accepted + r.edit.rejected + r.write.rejected);
    const share = new Map([...taken].map(([name, n]) => [name, n / (proposed.get(name) ?? 0)]));
    expectSame(await ask("acceptance", "person"), "person", share);
  });

  it("names nothing alike in both feeds that would be counted twice", async () => {
    const [first, second] = await Promise.all(company.connection.feeds.map((feed) => feed.describe(patience(), "names")));

    expect(first?.measures.filter(({ name }) => second?.measures.some((m) => m.name === name))).toEqual([]);
  });

  it("tells who uses the coding assistant, with the same sums", async () => {
    const [tool] = company.connection.tools;
    const finding = await tool?.run(tool.input.parse({ period: "last month" }), contextOf(company.connection));
    const rows = coding("2026-10-01", "2026-10-31");
    const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);

    expect(finding?.data).toMatchObject({
      n: new Set(rows.map(({ login }) => login)).size,
      total: { sessions: sum((r) => r.sessions), commits: sum((r) => r.commits), pullRequests: sum((r) => r.pulls) },
    });
    expectHonest(finding ?? { facts: [], receipts: [] });
  });

  it("is well, says doctor, and names what to do when the key is revoked", async () => {
    expect((await company.connection.check(patience())).map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);

    const checks = await company.during("revoked", () => company.connection.check(patience()));
    expect(checks).toMatchObject([{ state: "failed", fix: expect.stringContaining("ANTHROPIC_ADMIN_KEY") }]);
  });

  const broken: Fault[] = ["limited", "failing", "truncated", "drifted", "revoked"];
  it.each(broken)("answers with an error of ours, and never with a figure, when it is %s", async (fault) => {
    const fresh = await company.connect();
    for (const feed of fresh.feeds) {
      const asked = company.during(fault, () => feed.query({ period: { from: "2026-11-18", to: "2026-11-20" } }, patience()));
      await expect(asked).rejects.toBeInstanceOf(VendorError);
    }
  });

  it("gives the whole figure or none when every second request fails", async () => {
    const fresh = await company.connect();
    const days = { from: "2026-08-18", to: "2026-11-20" };
    const asked = company.during("half-failing", () => feedOf(fresh, "anthropic_usage").query({ period: days }, patience()));

    await expect(asked).rejects.toBeInstanceOf(VendorError);
  });

  it("serves its last answer with its age while it fails", async () => {
    const ask = () => feedOf(company.connection, "anthropic_usage").query({ period: { from: "2026-11-01", to: "2026-11-20" } }, patience());
    const before = await ask();
    const after = await company.later(20 * 60_000, () => company.during("failing", ask));

    expect(after.facts).toEqual(before.facts);
    expect(after.receipts[0]?.notes?.join(" ")).toMatch(/2\d min old/);
  });
});
