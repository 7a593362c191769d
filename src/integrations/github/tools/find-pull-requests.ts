import { z } from "zod";
import type { Period } from "../../../core/fact.ts";
import { parameters } from "../../../core/parameters.ts";
import type { FeedRecord } from "../../../core/records.ts";
import { defineTool, type Finding, type ToolContext } from "../../../core/tool.ts";
import type { Cached } from "../../http.ts";
import { listed } from "../../listing.ts";
import type { GithubClient } from "../client.ts";
import type { Github } from "../data.ts";
import { pullRecord } from "../pulls.ts";
import { receiptOf } from "../receipts.ts";
import { type Repositories, readRepositories, readTeams, type Teams } from "../repositories.ts";
import type { PullNode } from "../schema.ts";
import type { Found } from "../search.ts";
import { holds } from "../windows.ts";
import { daysOf, namesMeant, repositoriesMeant } from "./asked.ts";
import { cellsOf, columnsFor, DAY_MS, openedAt, pullRow, pullSentence, STATES, type State } from "./pull-words.ts";

const output = z.object({ n: z.number(), pull_requests: z.array(pullRow.schema) });
const input = z.strictObject({
  state: z
    .enum(STATES)
    .optional()
    .describe(
      'Only these. Open ones unless given; with a period and no state, all that were opened in it. "closed" means closed without a merge.',
    ),
  author: z.string().min(1).max(100).optional().describe("Only by this author: a log-in or a part of it."),
  repository: z.string().min(1).max(140).optional().describe('Only in this repository: "gate-api", or a part of its name.'),
  team: z.string().min(1).max(100).optional().describe("Only by members of this team."),
  older_than_days: z.int().min(0).max(3_650).optional().describe("Only those opened more than so many days ago."),
  period: parameters.period,
  top: parameters.top,
});
type Input = z.output<typeof input>;

/** Rows for code; more would be a dump. */
const MOST_ROWS = 500;

export function findPullRequests(client: GithubClient, data: Github) {
  return defineTool({
    name: "find_pull_requests",
    title: "Pull requests",
    description:
      "Pull requests on GitHub one by one: open, waiting for review, approved and not merged, merged or closed; by author, repository, team and age, with title, review state and link. Use it to find or count particular pull requests. For cycle time, review load and other figures over them use delivery_metrics.",
    examples: [
      "Which pull requests are waiting for review?",
      "oldest open pull requests",
      "which PRs are open the longest?",
      "PRs without a reviewer",
      "stale pull requests",
      "which pull requests are stuck?",
      "stuck PRs",
      "which pull requests wait for a review?",
      "open pull requests by zara",
      "what was merged last week?",
      "show open PRs of the platform team",
      "how many pull requests were merged {period}?",
      "which PRs are approved but not merged?",
      "PRs that have been open for more than two weeks",
      "which pull requests did Mara open?",
      "big pull requests merged this month",
      "how many PRs are open?",
      "what is waiting for my review?",
      "what is stuck in review?",
      "pull requests nobody looked at",
      "which PRs did we merge {period}?",
      "open PRs",
      "forgotten pull requests",
      "who has open pull requests?",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "prs", hint: "[open|merged|waiting for review] [period]" },
    input,
    output,

    async run(asked, context): Promise<Finding> {
      const { now, signal } = context;
      const [found, teams, repositories] = await Promise.all([
        read(client, data, asked, context),
        readTeams(client, signal),
        asked.repository === undefined ? undefined : readRepositories(client, signal),
      ]);
      const all = found.items.map((node) => pullRecord(node, teams));
      const isDone = asked.state === "merged" || asked.state === "closed";
      const ordered = narrow(all, asked, teams, repositories, now).toSorted(isDone ? latestFirst : oldestFirst);
      const notes = teams.note && asked.team ? [teams.note] : [];
      const receipt = receiptOf(client, { ...found.asked, truncated: found.truncated, notes }, found.parts);
      return listed({
        text: pullSentence(ordered, asked, found.period, now, client.org),
        tables: [
          {
            title: "Pull requests",
            columns: columnsFor(isDone ? asked.state : undefined),
            rows: ordered.map((record) => ({ cells: cellsOf(record, isDone, now), url: record.url })),
            top: asked.top,
            order: isDone ? "the latest come first" : "the oldest come first",
          },
        ],
        receipts: [receipt],
        data: { n: ordered.length, pull_requests: ordered.slice(0, MOST_ROWS).map((record) => pullRow.of(record, now)) },
        suggestions: suggestionsFor(ordered, asked),
      });
    },
  });
}

interface Read extends Found<PullNode> {
  parts: readonly Cached<unknown>[];
  period?: Period;
  asked: { what: string; query: string; window?: Period };
}

async function read(client: GithubClient, data: Github, { state, period }: Input, context: ToolContext): Promise<Read> {
  const { signal } = context;
  if (state === undefined ? period === undefined : state !== "merged" && state !== "closed") {
    const open = await data.open(signal);
    const days = period === undefined ? undefined : daysOf(period, context);
    const items = open.value.items.filter(({ createdAt }) => !days || holds(days, createdAt));
    const asked = { what: "open-pulls", query: `open pull requests of ${client.org}` };
    return { ...open.value, items, parts: [open], ...(days ? { period: days } : {}), asked };
  }
  const days = daysOf(period, context);
  const [months, what, dateOf] = DATED[state === "merged" || state === "closed" ? state : "opened"](data);
  const found = await months(days, signal);
  const items = found.items.filter((node) => {
    const at = dateOf(node);
    return at !== null && holds(days, at);
  });
  return { ...found, items, period: days, asked: { what: `pulls-${what}`, query: `pull requests ${what}`, window: days } };
}

type Dated = readonly [Github["opened"], string, (pull: PullNode) => Date | null];

/** Where to find them, in which words, and by which date. */
const DATED: Readonly<Record<"merged" | "closed" | "opened", (data: Github) => Dated>> = {
  merged: (data) => [data.merged, "merged", ({ mergedAt }) => mergedAt],
  closed: (data) => [data.closed, "closed", ({ closedAt }) => closedAt],
  opened: (data) => [data.opened, "opened", ({ createdAt }) => createdAt],
};

function narrow(
  all: readonly FeedRecord[],
  { state, author, repository, team, older_than_days: days }: Input,
  teams: Teams,
  repositories: Repositories | undefined,
  now: Date,
): FeedRecord[] {
  const authors = [...new Set(all.flatMap(({ labels }) => labels.author ?? []))].sort();
  const meant: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
    repository: repositories && new Set(repositoriesMeant(repository, repositories.value.items).map((r) => r.nameWithOwner)),
    team: team === undefined || teams.note ? undefined : new Set(namesMeant("team", team, teams.names)),
    author: author === undefined || all.length === 0 ? undefined : new Set(namesMeant("author", author, authors)),
  };
  const oldest = days === undefined ? undefined : now.getTime() - days * DAY_MS;
  return all
    .filter(({ labels }) => Object.entries(meant).every(([label, names]) => !names || names.has(labels[label] ?? "")))
    .filter((record) => isInState(record, state) && (oldest === undefined || openedAt(record) < oldest));
}

function isInState({ labels }: FeedRecord, state: State | undefined): boolean {
  if (state === undefined || state === "open" || state === "merged" || state === "closed") return true;
  return labels.review === state.replaceAll("_", " ");
}

function suggestionsFor(found: readonly FeedRecord[], { state }: Input): string[] {
  if (state === "merged" || state === "closed") return ["how long do pull requests wait for review?"];
  const next = state === "waiting_for_review" ? "which PRs are approved but not merged?" : "Which pull requests are waiting for review?";
  return found.length > 0 ? [next, "who does most of the code reviews?"] : ["what was merged this week?"];
}

function oldestFirst(a: FeedRecord, b: FeedRecord): number {
  return openedAt(a) - openedAt(b) || (a.id < b.id ? -1 : 1);
}

function latestFirst(a: FeedRecord, b: FeedRecord): number {
  const end = ({ times }: FeedRecord) => (times.merged ?? times.closed)?.getTime() ?? 0;
  return end(b) - end(a) || (a.id < b.id ? -1 : 1);
}
