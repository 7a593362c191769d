import type { Reply } from "../core/reply.ts";
import type { Sources, Tool, ToolContext } from "../core/tool.ts";
import { scopeFeeds } from "../records/project-scope.ts";
import type { Project } from "../records/projects.ts";
import type { RouterOptions } from "../router/index.ts";

/**
 * Tools that say nothing but what the feeds and projects of their context hold, so that a context narrowed to a project narrows them
 * whole. No other is there for a key of one project: documents, digests, alerts and vendors are everybody's.
 */
const NARROWED = new Set([
  "get_costs",
  "ai_usage",
  "ai_value",
  "agent_metrics",
  "pareto",
  "query_dataset",
  "explain_change",
  "find_anomalies",
  "forecast",
  "churn_risk",
  "churn_root_cause",
  "account_health",
  "complaint_themes",
  "estimate_duration",
  "brief",
  "delivery_metrics",
  "list_deployments",
  "list_incidents",
  "production_risk",
  "service_health",
  "streaming_quality",
  "list_projects",
  "project_metrics",
  "set_project_budget",
  "archive_project",
  "my_questions",
  "forget_me",
  "help",
]);

type Reach = Sources & Pick<ToolContext, "tools" | "scope">;

/** What a user may reach: everything the house has, or with a key of one project that project alone. The same arrays while nothing changes. */
export type ReachOf = (user: ToolContext["user"], sources: Sources, tools: readonly Tool[]) => Reach;

export function createReach(): ReachOf {
  const feedsOf = new Map<string, { fields: string; of: Sources["feeds"]; n: number; feeds: Sources["feeds"] }>();
  const toolsOf = new WeakMap<readonly Tool[], { n: number; tools: readonly Tool[] }>();

  return (user, sources, tools) => {
    const { project } = user;
    if (!project) return { ...sources, tools };
    const fields = JSON.stringify(project.fields);
    const known = feedsOf.get(project.id);
    const isSame = known?.fields === fields && known.of === sources.feeds && known.n === sources.feeds.length;
    const feeds = isSame ? known.feeds : scopeFeeds(sources.feeds, project.fields as Project).feeds;
    feedsOf.set(project.id, { fields, of: sources.feeds, n: sources.feeds.length, feeds });
    const kept = toolsOf.get(tools);
    const some = kept?.n === tools.length ? kept.tools : tools.filter(({ name }) => NARROWED.has(name));
    toolsOf.set(tools, { n: tools.length, tools: some });
    const { projects, desk } = sources;
    return { feeds, tools: some, scope: project.id, ...(projects ? { projects } : {}), ...(desk ? { desk } : {}) };
  };
}

/** The same for turns: in front of everything that answers. */
export function withinReach(answer: RouterOptions["answer"], reachOf: ReachOf): RouterOptions["answer"] {
  return (turn, signal) => {
    const { user, audience, now, message, ...sources } = turn.context;
    if (!user.project) return answer(turn, signal);
    const reach = reachOf(user, sources, turn.tools);
    const context: ToolContext = { user, audience, now, signal: turn.context.signal, ...(message ? { message } : {}), ...reach };
    return noted(answer({ ...turn, tools: reach.tools, context }, signal), (user.project.fields as Project).name);
  };
}

async function* noted(replies: AsyncIterable<Reply>, project: string): AsyncIterable<Reply> {
  for await (const reply of replies) {
    const words = `Narrowed to project ${project}, which your key is for.`;
    yield reply.final && reply.receipts?.length ? { ...reply, notice: reply.notice ? `${reply.notice} ${words}` : words } : reply;
  }
}
