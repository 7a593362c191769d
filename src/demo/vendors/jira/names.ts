import { type Issue, type Person, type Project, uuidOf, type World } from "../../world/index.ts";

/** How the company is called on its Jira. */
export const EMAIL = "firstmate@harbourline.example";
export const TOKEN = "demo-jira-token";
/** A reserved name: a page that looks like a stranger's would be worse than none. */
export const SITE = "https://jira.example";

/** Custom fields of this site. */
export const POINTS = "customfield_10016";
export const SPRINT = "customfield_10020";
export const EPIC_LINK = "customfield_10014";
export const TEAM = "customfield_10001";

/** The zone of the bot's account, in which Jira reads the days of a query. */
export const ACCOUNT_ZONE = { name: "Asia/Singapore", offsetHours: 8 };

export const CATEGORIES = {
  todo: { id: 2, key: "new", colorName: "blue-gray", name: "To Do" },
  doing: { id: 4, key: "indeterminate", colorName: "yellow", name: "In Progress" },
  done: { id: 3, key: "done", colorName: "green", name: "Done" },
} as const;

export const STATUSES = [
  { id: "10000", name: "To Do", category: "todo" },
  { id: "3", name: "In Progress", category: "doing" },
  { id: "10001", name: "In Review", category: "doing" },
  { id: "10002", name: "Ready to Deploy", category: "doing" },
  { id: "10003", name: "Waiting for customer", category: "doing" },
  { id: "10004", name: "Escalated", category: "doing" },
  { id: "10005", name: "Done", category: "done" },
  { id: "10006", name: "Won't Do", category: "done" },
] as const satisfies readonly { id: string; name: Issue["status"]; category: Issue["category"] }[];

export function statusNamed(name: string | null) {
  return STATUSES.find((status) => status.name === name) ?? STATUSES[0];
}

export const TYPES = [
  { id: "10000", name: "Epic", hierarchyLevel: 1 },
  { id: "10001", name: "Story", hierarchyLevel: 0 },
  { id: "10002", name: "Task", hierarchyLevel: 0 },
  { id: "10003", name: "Bug", hierarchyLevel: 0 },
  { id: "10010", name: "Support", hierarchyLevel: 0 },
  { id: "10011", name: "Incident", hierarchyLevel: 0 },
] as const satisfies readonly { id: string; name: Issue["type"]; hierarchyLevel: number }[];

const accounts = new Map<string, string>();

export function accountOf(login: string): string {
  const known = accounts.get(login) ?? `712020:${uuidOf(`jira ${login}`)}`;
  accounts.set(login, known);
  return known;
}

export function userOf({ login, name, email, left, timeZone }: Person) {
  return {
    accountId: accountOf(login),
    accountType: login.endsWith(".bot") ? "app" : "atlassian",
    emailAddress: email,
    displayName: name,
    active: left === null,
    timeZone,
  };
}

/** What is looked up over and over, once for a world. */
export interface Lookup {
  issues: ReadonlyMap<string, Issue>;
  /** By id and by key. */
  ids: ReadonlyMap<string, Issue>;
  projects: ReadonlyMap<string, Project>;
  people: ReadonlyMap<string, Person>;
  teams: ReadonlyMap<string, string>;
  sprints: ReadonlyMap<number, ReturnType<World["sprints"]>[number]>;
}

const lookups = new WeakMap<World, Lookup>();

export function lookupOf(world: World): Lookup {
  const known = lookups.get(world);
  if (known) return known;
  const projects = new Map(world.projects().map((p) => [p.key, p]));
  const made: Lookup = {
    projects,
    issues: new Map(world.issues().map((i) => [i.key, i])),
    ids: new Map(world.issues().flatMap((i) => [[i.key, i] as const, [idOf(i, projects), i] as const])),
    people: new Map(world.people().map((p) => [p.login, p])),
    teams: new Map(world.teams().map((t) => [t.id, t.name])),
    sprints: new Map(world.sprints().map((s) => [s.id, s])),
  };
  lookups.set(world, made);
  return made;
}

/** Stable, and unique over projects. */
export function idOf({ project, number }: Issue, projects: ReadonlyMap<string, Project>): string {
  return `${projects.get(project)?.number ?? 1}${String(number).padStart(6, "0")}`;
}

/** "2026-11-20T17:15:00.000+0800": in the zone of whoever asks. */
export function stamped(at: string): string {
  const local = new Date(Date.parse(at) + ACCOUNT_ZONE.offsetHours * 3_600_000).toISOString().slice(0, 23);
  return `${local}+0${ACCOUNT_ZONE.offsetHours}00`;
}
