import { jsonOf, type SimulatedRequest, type SimulatedResponse } from "../../simulator.ts";
import type { Issue, World } from "../../world/index.ts";
import { accountOf, idOf, lookupOf, SITE, STATUSES, stamped, TYPES } from "./names.ts";
import { problem } from "./problem.ts";

/** What people wrote into the simulated Jira. It lasts as long as the world of that day. */
const written = new WeakMap<World, Issue[]>();

export function issuesIn(world: World): readonly Issue[] {
  const more = written.get(world);
  return more ? [...world.issues(), ...more] : world.issues();
}

export function writtenIn(world: World): readonly Issue[] {
  return written.get(world) ?? [];
}

export function createIssue(request: SimulatedRequest, world: World): SimulatedResponse {
  const { fields = {} } = (jsonOf(request) ?? {}) as { fields?: Record<string, unknown> };
  const { projects } = lookupOf(world);
  const project = String((fields.project as { key?: unknown } | undefined)?.key ?? "");
  const type = TYPES.find(({ name }) => name === (fields.issuetype as { name?: unknown } | undefined)?.name)?.name;
  const summary = typeof fields.summary === "string" ? fields.summary.trim() : "";
  const errors = {
    ...(projects.has(project) ? {} : { project: "Specify a valid project ID or key" }),
    ...(type ? {} : { issuetype: "Specify a valid issue type" }),
    ...(summary === "" ? { summary: "You must specify a summary of the issue." } : {}),
  };
  if (!type || Object.keys(errors).length > 0) return { status: 400, body: { errorMessages: [], errors } };
  const at = request.now.toISOString();
  const number = Math.max(0, ...issuesIn(world).flatMap((issue) => (issue.project === project ? [issue.number] : []))) + 1;
  const made: Issue = {
    ...{ key: `${project}-${number}`, number, project, type: type as Issue["type"], summary, description: textOf(fields.description) },
    ...{ priority: "Medium", status: STATUSES[0].name as Issue["status"], category: "todo", resolution: null, component: "", labels: [] },
    ...{
      points: null,
      reporter: "firstmate",
      assignee: null,
      createdAt: at,
      updatedAt: at,
      startedAt: null,
      resolvedAt: null,
      dueOn: null,
    },
    ...{
      sprints: [],
      epic: null,
      changes: [],
      worklogs: [],
      comments: [],
      links: [],
      pulls: [],
      customer: null,
      ticket: null,
      incident: null,
    },
  };
  written.set(world, [...writtenIn(world), made]);
  const id = idOf(made, projects);
  return { status: 201, body: { id, key: made.key, self: `${SITE}/rest/api/3/issue/${id}` } };
}

let comments = 0;

export function addComment(issue: Issue | undefined, request: SimulatedRequest): SimulatedResponse {
  if (!issue) return problem(404, "Issue does not exist or you do not have permission to see it.");
  const { body } = (jsonOf(request) ?? {}) as { body?: unknown };
  if (textOf(body).trim() === "") return { status: 400, body: { errorMessages: [], errors: { comment: "Comment body is not valid!" } } };
  comments += 1;
  const id = String(90_000 + comments);
  const at = stamped(request.now.toISOString());
  const author = { accountId: accountOf("firstmate"), displayName: "Firstmate", active: true };
  return { status: 201, body: { id, self: `${SITE}/rest/api/3/issue/${issue.key}/comment/${id}`, author, body, created: at, updated: at } };
}

/** The words of an Atlassian document, a blank line between its paragraphs. */
function textOf(document: unknown): string {
  const { type, text, content } = (typeof document === "object" && document !== null ? document : {}) as Record<string, unknown>;
  if (type === "text") return String(text ?? "");
  if (type === "hardBreak") return "\n";
  const inside = (Array.isArray(content) ? content : []).map(textOf);
  return inside.join(type === "doc" ? "\n\n" : "");
}
