import { z } from "zod";
import type { Signal } from "../signal.ts";
import { signal, timeOf } from "./told.ts";

const text = z.string().catch("");
const repository = z.object({ full_name: z.string(), default_branch: text });
const runEvent = z.object({
  action: text,
  repository,
  workflow_run: z.object({
    id: z.number(),
    name: text,
    head_branch: text,
    head_sha: text,
    html_url: text,
    status: text,
    conclusion: z.string().nullable().catch(null),
    run_started_at: text,
    updated_at: text,
    run_attempt: z.number().catch(1),
  }),
});
const checkEvent = z.object({
  action: text,
  repository,
  check_run: z.object({
    id: z.number(),
    name: text,
    head_sha: text,
    html_url: text,
    status: text,
    conclusion: z.string().nullable().catch(null),
    started_at: text,
    completed_at: z.string().nullable().catch(null),
    check_suite: z.object({ head_branch: z.string().nullable().catch(null) }).catch({ head_branch: null }),
    app: z.object({ slug: text }).catch({ slug: "" }),
  }),
});

/** A run of a pipeline as our records keep it. */
export interface PipelineRun {
  externalId: string;
  repository: string;
  workflow?: string;
  branch?: string;
  commit?: string;
  url?: string;
  status: "queued" | "running" | "success" | "failure" | "cancelled";
  startedAt?: string;
  finishedAt?: string;
}

/** A workflow that fails on the default branch is a sign; one that passes there ends it. Everything else is no alert. */
export function githubSignals(body: Record<string, unknown>, received: Date): Signal[] {
  const run = runIn(body);
  const { default_branch: main } = repository.safeParse(body.repository).data ?? { default_branch: "" };
  if (!run || run.branch !== (main || "main") || (run.status !== "success" && run.status !== "failure")) return [];
  const what = run.workflow || "A pipeline";
  return [
    {
      ...signal("github", {
        id: `${run.repository}:${what}:${run.branch}`,
        service: "",
        title: `${what} of ${run.repository} ${run.status === "failure" ? "failed" : "passes"} on ${run.branch}`,
        severity: "warning",
        over: run.status === "success",
        at: timeOf(run.finishedAt ?? "", received),
        text: "",
        url: run.url ?? "",
      }),
      series: run.repository,
      group: `repository:${run.repository}`,
    },
  ];
}

/** The run a delivery is about; undefined when it is about none. Checks of Actions itself are told of as runs of their workflow. */
export function runIn(body: Record<string, unknown>): PipelineRun | undefined {
  const event = runEvent.safeParse(body);
  if (event.success) {
    const { workflow_run: run, repository: where } = event.data;
    return known({
      externalId: `github:run:${run.id}`,
      repository: where.full_name,
      workflow: run.name,
      branch: run.head_branch,
      commit: run.head_sha,
      url: run.html_url,
      status: statusOf(run.status, run.conclusion),
      startedAt: run.run_started_at,
      finishedAt: run.status === "completed" ? run.updated_at : "",
    });
  }
  const check = checkEvent.safeParse(body);
  if (!check.success || check.data.check_run.app.slug === "github-actions") return undefined;
  const { check_run: run, repository: where } = check.data;
  return known({
    externalId: `github:check:${run.id}`,
    repository: where.full_name,
    workflow: run.name,
    branch: run.check_suite.head_branch ?? "",
    commit: run.head_sha,
    url: run.html_url,
    status: statusOf(run.status, run.conclusion),
    startedAt: run.started_at,
    finishedAt: run.completed_at ?? "",
  });
}

function statusOf(status: string, conclusion: string | null): PipelineRun["status"] {
  if (status !== "completed") return status === "in_progress" ? "running" : "queued";
  if (conclusion === "success" || conclusion === "neutral" || conclusion === "skipped") return "success";
  return conclusion === "cancelled" || conclusion === "stale" ? "cancelled" : "failure";
}

/** What GitHub did not say is absent. */
function known(run: { [K in keyof Required<PipelineRun>]: PipelineRun[K] & string }): PipelineRun {
  return Object.fromEntries(Object.entries(run).filter(([, value]) => value !== "")) as unknown as PipelineRun;
}
