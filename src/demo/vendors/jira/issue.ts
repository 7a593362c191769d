import type { Issue, Person, World } from "../../world/index.ts";
import {
  CATEGORIES,
  EPIC_LINK,
  idOf,
  type Lookup,
  lookupOf,
  POINTS,
  SITE,
  SPRINT,
  type STATUSES,
  stamped,
  statusNamed,
  TEAM,
  TYPES,
  userOf,
} from "./names.ts";
import { sprintJson } from "./sprint.ts";

/** An issue with the fields asked for, as the search and the issue's own address show it. */
export function issueJson(issue: Issue, fields: readonly string[], world: World): object {
  const lookup = lookupOf(world);
  const id = idOf(issue, lookup.projects);
  const all = FIELDS;
  const names = fields.some((f) => f === "*all" || f === "*navigable") ? Object.keys(all) : fields.filter((f) => f in all);
  const values = Object.fromEntries(names.map((name) => [name, all[name]?.(issue, lookup) ?? null]));
  const shown = names.length > 0 ? { fields: values } : {};
  const head = {
    expand: "operations,versionedRepresentations,editmeta,changelog,renderedFields",
    id,
    self: `${SITE}/rest/api/3/issue/${id}`,
  };
  return names.length > 0 || fields.includes("key") ? { ...head, key: issue.key, ...shown } : { id };
}

const FIELDS: Readonly<Record<string, (issue: Issue, lookup: Lookup) => unknown>> = {
  summary: ({ summary }) => summary,
  description: ({ description }) => documentOf(description),
  project: ({ project }, { projects }) => {
    const about = projects.get(project);
    return {
      id: String(about?.number),
      key: project,
      name: about?.name ?? project,
      projectTypeKey: about?.kind === "support" ? "service_desk" : "software",
      simplified: false,
    };
  },
  issuetype: ({ type }) => typeJson(TYPES.find(({ name }) => name === type) ?? TYPES[2]),
  status: ({ status }) => statusJson(statusNamed(status)),
  priority: ({ priority }) => ({ id: String(["Highest", "High", "Medium", "Low"].indexOf(priority) + 1), name: priority }),
  assignee: ({ assignee }, { people }) => user(assignee, people),
  reporter: ({ reporter }, { people }) => user(reporter, people),
  creator: ({ reporter }, { people }) => user(reporter, people),
  components: ({ component }) => (component ? [{ id: String(20_000 + component.length), name: component }] : []),
  labels: ({ labels }) => labels,
  resolution: ({ resolution }) => (resolution ? { id: resolution === "Done" ? "10000" : "10001", name: resolution } : null),
  created: ({ createdAt }) => stamped(createdAt),
  updated: ({ updatedAt }) => stamped(updatedAt),
  resolutiondate: ({ resolvedAt }) => (resolvedAt ? stamped(resolvedAt) : null),
  duedate: ({ dueOn }) => dueOn,
  timespent: ({ worklogs }) => (worklogs.length > 0 ? worklogs.reduce((sum, { seconds }) => sum + seconds, 0) : null),
  timeoriginalestimate: () => null,
  parent: ({ epic }, { issues, projects }) => {
    const parent = epic === null ? undefined : issues.get(epic);
    if (!parent) return null;
    const fields = { summary: parent.summary, status: statusJson(statusNamed(parent.status)), issuetype: typeJson(TYPES[0]) };
    return { id: idOf(parent, projects), key: parent.key, self: `${SITE}/rest/api/3/issue/${idOf(parent, projects)}`, fields };
  },
  [EPIC_LINK]: ({ epic }) => epic,
  [POINTS]: ({ points }) => points,
  [SPRINT]: ({ sprints: ids }, { sprints, projects }) => {
    const list = ids.flatMap((id) => sprints.get(id) ?? []);
    return list.length > 0
      ? list.map((s) => ({ ...sprintJson(s, projects), boardId: (projects.get(s.project)?.number ?? 0) - 10_000 }))
      : null;
  },
  [TEAM]: ({ project }, { projects, teams }) => {
    const team = projects.get(project)?.team;
    return team ? { id: `team-${team}`, name: teams.get(team) ?? team, isVisible: true, isVerified: false } : null;
  },
};

/** Every field of the site, as `/field` lists them. */
export function fieldsJson(): object[] {
  const custom = (id: string, name: string, type: string, key: string) => ({
    ...{ id, key: id, name, custom: true, orderable: true, navigable: true, searchable: true, clauseNames: [`cf[${id.slice(12)}]`, name] },
    schema: { type, custom: key, customId: Number(id.slice(12)) },
  });
  const system = Object.keys(FIELDS).filter((id) => !id.startsWith("customfield_"));
  return [
    ...system.map((id) => ({
      id,
      key: id,
      name: id,
      custom: false,
      orderable: true,
      navigable: true,
      searchable: true,
      clauseNames: [id],
    })),
    custom(POINTS, "Story point estimate", "number", "com.pyxis.greenhopper.jira:jsw-story-points"),
    custom(SPRINT, "Sprint", "array", "com.pyxis.greenhopper.jira:gh-sprint"),
    custom(EPIC_LINK, "Epic Link", "any", "com.pyxis.greenhopper.jira:gh-epic-link"),
    custom(TEAM, "Team", "team", "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team"),
  ];
}

export function statusJson({ id, name, category }: (typeof STATUSES)[number]) {
  return { self: `${SITE}/rest/api/3/status/${id}`, description: "", name, id, statusCategory: CATEGORIES[category] };
}

export function typeJson({ id, name, hierarchyLevel }: (typeof TYPES)[number]) {
  return { self: `${SITE}/rest/api/3/issuetype/${id}`, id, description: "", name, subtask: false, hierarchyLevel };
}

function user(login: string | null, people: ReadonlyMap<string, Person>) {
  const person = login === null ? undefined : people.get(login);
  return person ? userOf(person) : null;
}

/** Plain text as an Atlassian document: a paragraph for each. */
export function documentOf(text: string): object | null {
  if (text === "") return null;
  const content = text.split(/\n{2,}/).map((paragraph) => ({
    type: "paragraph",
    content: paragraph
      .split("\n")
      .flatMap((line, i) => [...(i > 0 ? [{ type: "hardBreak" }] : []), ...(line ? [{ type: "text", text: line }] : [])]),
  }));
  return { type: "doc", version: 1, content };
}
