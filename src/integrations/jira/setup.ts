import type { z } from "zod";
import { type Cached, readPages } from "../http.ts";
import type { JiraClient } from "./client.ts";
import { fieldsAnswer, myselfAnswer, projectsAnswer, serverInfoAnswer, statusesAnswer, typesAnswer } from "./schema.ts";

export type Category = "to do" | "in progress" | "done";
const CATEGORIES: Readonly<Record<string, Category>> = { new: "to do", indeterminate: "in progress", done: "done" };

export function categoryOf(key: string | undefined): Category | undefined {
  return key === undefined ? undefined : CATEGORIES[key];
}

/** How this site is furnished. */
export interface Setup {
  accountId: string;
  /** Where people look at issues; undefined when the site does not say an https address. */
  site?: string;
  /** By id. */
  statuses: ReadonlyMap<string, { name: string; category: Category | undefined }>;
  /** Ids of the custom fields, which differ from site to site. */
  fields: { points: readonly string[]; sprint?: string; epic?: string; team?: string };
}

/**
 * Asks first of all who we are: with a bad token many of Jira's answers are merely empty, as for a stranger, and only this one is refused.
 */
export function readSetup(client: JiraClient, signal: AbortSignal): Promise<Cached<Setup>> {
  return client.http.cached(
    "setup",
    async (during) => {
      const { getCurrentUser, getServerInfo, getFields, getStatuses } = await client.cloud();
      const sdk = client.sdk(during);
      const me = client.http.parse(await getCurrentUser(sdk), myselfAnswer);
      const [server, fields, statuses] = await Promise.all([getServerInfo(sdk), getFields(sdk), getStatuses(sdk)]);
      const { baseUrl } = client.http.parse(server, serverInfoAnswer);
      return {
        accountId: me.accountId,
        ...(baseUrl ? { site: baseUrl } : {}),
        statuses: new Map(
          client.http
            .parse(statuses, statusesAnswer)
            .map(({ id, name, statusCategory }) => [id, { name, category: categoryOf(statusCategory.key) }]),
        ),
        fields: customFields(client.http.parse(fields, fieldsAnswer)),
      };
    },
    signal,
    { operation: "read setup" },
  );
}

type ProjectNode = z.output<typeof projectsAnswer>["values"][number];
type FieldNode = z.output<typeof fieldsAnswer>[number];

function customFields(all: readonly FieldNode[]): Setup["fields"] {
  const custom = all.filter(({ id }) => /^customfield_\d+$/.test(id));
  const byType = (end: string) => custom.find(({ schema }) => schema?.custom?.endsWith(end))?.id;
  const estimates = custom.filter(
    ({ name, schema }) =>
      schema?.custom?.endsWith(":jsw-story-points") || (schema?.type === "number" && /^story points?(?: estimate)?$/i.test(name)),
  );
  const found = { sprint: byType(":gh-sprint"), epic: byType(":gh-epic-link"), team: byType(":atlassian-team") };
  return {
    points: estimates.map(({ id }) => id),
    ...(found.sprint ? { sprint: found.sprint } : {}),
    ...(found.epic ? { epic: found.epic } : {}),
    ...(found.team ? { team: found.team } : {}),
  };
}

export interface Names {
  projects: readonly { key: string; name: string }[];
  types: readonly string[];
  truncated?: string;
}

const PROJECT_PAGES = 40;

/** Projects and types of issues, for the words of a question. */
export function readNames(client: JiraClient, signal: AbortSignal): Promise<Cached<Names>> {
  return client.http.cached(
    "names",
    async (during) => {
      const { searchProjects, getIssueAllTypes } = await client.cloud();
      const sdk = client.sdk(during);
      const types = client.http.parse(await getIssueAllTypes(sdk), typesAnswer);
      const { items, truncated } = await readPages<ProjectNode>(
        async (cursor) => {
          const page = await searchProjects(sdk, { startAt: Number(cursor ?? 0), maxResults: 50 });
          const { values, isLast, startAt } = client.http.parse(page, projectsAnswer);
          return { items: values, next: isLast === false && values.length > 0 ? String(startAt + values.length) : undefined };
        },
        { pages: PROJECT_PAGES, what: "projects" },
      );
      return { projects: items, types: [...new Set(types.map(({ name }) => name))], ...(truncated ? { truncated } : {}) };
    },
    signal,
    { operation: "read projects" },
  );
}
