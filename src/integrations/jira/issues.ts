import { z } from "zod";
import { quoteForeign } from "../../errors.ts";
import { readPages } from "../http.ts";
import type { Change, Changes } from "./changes.ts";
import { readChanges } from "./changes.ts";
import type { JiraClient } from "./client.ts";
import { countAnswer, ISSUE_FIELDS, type IssueNode, instant, searchAnswer } from "./schema.ts";
import { type Category, categoryOf, type Setup } from "./setup.ts";

/** An issue with what became of it. */
export interface Issue {
  id: string;
  key: string;
  title: string;
  /** Its description without markup. */
  text: string;
  project: { key: string; name: string };
  type: string;
  isSubtask: boolean;
  /** It holds others, and its time is theirs. */
  isEpic: boolean;
  status: { id: string; name: string; category: Category | undefined };
  priority?: string;
  assignee?: string;
  reporter?: string;
  components: readonly string[];
  resolution?: string;
  team?: string;
  /** "GATE-12 Slots by the hour", or the key alone. */
  epic?: string;
  sprints: readonly SprintOf[];
  points?: number;
  secondsSpent?: number;
  secondsEstimated?: number;
  created: Date;
  /** First entry into a status of work; undefined while there was none. */
  started?: Date;
  resolved?: Date;
  due?: Date;
  /** Changes of status, oldest first. */
  moves: readonly Change[];
  /** Changes of the sprint, oldest first: ids joined by ", ". */
  sprintChanges: readonly Change[];
}

export interface SprintOf {
  id: number;
  name: string;
  state: string;
}

export interface FoundIssues {
  items: readonly Issue[];
  truncated?: string;
}

/** As many as Jira gives with long fields. */
const PAGE = 100;
const MOST_PAGES = 100;

/** All issues of a query of ours, to `pages` of a hundred, with their history. */
export async function searchIssues(
  client: JiraClient,
  setup: Setup,
  jql: string,
  signal: AbortSignal,
  pages = MOST_PAGES,
): Promise<FoundIssues> {
  const { searchAndReconsileIssuesUsingJqlPost } = await client.cloud();
  const { points, sprint, epic, team } = setup.fields;
  const fields = [...ISSUE_FIELDS, ...points, ...[sprint, epic, team].filter((id) => id !== undefined)];
  const found = await readPages<IssueNode>(
    async (cursor) => {
      const asked = { jql, fields, maxResults: PAGE, ...(cursor ? { nextPageToken: cursor } : {}) };
      const answer = await searchAndReconsileIssuesUsingJqlPost(client.sdk(signal), asked);
      const { issues, nextPageToken, isLast } = client.http.parse(answer, searchAnswer);
      return { items: issues, next: isLast === true ? undefined : (nextPageToken ?? undefined) };
    },
    { pages, what: "issues" },
  );
  const changes = await readChanges(client, setup, [...new Set(found.items.map(({ id }) => id))], signal);
  const truncated = [found.truncated, changes.truncated].filter(Boolean).join("; ");
  return {
    items: found.items.map((node) => issueOf(node, setup, changes)),
    ...(truncated ? { truncated } : {}),
  };
}

/** How many issues the query finds, to Jira's own approximation. */
export async function countIssues(client: JiraClient, jql: string, signal: AbortSignal): Promise<number> {
  const sdk = await client.cloud();
  return client.http.parse(await sdk.countIssues(client.sdk(signal), { jql }), countAnswer).count;
}

const sprintValue = z.array(
  z.object({ id: z.int(), name: z.string().transform(quoteForeign), state: z.string(), startDate: instant.nullish() }),
);
const teamValue = z.object({ name: z.string().transform(quoteForeign) });
const KEY = /^[A-Z][A-Z0-9_]*-\d+$/;

function issueOf({ id, key, fields }: IssueNode, setup: Setup, changes: Changes): Issue {
  const category = categoryOf(fields.status.statusCategory?.key) ?? setup.statuses.get(fields.status.id)?.category;
  const { moves = [], sprintChanges = [] } = changes.of.get(id) ?? {};
  const isIn = (wanted: Category) => (move: Change) => setup.statuses.get(move.to)?.category === wanted;
  // Where no workflow sets a resolution, the way into the done statuses is the end.
  const isOver = category === "done" || category === undefined;
  const issue: Draft = {
    id,
    key,
    title: fields.summary,
    text: fields.description,
    project: fields.project,
    type: fields.issuetype.name,
    isSubtask: fields.issuetype.subtask,
    isEpic: isEpic(fields.issuetype),
    status: { id: fields.status.id, name: fields.status.name, category },
    priority: fields.priority?.name,
    assignee: fields.assignee?.displayName,
    reporter: fields.reporter?.displayName,
    components: (fields.components ?? []).map(({ name }) => name),
    resolution: category === "done" ? fields.resolution?.name : undefined,
    team: teamOf(fields, setup),
    epic: epicOf(fields, setup),
    sprints: sprintsOf(fields, setup),
    points: pointsOf(fields, setup),
    secondsSpent: fields.timespent ?? undefined,
    secondsEstimated: fields.timeoriginalestimate ?? undefined,
    created: fields.created,
    started: moves.find(isIn("in progress"))?.at,
    resolved: isOver ? (fields.resolutiondate ?? moves.findLast(isIn("done"))?.at) : undefined,
    due: fields.duedate ? new Date(`${fields.duedate}T00:00:00Z`) : undefined,
    moves,
    sprintChanges,
  };
  for (const [name, value] of Object.entries(issue)) if (value === undefined) delete issue[name as keyof Draft];
  return issue as Issue;
}

type Draft = { [K in keyof Issue]: Issue[K] | undefined };

function pointsOf(fields: Readonly<Record<string, unknown>>, { fields: { points } }: Setup): number | undefined {
  return points.map((id) => fields[id]).find((value) => typeof value === "number" && Number.isFinite(value)) as number | undefined;
}

function sprintsOf(fields: Readonly<Record<string, unknown>>, { fields: { sprint } }: Setup): SprintOf[] {
  const parsed = sprint === undefined ? undefined : sprintValue.safeParse(fields[sprint]);
  return parsed?.success ? parsed.data.toSorted((a, b) => (a.startDate?.getTime() ?? 0) - (b.startDate?.getTime() ?? 0)) : [];
}

function teamOf(fields: Readonly<Record<string, unknown>>, { fields: { team } }: Setup): string | undefined {
  const parsed = team === undefined ? undefined : teamValue.safeParse(fields[team]);
  return parsed?.success ? parsed.data.name : undefined;
}

function epicOf(fields: IssueNode["fields"], { fields: { epic } }: Setup): string | undefined {
  const { parent } = fields;
  const about = parent?.fields;
  if (parent && about && KEY.test(parent.key) && isEpic(about.issuetype)) return `${parent.key} ${about.summary}`.trim();
  const linked = epic ? fields[epic] : undefined;
  return typeof linked === "string" && KEY.test(linked) ? linked : undefined;
}

function isEpic({ name, hierarchyLevel }: { name: string; hierarchyLevel?: number | null | undefined }): boolean {
  return hierarchyLevel === null || hierarchyLevel === undefined ? name === "Epic" : hierarchyLevel > 0;
}
