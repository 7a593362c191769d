import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fact } from "../../src/core/fact.ts";
import type { Feed } from "../../src/core/feed.ts";
import type { FeedRecord } from "../../src/core/records.ts";
import { VendorError } from "../../src/errors.ts";
import { activities } from "../../src/records/activities.ts";
import { importRecords } from "../../src/records/imports/index.ts";
import { createPeople, type People } from "../../src/records/people.ts";
import { pipelines } from "../../src/records/pipelines.ts";
import { projects } from "../../src/records/projects.ts";
import { createRecords, type Records } from "../../src/records/record-store.ts";
import type { Resource } from "../../src/records/resource.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";

const PERIOD = { from: "2026-11-18", to: "2026-11-20" };
const NOW = new Date("2026-11-21T09:00:00Z");
const at = (day: string) => new Date(`${day}T00:00:00Z`);

let database: Database;
let records: Records;
let people: People;
beforeEach(async () => {
  database = await openDatabase("sqlite::memory:");
  await migrate(database);
  records = createRecords(database, () => NOW, randomUUID);
  people = createPeople(database, () => NOW);
});
afterEach(() => database.close());

/** An AI usage source that has these facts of its measures, by day and the one dimension. */
function usage(name: string, facts: readonly Fact[], status: "live" | "demo" = "live"): Feed {
  const receipt = { id: name, source: `${name} analytics`, query: "usage", fetchedAt: NOW, status };
  return {
    ...{ name, kind: "ai_usage", withoutPeriod: "recent" },
    describe: async () => ({ title: name, measures: [], dimensions: [] }),
    query: async ({ measure }) => ({ facts: facts.filter((fact) => fact.measure === measure), receipts: [receipt] }),
  };
}

const fact = (day: string, measure: string, value: number, labels: Record<string, string>, unit = "count"): Fact => ({
  ...{ at: at(day), measure, value, labels, unit },
});
const ada = { person: "ada@example.com" };
const claude = [
  fact("2026-11-19", "sessions", 3, ada),
  fact("2026-11-19", "lines_added", 120, ada),
  fact("2026-11-19", "estimated_cost", 1.25, ada, "USD"),
  fact("2026-11-20", "sessions", 0, ada),
];

const take = (...feeds: Feed[]) => importRecords({ records, feeds, people }, PERIOD, new AbortController().signal);
const kept = async (resource: unknown) => (await records.list(resource as Resource, { limit: 100 }, "all")).records;

describe("activities", () => {
  it("of a person who was forgotten keep their figures, once, and never the name again", async () => {
    await take(usage("claude_code", claude));
    const [before] = await kept(activities);

    expect(await people.forget(["ADA@example.com"], "key:admin")).toEqual({ activities: 1, events: 0 });
    await take(usage("claude_code", claude));

    const [after, ...more] = await kept(activities);
    expect(more).toEqual([]);
    expect(after?.data).toEqual({
      ...before?.data,
      user: expect.stringMatching(/^forgotten-[0-9a-f]{12}$/),
      externalId: expect.stringMatching(/^claude_code:2026-11-19:forgotten-[0-9a-f]{12}$/),
    });
  });

  it("come from connected sources by day, labelled with who tells of them, and what is not told is absent", async () => {
    const copilot = [
      fact("2026-11-19", "copilot_acceptances", 40, { feature: "code_completion" }),
      fact("2026-11-19", "copilot_accepted_lines", 55, { feature: "code_completion" }, "lines"),
    ];

    const told = await take(usage("claude_code", claude), usage("github_copilot", copilot, "demo"), usage("other_ai", claude));

    expect(told).toEqual([
      { source: "claude_code", kind: "activities", kept: 1, problem: null },
      { source: "github_copilot", kind: "activities", kept: 1, problem: null },
    ]);
    const found = (await kept(activities)).map(({ data }) => data);
    expect(found).toHaveLength(2);
    expect(found).toEqual(
      expect.arrayContaining([
        {
          externalId: "claude_code:2026-11-19:ada@example.com",
          at: "2026-11-19T00:00:00.000Z",
          tool: "Claude Code",
          source: "claude_code analytics",
          user: "ada@example.com",
          count: 3,
          codeChanges: { additions: 120 },
          cost: { amount: 1.25, currency: "USD" },
        },
        {
          externalId: "github_copilot:2026-11-19:code_completion",
          at: "2026-11-19T00:00:00.000Z",
          tool: "GitHub Copilot",
          source: "github_copilot analytics, demo",
          category: "code_completion",
          count: 40,
          codeChanges: { additions: 55 },
        },
      ]),
    );
  });

  it("are kept once however often they are asked for, follow what the source mends, and stay archived", async () => {
    await take(usage("claude_code", claude));
    await take(usage("claude_code", claude));
    const [first] = await kept(activities);
    expect([first?.version, (await kept(activities)).length]).toEqual([1, 1]);

    await take(usage("claude_code", [...claude.slice(1), fact("2026-11-19", "sessions", 5, ada)]));
    const [mended] = await kept(activities);
    expect(mended).toMatchObject({ id: first?.id, version: 2, data: { count: 5 } });

    await records.setArchived(activities as unknown as Resource, first?.id ?? "", true, { id: "x", sight: "all" });
    expect(await take(usage("claude_code", claude))).toMatchObject([{ kept: 0, problem: null }]);
    expect(await kept(activities)).toEqual([]);
  });

  it("of a source that fails are missing, said, and take none of the others along", async () => {
    const broken: Feed = {
      ...usage("github_copilot", []),
      query: () => Promise.reject(new VendorError("GitHub", "GitHub is down.", { detail: "503" })),
    };

    expect(await take(broken, usage("claude_code", claude))).toEqual([
      { source: "github_copilot", kind: "activities", kept: 0, problem: "GitHub is down. (GitHub: “503”)" },
      { source: "claude_code", kind: "activities", kept: 1, problem: null },
    ]);
  });
});

describe("pipelines", () => {
  const run = (id: number, labels: Record<string, string>, finished?: string): FeedRecord => ({
    id: `acme/web/runs/${id}`,
    at: new Date("2026-11-19T10:00:00Z"),
    url: `https://github.com/acme/web/actions/runs/${id}`,
    labels: { repository: "acme/web", workflow: "CI", branch: "main", commit: "c0ffee", ...labels },
    numbers: finished ? { minutes: 5 } : {},
    times: { started: new Date("2026-11-19T10:00:00Z"), ...(finished ? { finished: new Date(finished) } : {}) },
  });
  const github = (...runs: FeedRecord[]): Feed => ({ ...fixtureRecords("pipelines", runs), name: "github_actions" });

  it("come by asking too, under the id that the webhook of the same run has", async () => {
    const made = await records.create(
      pipelines as unknown as Resource,
      { externalId: "github:run:7", repository: "acme/web", status: "running", coverage: 81 },
      { id: "webhook:github", sight: "all" },
    );

    const told = await take(github(run(7, { status: "success" }, "2026-11-19T10:07:00Z"), run(8, { status: "neutral" }), run(9, {})));

    expect(told).toEqual([{ source: "github_actions", kind: "pipelines", kept: 2, problem: null }]);
    const found = await kept(pipelines);
    expect(found).toHaveLength(2);
    expect(found.find(({ data }) => data.externalId === "github:run:7")).toMatchObject({
      id: made.state === "done" ? made.record.id : "",
      data: {
        status: "success",
        coverage: 81,
        startedAt: "2026-11-19T10:02:00.000Z",
        finishedAt: "2026-11-19T10:07:00.000Z",
        commit: "c0ffee",
      },
      derived: { durationMs: 300_000 },
    });
    expect(found.find(({ data }) => data.externalId === "github:run:8")?.data).toMatchObject({ status: "success" });
  });

  it("belong to the project that alone names their repository", async () => {
    const by = { id: "x", sight: "all" } as const;
    const made = await records.create(projects as unknown as Resource, { name: "Web", repositories: ["Acme/Web"] }, by);
    await take(github(run(1, { status: "success" })));
    await records.create(projects as unknown as Resource, { name: "Also", repositories: ["acme/web"] }, by);
    await take(github(run(2, { status: "success" })));

    const owners = Object.fromEntries((await kept(pipelines)).map(({ data }) => [data.externalId, data.projectId]));

    expect(owners).toEqual({ "github:run:1": made.state === "done" ? made.record.id : "", "github:run:2": undefined });
  });
});
