import { z } from "zod";
import { parameters } from "../../../core/parameters.ts";
import { listWords } from "../../../core/text.ts";
import { defineTool, type Finding } from "../../../core/tool.ts";
import { listed } from "../../listing.ts";
import { counted, linked, said, when } from "../../words.ts";
import type { GithubClient } from "../client.ts";
import { receiptOf } from "../receipts.ts";
import { type RepositoryRelease, readReleases } from "../releases.ts";
import { readRepositories } from "../repositories.ts";
import { daysOf, repositoriesMeant } from "./asked.ts";

const output = z.object({
  n: z.number(),
  releases: z.array(
    z.object({
      repository: z.string(),
      tag: z.string(),
      name: z.string().nullable(),
      published: z.string(),
      author: z.string().nullable(),
      prerelease: z.boolean(),
      url: z.string().nullable(),
    }),
  ),
});

/** Releases are rarer than other things. */
const RECENT_DAYS = 90;

export function listReleases(client: GithubClient) {
  return defineTool({
    name: "list_releases",
    title: "Releases",
    description:
      "Releases published on GitHub: tag, name, repository, date and link, newest first. Use it when someone asks what was released, or for the version of something. For deployments to an environment use list_deployments.",
    examples: [
      "What did we release last week?",
      "latest releases",
      "list releases {period}",
      "which version of the scanner is out?",
      "show the release history of a repository",
      "what shipped this week?",
      "what is in the latest release?",
      "which version is live?",
      "when was the last release?",
      "release notes of the last version",
      "what came out last month?",
      "changelog",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "releases", hint: "[period]" },
    input: z.strictObject({
      repository: z.string().min(1).max(140).optional().describe('Only of this repository: "gate-api", or a part of its name.'),
      period: parameters.period.describe("Words or {from, to}, both days included. Without it: the last 90 days."),
      top: parameters.top,
    }),
    output,

    async run(asked, context): Promise<Finding> {
      const { signal } = context;
      const repositories = await readRepositories(client, signal);
      const meant = repositoriesMeant(asked.repository, repositories.value.items);
      const period = daysOf(asked.period, context, RECENT_DAYS);
      const found = await readReleases(client, meant, period, signal);
      const releases = found.value.items;
      const truncated = [repositories.value.truncated, found.value.truncated].filter(Boolean).join("; ") || undefined;
      return listed({
        text: sentence(releases, when(period), asked.repository ?? client.org),
        tables: [
          {
            title: "Releases",
            columns: ["release", "repository", "published"].map((label) => ({ label, type: "text" as const })),
            rows: releases.map((release) => ({
              cells: [titleOf(release), release.repository.name, minuteOf(release.publishedAt)],
              url: release.url,
            })),
            top: asked.top,
            order: "the newest come first",
          },
        ],
        receipts: [receiptOf(client, { what: "releases", query: "releases published", window: period, truncated }, [repositories, found])],
        data: { n: releases.length, releases: releases.map(rowOf) },
        suggestions: ["what was merged last week?"],
      });
    },
  });
}

function sentence(releases: readonly RepositoryRelease[], then: string, where: string): string {
  if (releases.length === 0) return `No release of ${said(where)} was published ${then}.`;
  const newest = releases
    .slice(0, 3)
    .map(
      (release) =>
        `${linked(`${release.repository.name} ${release.tagName}`, release.url)} on ${release.publishedAt.toISOString().slice(0, 10)}`,
    );
  return `**${counted(releases.length, "release")}** of ${said(where)} ${then}. Newest: ${listWords(newest)}.`;
}

/** "v2.4.0 Berth swap"; most names repeat the tag. */
function titleOf({ tagName, name, isPrerelease }: RepositoryRelease): string {
  const own = name && !name.includes(tagName) ? `${tagName} ${name}` : (name ?? tagName);
  return isPrerelease ? `${own} (pre-release)` : own;
}

function minuteOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function rowOf({ repository, tagName, name, publishedAt, author, isPrerelease, url }: RepositoryRelease) {
  return {
    repository: repository.nameWithOwner,
    tag: tagName,
    name,
    published: publishedAt.toISOString(),
    author: author?.login ?? null,
    prerelease: isPrerelease,
    url: url ?? null,
  };
}
