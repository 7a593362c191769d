import { addDays } from "../../core/civil-date.ts";
import { productModel, type StoryEvent, wholeStory } from "../story.ts";
import { clock } from "./calendar.ts";
import type { Frame } from "./frame.ts";
import type { IncidentFate } from "./incidents.ts";
import type { IssueFate } from "./issue-fate.ts";
import type { PullFate } from "./pull-life.ts";
import { sprintId, sprintIndex } from "./sprint-calendar.ts";
import type { Page, WorldEvent } from "./types.ts";

/** The events with the ids of what they left behind, as far as the world shows it. */
export interface Traces {
  pulls: readonly PullFate[];
  issues: readonly IssueFate[];
  incidents: readonly IncidentFate[];
  pages: readonly Page[];
  deploymentOf: ReadonlyMap<string, string>;
  isShown: { pull(id: string): boolean; issue(key: string): boolean };
}

export function worldStory(frame: Frame, traces: Traces): WorldEvent[] {
  return wholeStory(frame.today).map((event) => ({ ...event, links: linksOf(event, traces) }));
}

function linksOf(event: StoryEvent, { pulls, issues, incidents, pages, deploymentOf, isShown }: Traces): WorldEvent["links"] {
  const own = pulls.filter((p) => p.event === event.id && isShown.pull(p.id));
  const caused = incidents.filter((i) => i.event === event.id);
  const decided = pages.filter(
    (p) => p.labels.includes(event.name) && Math.abs(Date.parse(p.createdAt) - Date.parse(`${event.from}T00:00:00Z`)) < 14 * 86_400_000,
  );
  return {
    pulls: own.map((p) => p.id),
    deployments: own.flatMap((p) => deploymentOf.get(p.id) ?? []),
    incidents: caused.map((i) => i.id),
    issues: [...issues.filter((i) => i.event === event.id && isShown.issue(i.key)).map((i) => i.key)],
    pages: [...caused.flatMap((i) => (i.page && pages.some((p) => p.id === i.page) ? [i.page] : [])), ...decided.map((p) => p.id)],
    others: othersOf(event),
  };
}

function othersOf(event: StoryEvent): string[] {
  switch (event.name) {
    case "idle-database":
      return [`migration-rehearsal-${event.from.slice(0, 4)}`];
    case "scope-creep":
      return [String(sprintId("VIEW", sprintIndex(clock(addDays(event.from, 1), "12:00"))))];
    case "flaky-tests":
      return ["BerthAllocationTest"];
    case "model-upgrade":
      return [productModel(event.round)];
    default:
      return [];
  }
}
