import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { feedOf, patience } from "../../kit/vendor-connection.ts";
import type { RecordedRequest } from "../../kit/vendor-server.ts";
import { graphql, SCRIPT } from "./answers.ts";
import { startGithub } from "./world.ts";

/** Rows as GitHub gave them to another project. */
const recorded = JSON.parse(readFileSync(new URL("../../fixtures/github/actions-runs.json", import.meta.url), "utf8")) as {
  workflow_runs: Record<string, unknown>[];
};
const routes = (runs: (request: RecordedRequest) => unknown) => ({
  "POST /graphql": graphql(SCRIPT),
  "GET /repos/acme/web/actions/runs": (request: RecordedRequest) => ({ json: runs(request) }),
});

describe("Actions runs", () => {
  it("are read from real rows: the last attempt's minutes, dated by the first", async () => {
    const month = (created: string) => recorded.workflow_runs.filter((run) => String(run.created_at).startsWith(created.slice(0, 7)));
    const { connection } = await startGithub(
      routes(({ query }) => {
        const runs = month(query.get("created") ?? "");
        return { total_count: runs.length, workflow_runs: runs };
      }),
    );
    const answer = await feedOf(connection, "pipelines").records?.({ period: { from: "2022-06-01", to: "2022-09-30" } }, patience());

    // Days more than two years back are one window, which begins with the period.
    expect(answer?.records.map(({ id, labels, numbers, times }) => [id, labels.workflow, labels.status, numbers, times.started])).toEqual([
      ["acme/web/runs/2566218977", "Lint", "failure", { attempt: 1, minutes: 34 / 60 }, new Date("2022-06-27T01:29:54Z")],
      ["acme/web/runs/2589885635", "CodeQL", "failure", { attempt: 2, minutes: 65 / 60 }, new Date("2022-06-30T12:23:37Z")],
      ["acme/web/runs/2589885639", "Lint", "success", { attempt: 2, minutes: 29 / 60 }, new Date("2022-06-30T12:23:37Z")],
    ]);
    expect(answer?.records[0]?.labels).toMatchObject({ repository: "acme/web", branch: "master", event: "push", author: "owner-one" });
  });

  it("that are not over have no end, no minutes and no outcome", async () => {
    const run = { ...recorded.workflow_runs[0], created_at: "2026-11-20T08:00:00Z", run_started_at: "2026-11-20T08:00:00Z" };
    const odd = [
      { ...run, id: 1, status: "in_progress", conclusion: null },
      { ...run, id: 2, status: "completed", conclusion: "timed_out", updated_at: "2026-11-20T09:00:00Z" },
      { ...run, id: 3, status: "completed", conclusion: "skipped", updated_at: "2026-11-20T08:00:00Z", actor: null },
    ];
    const { connection } = await startGithub(routes(() => ({ total_count: 3, workflow_runs: odd })));
    const feed = feedOf(connection, "pipelines");
    const period = { from: "2026-11-01", to: "2026-11-20" };
    const answer = await feed.records?.({ period }, patience());

    expect(answer?.records.map(({ labels, numbers, times }) => [labels.status, numbers.minutes, times.finished !== undefined])).toEqual([
      ["running", undefined, false],
      ["failure", 60, true],
      ["skipped", 0, true],
    ]);
    expect((await feed.query({ measure: "failed_run_share", period }, patience())).facts[0]?.value).toBe(1);
  });

  it("are asked for by the page, and in halves where a window has more than a thousand", async () => {
    const asked: string[] = [];
    const { connection } = await startGithub(
      routes(({ query }) => {
        const [from = "", to = ""] = (query.get("created") ?? "").split("..");
        const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
        const page = Number(query.get("page"));
        asked.push(`${from.slice(5, 10)} ${page}`);
        const total = days > 20 ? 1_001 : 150;
        const runs = Array.from({ length: page === 1 ? 100 : 50 }, (_, i) => ({
          ...recorded.workflow_runs[0],
          id: Date.parse(from) + page * 100 + i,
          created_at: from,
        }));
        return { total_count: total, workflow_runs: runs };
      }),
    );
    const { facts, receipts } = await feedOf(connection, "pipelines").query(
      { period: { from: "2026-10-01", to: "2026-10-31" } },
      patience(),
    );

    expect(facts[0]?.value).toBe(300);
    expect(asked).toEqual(["10-01 1", "10-01 1", "10-01 2", "10-17 1", "10-17 2"]);
    expect(receipts[0]).not.toHaveProperty("truncated");
  });
});
