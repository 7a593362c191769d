import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { Feed } from "../../core/feed.ts";
import { type RecordSource, recordFeed } from "../../core/record-feed.ts";
import { sameWhileEqual } from "../same-while-equal.ts";
import type { GithubClient } from "./client.ts";
import { copilotFeed } from "./copilot-feed.ts";
import type { Github } from "./data.ts";
import { DEPLOY_DIMENSIONS, DEPLOY_MEASURES, loadDeploys } from "./deploys.ts";
import { ISSUE_DIMENSIONS, ISSUE_MEASURES, loadIssues } from "./issues.ts";
import { loadPulls, PULL_DIMENSIONS, PULL_MEASURES } from "./pulls.ts";
import { readRepositories } from "./repositories.ts";
import { loadRuns, RUN_DIMENSIONS, RUN_MEASURES } from "./runs.ts";
import { coversOf } from "./windows.ts";

/** GitHub's feeds. Nothing is asked until they are. */
export function githubFeeds(client: GithubClient, data: Github): Feed[] {
  const covers = () => coversOf(client.now());
  const pulls = thrifty(client, {
    ...{ name: "github_pulls", kind: "pulls", title: "GitHub pull requests", covers },
    ...{ measures: PULL_MEASURES, dimensions: PULL_DIMENSIONS },
    load: (period, signal) => loadPulls(client, data.opened, period, signal),
  });
  const deploys = thrifty(client, {
    ...{ name: "github_deploys", kind: "deploys", title: "GitHub deployments", covers },
    ...{ measures: DEPLOY_MEASURES, dimensions: DEPLOY_DIMENSIONS },
    load: (period, signal) => loadDeploys(client, data.deployments, period, signal),
  });
  const issues = thrifty(client, {
    ...{ name: "github_issues", kind: "issues", title: "GitHub issues", covers },
    ...{ measures: ISSUE_MEASURES, dimensions: ISSUE_DIMENSIONS },
    load: (period, signal) => loadIssues(client, data.issues, period, signal),
  });
  const runs: RecordSource = {
    ...{ name: "github_actions", kind: "pipelines", title: "GitHub Actions runs", covers },
    ...{ measures: RUN_MEASURES, dimensions: RUN_DIMENSIONS },
    load: (period, signal) => loadRuns(client, period, signal),
  };
  return [pulls, deploys, issues, describedByRepositories(client, runs), copilotFeed(client)];
}

/** Days looked at to learn the values of dimensions: those a question without a period is about, so that nothing is read for this alone. */
const DESCRIBED_DAYS = 30;

/** A feed whose description reads little, and stays the same object while nothing changes. */
function thrifty(client: GithubClient, source: RecordSource): Feed {
  const today = () => fromInstant(client.now());
  const recent = recordFeed({ ...source, covers: () => ({ from: addDays(today(), -DESCRIBED_DAYS), to: today() }) });
  return {
    ...recordFeed(source),
    describe: sameWhileEqual(async (signal, detail) => {
      signal.throwIfAborted();
      return { ...(await recent.describe(signal, detail)), covers: source.covers() };
    }),
  };
}

/** Runs cost a request per repository and month; who only wants the names of things gets them from the list of repositories. */
function describedByRepositories(client: GithubClient, source: RecordSource): Feed {
  const feed = recordFeed(source);
  return {
    ...feed,
    describe: sameWhileEqual(async (signal) => {
      const { value } = await readRepositories(client, signal);
      const about = await feed.describe(signal, "names");
      const values: Readonly<Record<string, readonly string[]>> = {
        repository: value.items.filter(({ isArchived }) => !isArchived).map(({ nameWithOwner }) => nameWithOwner),
        status: ["success", "failure", "cancelled", "running"],
      };
      return { ...about, dimensions: about.dimensions.map((d) => ({ ...d, values: values[d.name] ?? [] })) };
    }),
  };
}
