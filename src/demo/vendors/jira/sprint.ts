import type { Project, Sprint } from "../../world/index.ts";
import { SITE } from "./names.ts";

export function boardIdOf({ number }: Pick<Project, "number">): number {
  return number - 10_000;
}

/** A sprint as the agile API and the field on an issue show it. */
export function sprintJson(
  { id, project, name, goal, state, startAt, endAt, completedAt }: Sprint,
  projects: ReadonlyMap<string, Project>,
) {
  const about = projects.get(project);
  return {
    ...{ id, self: `${SITE}/rest/agile/1.0/sprint/${id}`, state, name, startDate: exact(startAt), endDate: exact(endAt) },
    ...(completedAt ? { completeDate: exact(completedAt) } : {}),
    ...(state === "future" ? {} : { activatedDate: exact(startAt) }),
    ...{ originBoardId: about ? boardIdOf(about) : 0, goal },
  };
}

function exact(at: string): string {
  return at.replace("Z", ".000Z");
}
