import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import { numberOf, type PipelineRun, type World } from "../../world/index.ts";
import { loginOf, ORG, pageOf } from "./names.ts";
import { dateTest } from "./search.ts";

const MOST_FILTERED = 1_000;
const MOST_PER_PAGE = 100;

const byRepository = new WeakMap<World, Map<string, PipelineRun[]>>();

/** GET /repos/{owner}/{repo}/actions/runs: newest first; a filtered list ends after 1,000. undefined: there is no such repository. */
export function listRuns(name: string, { query, baseUrl }: SimulatedRequest, world: World): SimulatedResponse | undefined {
  if (!world.repositories().some((repository) => repository.name === name)) return undefined;
  const grouped = byRepository.get(world) ?? Map.groupBy(world.pipelineRuns().toReversed(), (run) => run.repository);
  byRepository.set(world, grouped);
  const perPage = Math.min(MOST_PER_PAGE, Math.max(1, Number(query.get("per_page") ?? 30)));
  const page = Math.max(1, Number(query.get("page") ?? 1));
  const created = query.get("created");
  const filters = ["branch", "event", "status", "actor", "head_sha"] as const;
  const isFiltered = created !== null || filters.some((filter) => query.has(filter));
  const isCreated = created === null ? () => true : dateTest(created, (run: PipelineRun) => run.createdAt);
  const found = (grouped.get(name) ?? []).filter(
    (run) => isCreated(run) && filters.every((filter) => !query.has(filter) || valuesOf(run)[filter].includes(query.get(filter) ?? "")),
  );
  const reachable = isFiltered ? found.slice(0, MOST_FILTERED) : found;
  const runs = reachable.slice((page - 1) * perPage, page * perPage);
  const link = linkHeader(`${baseUrl}/repos/${ORG}/${name}/actions/runs`, query, page, Math.ceil(reachable.length / perPage));
  return {
    status: 200,
    headers: link ? { link } : {},
    body: { total_count: found.length, workflow_runs: runs.map((run) => runOf(run, baseUrl)) },
  };
}

function valuesOf(run: PipelineRun): Record<"branch" | "event" | "status" | "actor" | "head_sha", string[]> {
  return {
    branch: [run.branch],
    event: [run.event],
    status: [run.status, run.conclusion ?? ""],
    actor: [loginOf(run.actor)],
    head_sha: [run.commit],
  };
}

function runOf(run: PipelineRun, baseUrl: string): object {
  const id = numberOf(run.id);
  const actor = { login: loginOf(run.actor), id: numberOf(run.actor) % 100_000_000, type: run.actor.endsWith(".bot") ? "Bot" : "User" };
  const api = `${baseUrl}/repos/${ORG}/${run.repository}/actions/runs/${id}`;
  return {
    id,
    name: run.workflow,
    node_id: `WFR_${id}`,
    head_branch: run.branch,
    head_sha: run.commit,
    path: `.github/workflows/${run.workflow}.yml`,
    display_title: run.pull ?? run.workflow,
    run_number: run.number,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: numberOf(`${run.repository}/${run.workflow}`) % 100_000_000,
    url: api,
    html_url: pageOf(ORG, run.repository, "actions", "runs", id),
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.finishedAt ?? run.startedAt,
    actor,
    triggering_actor: actor,
    run_attempt: run.attempt,
    run_started_at: run.startedAt,
    jobs_url: `${api}/jobs`,
    repository: { name: run.repository, full_name: `${ORG}/${run.repository}`, private: true },
  };
}

function linkHeader(path: string, query: URLSearchParams, page: number, last: number): string {
  const at = (n: number, rel: string) => {
    const next = new URLSearchParams(query);
    next.set("page", String(n));
    return `<${path}?${next}>; rel="${rel}"`;
  };
  const before = page > 1 ? [at(page - 1, "prev"), at(1, "first")] : [];
  return [...before, ...(page < last ? [at(page + 1, "next"), at(last, "last")] : [])].join(", ");
}
