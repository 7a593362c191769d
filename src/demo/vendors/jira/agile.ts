import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { lookupOf, SITE } from "./names.ts";
import { numberIn, problem } from "./problem.ts";
import { boardIdOf, sprintJson } from "./sprint.ts";

const MOST = 50;

/** Boards and sprints: one board for each project that plans in sprints. */
export function answerAgile({ method, path, query }: SimulatedRequest, world: World): SimulatedResponse {
  if (method !== "GET") return problem(405, "Method Not Allowed");
  const { projects, sprints } = lookupOf(world);
  const boards = world.projects().filter(({ kind }) => kind === "software");
  if (path === "/rest/agile/1.0/board") return page(query.get("type") === "kanban" ? [] : boards.map(boardJson), query, true);
  const [, boardId, tail] = /^\/rest\/agile\/1\.0\/board\/(\d+)(\/sprint)?$/.exec(path) ?? [];
  if (boardId !== undefined) {
    const project = boards.find((board) => boardIdOf(board) === Number(boardId));
    if (!project)
      return problem(
        404,
        `The requested board cannot be viewed because it either does not exist or you do not have permission to view it.`,
      );
    if (tail === undefined) return { status: 200, body: boardJson(project) };
    const states = query.get("state")?.split(",");
    const own = world.sprints().filter((s) => s.project === project.key && (!states || states.includes(s.state)));
    return page(
      own.map((s) => sprintJson(s, projects)),
      query,
      false,
    );
  }
  const [, sprintId] = /^\/rest\/agile\/1\.0\/sprint\/(\d+)$/.exec(path) ?? [];
  const sprint = sprints.get(Number(sprintId));
  if (sprint) return { status: 200, body: sprintJson(sprint, projects) };
  return problem(404, "The resource does not exist, or the account may not see it.");
}

function boardJson(project: ReturnType<World["projects"]>[number]): object {
  const { key, name, number } = project;
  const id = boardIdOf(project);
  return {
    ...{ id, self: `${SITE}/rest/agile/1.0/board/${id}`, name: `${key} board`, type: "scrum", isPrivate: false },
    location: {
      projectId: number,
      displayName: `${name} (${key})`,
      projectName: name,
      projectKey: key,
      projectTypeKey: "software",
      name: `${name} (${key})`,
    },
  };
}

/** The sprints of a board come without their number. */
function page(values: readonly object[], query: URLSearchParams, counted: boolean): SimulatedResponse {
  const startAt = numberIn(query, "startAt", 0, 1e9);
  const maxResults = numberIn(query, "maxResults", MOST, MOST);
  const isLast = startAt + maxResults >= values.length;
  const total = counted ? { total: values.length } : {};
  return { status: 200, body: { maxResults, startAt, ...total, isLast, values: values.slice(startAt, startAt + maxResults) } };
}
