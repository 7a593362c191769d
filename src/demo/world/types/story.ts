import type { StoryEvent } from "../../story.ts";

/** Ids of the records an event left behind; each may be asked of the world. */
export interface StoryLinks {
  pulls: readonly string[];
  deployments: readonly string[];
  incidents: readonly string[];
  issues: readonly string[];
  pages: readonly string[];
  /** Cloud resources, sprints, tests, models: in the event's own words. */
  others: readonly string[];
}

export interface WorldEvent extends StoryEvent {
  links: StoryLinks;
}
