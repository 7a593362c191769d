import { fromInstant } from "../../core/civil-date.ts";
import type { Fact, Period, Receipt } from "../../core/fact.ts";
import type { Feed } from "../../core/feed.ts";

/** What one source of AI usage tells, and which part of an activity each of its measures is. */
interface Source {
  tool: string;
  /** One activity per day and value of it. */
  by: string;
  /** What the value of `by` is. */
  as: "user" | "category";
  /** Measure → field. */
  measures: Readonly<Record<string, "count" | "additions" | "deletions" | "cost">>;
}

/** By the name of the feed. What others report is sent to /api/v1/activities. */
const SOURCES: Readonly<Record<string, Source>> = {
  claude_code: {
    ...{ tool: "Claude Code", by: "person", as: "user" },
    measures: { sessions: "count", lines_added: "additions", lines_removed: "deletions", estimated_cost: "cost" },
  },
  github_copilot: {
    ...{ tool: "GitHub Copilot", by: "feature", as: "category" },
    measures: { copilot_acceptances: "count", copilot_accepted_lines: "additions" },
  },
};

export function hasActivities({ name }: Pick<Feed, "name">): boolean {
  return Object.hasOwn(SOURCES, name);
}

interface Sum {
  day: string;
  key: string;
  count?: number;
  additions?: number;
  deletions?: number;
  cost?: { amount: number; currency: string };
}

/**
 * The days of a source as activities, one per day and person, or per day and feature where the source knows no people. What is not told
 * is absent. Throws what the feed throws.
 */
export async function activitiesIn(feed: Feed, period: Period, signal: AbortSignal): Promise<Record<string, unknown>[]> {
  const source = SOURCES[feed.name];
  if (!source) return [];
  const sums = new Map<string, Sum>();
  let receipt: Receipt | undefined;
  for (const [measure, field] of Object.entries(source.measures)) {
    const { facts, receipts } = await feed.query({ measure, by: [source.by], grain: "day", period }, signal);
    receipt ??= receipts[0];
    for (const fact of facts) addTo(sums, fact, field, source.by);
  }
  const label = `${receipt?.source ?? source.tool}${receipt?.status === "demo" ? ", demo" : ""}`;
  return [...sums.values()].filter(isSomething).map((sum) => activityOf(sum, source, { feed: feed.name, label }));
}

function addTo(sums: Map<string, Sum>, { at, labels, value, unit }: Fact, field: Source["measures"][string], by: string): void {
  const key = labels[by];
  if (!key) return;
  const day = fromInstant(at);
  const id = JSON.stringify([day, key]);
  const sum = sums.get(id) ?? { day, key };
  sums.set(id, sum);
  if (field !== "cost") sum[field] = (sum[field] ?? 0) + value;
  // Two currencies of one day are not one sum: the first stays.
  else if (unit && (!sum.cost || sum.cost.currency === unit)) sum.cost = { amount: (sum.cost?.amount ?? 0) + value, currency: unit };
}

function isSomething({ count = 0, additions = 0, deletions = 0, cost }: Sum): boolean {
  return count + additions + deletions + (cost?.amount ?? 0) > 0;
}

function activityOf({ day, key, count, additions, deletions, cost }: Sum, { tool, as }: Source, of: { feed: string; label: string }) {
  const changes = { ...(additions === undefined ? {} : { additions }), ...(deletions === undefined ? {} : { deletions }) };
  return {
    externalId: `${of.feed}:${day}:${key}`.slice(0, 200),
    at: `${day}T00:00:00Z`,
    tool,
    source: of.label.slice(0, 200),
    [as]: key.slice(0, as === "user" ? 200 : 100),
    ...(count === undefined ? {} : { count }),
    ...(Object.keys(changes).length > 0 ? { codeChanges: changes } : {}),
    ...(cost ? { cost: { amount: Math.round(cost.amount * 1e6) / 1e6, currency: cost.currency } } : {}),
  };
}
