import { addDays } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import type { Parts } from "./parts.ts";

/** Four weeks say what is usual. */
export const USUAL_DAYS = 28;
export const OLD_DAYS = 7;
const RATE_DAYS = 7;

/** What the tools said; undefined: not connected, or it failed and is named. */
export interface HealthRead {
  /** Of yesterday and today. */
  incidents: Finding | undefined;
  /** Of the four weeks before. */
  before: Finding | undefined;
  /** Of the four weeks before, yesterday and today. */
  deploys: Finding | undefined;
  pipelines: Finding | undefined;
  waiting: Finding | undefined;
  brief: Finding | undefined;
  errors: readonly { feed: string; finding: Finding | undefined }[];
}

/** Asks for all of it, side by side. */
export async function readHealth(parts: Parts, today: CivilDate, context: ToolContext): Promise<HealthRead> {
  const yesterday = addDays(today, -1);
  const begin = addDays(yesterday, -USUAL_DAYS);
  const [rates, [pipelineFeed]] = await Promise.all([
    feedsWith("metrics", "error_rate", context),
    feedsWith("pipelines", "failed_runs", context),
  ]);
  const [incidents, before, deploys, pipelines, waiting, brief, errors] = await Promise.all([
    parts.ask("incidents", "list_incidents", { period: { from: yesterday, to: today } }),
    parts.ask("usual incidents", "list_incidents", { period: { from: begin, to: addDays(yesterday, -1) } }),
    parts.ask("deployments", "list_deployments", { period: { from: begin, to: today } }),
    pipelineFeed
      ? parts.askIfAny("pipelines", "query_dataset", {
          dataset: pipelineFeed,
          measures: ["failed_runs", "runs"],
          by: "repository",
          period: { from: yesterday, to: yesterday },
        })
      : undefined,
    parts.ask("old pull requests", "find_pull_requests", { state: "open", older_than_days: OLD_DAYS, top: 10 }),
    parts.ask("the brief", "brief", {}),
    Promise.all(rates.map(async (feed) => ({ feed, finding: await askRates(parts, feed, addDays(yesterday, 1 - RATE_DAYS), yesterday) }))),
  ]);
  return { incidents, before, deploys, pipelines, waiting, brief, errors };
}

function askRates(parts: Parts, feed: string, from: CivilDate, to: CivilDate): Promise<Finding | undefined> {
  return parts.ask(`error rates (${feed})`, "find_anomalies", {
    dataset: feed,
    measure: "error_rate",
    by: "service",
    period: { from, to },
  });
}

async function feedsWith(kind: string, measure: string, { feeds, signal }: ToolContext): Promise<string[]> {
  const some = feeds.filter((feed) => feed.kind === kind);
  const described = await Promise.all(some.map((feed) => feed.describe(signal, "names").catch(() => undefined)));
  return some.flatMap(({ name }, i) => (described[i]?.measures.some((m) => m.name === measure) ? [name] : []));
}
