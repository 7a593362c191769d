import { z } from "zod";
import type { Period } from "../../../core/fact.ts";
import { formatNumber } from "../../../core/format.ts";
import { parameters } from "../../../core/parameters.ts";
import { listWords } from "../../../core/text.ts";
import { defineTool, type Finding } from "../../../core/tool.ts";
import { listed } from "../../listing.ts";
import { counted, linked, said, when } from "../../words.ts";
import type { GithubClient } from "../client.ts";
import type { Github } from "../data.ts";
import { type RepositoryCommit, readHistory } from "../history.ts";
import { receiptOf } from "../receipts.ts";
import { readReleases } from "../releases.ts";
import { readRepositories } from "../repositories.ts";
import type { PullNode, RepositoryNode } from "../schema.ts";
import { holds } from "../windows.ts";
import { daysOf, repositoriesMeant } from "./asked.ts";

const row = z.object({
  repository: z.string(),
  commits: z.number(),
  contributors: z.number(),
  opened: z.number(),
  merged: z.number(),
  open: z.number(),
  lines: z.number(),
  releases: z.number(),
  language: z.string().nullable(),
  url: z.string().nullable(),
});
const output = z.object({ n: z.number(), repositories: z.array(row) });
type Activity = z.output<typeof row>;

export function repositoryActivity(client: GithubClient, data: Github) {
  return defineTool({
    name: "repository_activity",
    title: "Repository activity",
    description:
      "What happened in GitHub repositories: commits on the default branch, people who wrote them, pull requests opened, merged and open, lines changed, releases. Use it for an overview of one repository or for the most and least active ones. For single pull requests use find_pull_requests.",
    examples: [
      "who commits most?",
      "commits {period}",
      "how many commits were there {period}?",
      "commits by repository",
      "Which repositories are most active?",
      "how many commits did we make last month?",
      "what happened in our repositories {period}?",
      "repository activity this quarter",
      "which repos had no commits last month?",
      "which repos are dead?",
      "how active is the team in git?",
      "who contributed most this month?",
      "number of commits per repository",
      "which repository changes most?",
      "commit activity {period}",
      "inactive repositories",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "repositories", hint: "[period]" },
    input: z.strictObject({
      repository: z.string().min(1).max(140).optional().describe('Only this repository: "gate-api", or a part of its name.'),
      period: parameters.period,
      top: parameters.top,
    }),
    output,

    async run(asked, context): Promise<Finding> {
      const { signal } = context;
      const repositories = await readRepositories(client, signal);
      const meant = repositoriesMeant(asked.repository, repositories.value.items);
      const period = daysOf(asked.period, context);
      const [history, opened, merged, open, releases] = await Promise.all([
        readHistory(client, repositories.value.items, period, signal),
        data.opened(period, signal),
        data.merged(period, signal),
        data.open(signal),
        readReleases(client, repositories.value.items, period, signal),
      ]);
      const activity = meant.map((repository) =>
        activityOf(repository, {
          commits: history.items.filter((c) => c.repository === repository.nameWithOwner && holds(period, c.committedDate)),
          opened: of(repository, opened.items).filter(({ createdAt }) => holds(period, createdAt)),
          merged: of(repository, merged.items).filter(({ mergedAt }) => mergedAt !== null && holds(period, mergedAt)),
          open: of(repository, open.value.items),
          releases: releases.value.items.filter((release) => release.repository.id === repository.id),
        }),
      );
      const ordered = activity.toSorted((a, b) => b.commits - a.commits || b.merged - a.merged || (a.repository < b.repository ? -1 : 1));
      const people = new Set(
        history.items
          .filter((c) => holds(period, c.committedDate) && meant.some(({ nameWithOwner }) => nameWithOwner === c.repository))
          .flatMap((c) => personOf(c) ?? []),
      );
      const left = [repositories.value, history, opened, merged, open.value, releases.value].flatMap(({ truncated }) => truncated ?? []);
      const parts = [repositories, ...history.parts, ...opened.parts, ...merged.parts, open, releases];
      const receipt = receiptOf(
        client,
        { what: "activity", query: "commits, pull requests and releases", window: period, truncated: left.join("; ") || undefined },
        parts,
      );
      return listed({
        text: sentence(ordered, people.size, period, asked.repository),
        tables: [
          {
            title: "Repository activity",
            columns: COLUMNS.map((label, i) => ({ label, type: i === 0 ? ("text" as const) : ("number" as const) })),
            rows: ordered.map((a) => ({
              cells: [
                a.repository.slice(a.repository.indexOf("/") + 1),
                a.commits,
                a.contributors,
                a.opened,
                a.merged,
                a.open,
                a.lines,
                a.releases,
              ],
              url: a.url ?? undefined,
            })),
            top: asked.top,
            order: "the most active come first",
          },
        ],
        receipts: [receipt],
        data: { n: ordered.length, repositories: ordered },
        suggestions: ["oldest open pull requests", "what was merged yesterday?"],
      });
    },
  });
}

const COLUMNS = ["repository", "commits", "people", "opened", "merged", "open now", "lines merged", "releases"];

function of(repository: RepositoryNode, pulls: readonly PullNode[]): PullNode[] {
  return pulls.filter((pull) => pull.repository.nameWithOwner === repository.nameWithOwner);
}

interface Happened {
  commits: readonly RepositoryCommit[];
  opened: readonly PullNode[];
  merged: readonly PullNode[];
  open: readonly PullNode[];
  releases: readonly unknown[];
}

function activityOf(repository: RepositoryNode, { commits, opened, merged, open, releases }: Happened): Activity {
  return {
    repository: repository.nameWithOwner,
    commits: commits.length,
    contributors: new Set(commits.flatMap((commit) => personOf(commit) ?? [])).size,
    opened: opened.length,
    merged: merged.length,
    open: open.length,
    lines: merged.reduce((sum, { additions, deletions }) => sum + additions + deletions, 0),
    releases: releases.length,
    language: repository.primaryLanguage?.name ?? null,
    url: repository.url ?? null,
  };
}

/** By log-in, or by name where the commit's address belongs to no account. */
function personOf({ author }: RepositoryCommit): string | undefined {
  return author?.user?.login ?? author?.name ?? undefined;
}

function sentence(all: readonly Activity[], people: number, period: Period, asked: string | undefined): string {
  const sum = (of: (a: Activity) => number) => all.reduce((total, a) => total + of(a), 0);
  const commits = sum((a) => a.commits);
  const name = ({ repository, url }: Activity) => linked(repository.slice(repository.indexOf("/") + 1), url ?? undefined);
  const [first] = all;
  const where =
    all.length === 1 && first
      ? name(first)
      : asked
        ? `${counted(all.length, "repository", "repositories")} that match “${said(asked)}”`
        : `${counted(all.length, "repository", "repositories")}`;
  const head = `**${counted(commits, "commit")}** by ${counted(people, "person", "people")} in ${where} ${when(period)}; ${formatNumber(sum((a) => a.merged))} pull requests merged, ${formatNumber(sum((a) => a.opened))} opened, ${formatNumber(sum((a) => a.open))} open now; ${counted(
    sum((a) => a.releases),
    "release",
  )}.`;
  if (all.length < 2) return head;
  const active = all.filter((a) => a.commits > 0).slice(0, 3);
  const quiet = all.filter((a) => a.commits === 0);
  const most = active.length > 0 ? ` Most active: ${listWords(active.map((a) => `${name(a)} (${formatNumber(a.commits)})`))}.` : "";
  const least = quiet.length > 0 ? ` Without a commit: ${listWords(quiet.map(name), 4)}.` : "";
  return `${head}${most}${least}`;
}
