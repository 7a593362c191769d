import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { Feed } from "../../core/feed.ts";
import { type RecordSource, recordFeed } from "../../core/record-feed.ts";
import { sameWhileEqual } from "../same-while-equal.ts";
import type { JiraClient } from "./client.ts";
import { ISSUE_DIMENSIONS, ISSUE_MEASURES, loadIssues } from "./issue-records.ts";
import type { createMonths } from "./months.ts";
import { loadSprints, SPRINT_DIMENSIONS, SPRINT_MEASURES } from "./sprint-records.ts";
import { coversOf } from "./windows.ts";

/** Jira's feeds. Nothing is asked until they are. */
export function jiraFeeds(client: JiraClient, months: ReturnType<typeof createMonths>): Feed[] {
  const covers = () => coversOf(client.now());
  return [
    thrifty(client, {
      ...{ name: "jira_issues", kind: "issues", title: "Jira issues", covers },
      ...{ measures: ISSUE_MEASURES, dimensions: ISSUE_DIMENSIONS },
      load: (period, signal) => loadIssues(client, months, period, signal),
    }),
    thrifty(client, {
      ...{ name: "jira_sprints", kind: "sprints", title: "Jira sprints", covers },
      ...{ measures: SPRINT_MEASURES, dimensions: SPRINT_DIMENSIONS },
      load: (period, signal) => loadSprints(client, period, signal),
    }),
  ];
}

/** Days looked at to learn the values of dimensions: those a question without a period is about, so that nothing is read for this alone. */
const DESCRIBED_DAYS = 30;

/** A feed whose description reads little, and stays the same object while nothing changes. */
function thrifty(client: JiraClient, source: RecordSource): Feed {
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
