import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deployedChanges } from "../../../src/analytics/delivery/deployed-changes.ts";
import type { Deployment } from "../../../src/analytics/delivery/deployment.ts";
import { incidentDeployments } from "../../../src/analytics/delivery/incident-deployments.ts";
import { pullRequestTimes } from "../../../src/analytics/delivery/pull-request-times.ts";

/** Apache DevLake's own end-to-end tables: what went in, and what came out. See NOTICE. */
type Row = Record<string, string>;

function table(name: string): Row[] {
  const text = readFileSync(new URL(`../../fixtures/devlake/${name}.csv`, import.meta.url), "utf8");
  const [header = "", ...lines] = text.trim().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i] ?? "", cell])));
}

/** "2023-4-10 6:51:47" and ISO alike, both UTC. */
function instant(text: string | undefined): Date | undefined {
  const parts = /^(\d+)-(\d+)-(\d+)[T ](\d+):(\d+):(\d+)/
    .exec(text ?? "")
    ?.slice(1)
    .map(Number);
  return parts && new Date(Date.UTC(parts[0] ?? 0, (parts[1] ?? 1) - 1, ...(parts.slice(2) as [number])));
}

function rowsOfProject(project: string, mapping: readonly Row[], name: string): Set<string> {
  return new Set(mapping.filter((m) => m.project_name === project && m.table === name).map((m) => m.row_id ?? ""));
}

function deploymentsOf(rows: readonly Row[], scopes: ReadonlySet<string>, diffs: readonly Row[] = []): (Deployment & { group: string })[] {
  return rows
    .filter((row) => row.result === "SUCCESS" && row.environment === "PRODUCTION" && scopes.has(row.cicd_scope_id ?? ""))
    .map((row) => ({
      id: row.id ?? "",
      group: row.cicd_deployment_id ?? "",
      service: row.repo_url,
      finished: instant(row.finished_date) ?? new Date(Number.NaN),
      commits: diffs.filter((d) => d.new_commit_sha === row.commit_sha).map((d) => d.commit_sha ?? ""),
    }));
}

describe("pull request times on DevLake's tables", () => {
  const mapping = table("project_mapping");
  const deployments = deploymentsOf(
    table("cicd_deployment_commits"),
    rowsOfProject("project1", mapping, "cicd_scopes"),
    table("commits_diffs"),
  );
  const repositories = rowsOfProject("project1", mapping, "repos");
  const pulls = table("pull_requests").filter((pull) => repositories.has(pull.base_repo_id ?? "") && pull.merged_date !== "");
  const merged = pulls.map((pull) => ({
    id: pull.id ?? "",
    merged: instant(pull.merged_date) ?? new Date(0),
    commit: pull.merge_commit_sha,
  }));
  const deployed = deployedChanges(merged, deployments);
  const number = (text: string | undefined) => (text ? Number(text) : null);

  it.each(table("project_pr_metrics").map((row) => [row.id ?? "", row] as const))("of %s equal the published row", (id, expected) => {
    const pull = pulls.find((p) => p.id === id);
    const of = (rows: readonly Row[], date: string) =>
      rows
        .filter((r) => r.pull_request_id === id && r.account_id !== pull?.author_id)
        .flatMap((r) => instant(r[date]) ?? [])
        .sort((a, b) => +a - +b);
    const deployment = deployed.get(id)?.deployment;

    const times = pullRequestTimes({
      created: instant(pull?.created_date) ?? new Date(0),
      firstCommit: of(table("pull_request_commits"), "commit_authored_date")[0],
      firstReview: of(table("pull_request_comments"), "created_date")[0],
      merged: instant(pull?.merged_date),
      deployed: deployment?.finished,
    });

    expect({ ...times, deployment: deployment?.id ?? "" }).toEqual({
      coding: number(expected.pr_coding_time),
      pickup: number(expected.pr_pickup_time),
      review: number(expected.pr_review_time),
      deploy: number(expected.pr_deploy_time),
      cycle: number(expected.pr_cycle_time),
      deployment: expected.deployment_commit_id,
    });
  });

  it("covers every merged pull request of the project", () => {
    expect(merged.map(({ id }) => id)).toEqual(table("project_pr_metrics").map((row) => row.id));
  });
});

describe("incidents on DevLake's tables", () => {
  it("are laid to the deployment of the published rows", () => {
    const mapping = table("incident_project_mapping");
    const of = (name: string) => rowsOfProject("project1", mapping, name);
    const deployments = deploymentsOf(table("incident_deployment_commits"), of("cicd_scopes"));
    const places = new Set([...of("repos"), ...of("boards")]);
    const incidents = table("incidents")
      .filter((row) => places.has(row.scope_id ?? ""))
      .map((row) => ({ id: row.id ?? "", created: instant(row.created_date) ?? new Date(0) }));

    const found = incidentDeployments(incidents, deployments);

    const groups = new Map(deployments.map(({ id, group }) => [id, group]));
    const rows = [...found].map(([id, { id: commit }]) => ({ id, project_name: "project1", deployment_id: groups.get(commit) }));
    expect(rows).toEqual(table("project_incident_deployment_relationships"));
  });
});
