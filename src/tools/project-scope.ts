import type { FeedKind } from "../core/feed.ts";
import type { ToolContext } from "../core/tool.ts";
import { type ScopedFeeds, scopeFeeds } from "../records/project-scope.ts";
import type { Project } from "../records/projects.ts";

export interface ProjectContext {
  context: ToolContext;
  left: ScopedFeeds["left"];
}

/** Tools that read feeds and nothing beside them, so that narrowed feeds narrow them whole. */
const OVER_FEEDS = new Set([
  "get_costs",
  "ai_usage",
  "pareto",
  "explain_change",
  "find_anomalies",
  "forecast",
  "delivery_metrics",
  "list_deployments",
  "list_incidents",
  "estimate_duration",
  "brief",
]);

/** What tools may reach when all they say is to be of one project. */
export function projectContext(project: Project & { id: string }, context: ToolContext): ProjectContext {
  const { feeds, left } = scopeFeeds(context.feeds, project);
  const tools = context.tools.filter(({ name }) => OVER_FEEDS.has(name));
  return { context: { ...context, scope: project.id, feeds, tools }, left };
}

/** Why a project has no figures of these kinds; undefined when there is a source to ask. */
export function whyNone(kinds: readonly FeedKind[], { context, left }: ProjectContext): string | undefined {
  if (context.feeds.some(({ kind }) => kinds.includes(kind))) return undefined;
  return left.find(({ kind }) => kinds.includes(kind))?.reason;
}
