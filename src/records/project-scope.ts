import type { Feed, FeedDescription, FeedKind } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import { listWords } from "../core/text.ts";
import { matchValues } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import type { Project } from "./projects.ts";

/** Which field of a project narrows which dimension of a source; the first that is set and known there counts. */
type Binding = {
  field: "repositories" | "jiraProject" | "cloudAccount" | "railwayProject" | "services" | "name";
  dimensions: readonly string[];
};

const repositories: Binding = { field: "repositories", dimensions: ["repository"] };
const jiraProject: Binding = { field: "jiraProject", dimensions: ["project"] };
const cloudAccount: Binding = { field: "cloudAccount", dimensions: ["account", "sub_account", "linked_account"] };
const railwayProject: Binding = { field: "railwayProject", dimensions: ["project"] };
const services: Binding = { field: "services", dimensions: ["service", "entity", "app", "application"] };
const ownName: Binding = { field: "name", dimensions: ["project", "workspace"] };

const BINDINGS: Readonly<Record<FeedKind, readonly Binding[]>> = {
  costs: [cloudAccount, railwayProject, services],
  metrics: [services, railwayProject],
  deploys: [repositories, services, railwayProject],
  incidents: [services],
  issues: [jiraProject, repositories],
  sprints: [jiraProject],
  pulls: [repositories],
  pipelines: [repositories],
  ai_usage: [repositories, ownName],
  customers: [],
};

export interface ScopedFeeds {
  feeds: Feed[];
  /** Kinds that are connected, and of which nothing can be told to be the project's; each with the reason. */
  left: { kind: FeedKind; reason: string }[];
}

/**
 * The feeds as a project sees them: each question is narrowed to what the project is bound to. What cannot be narrowed is left out,
 * never given whole. A source that knows none of the names throws UserError when it is asked.
 */
export function scopeFeeds(feeds: readonly Feed[], project: Project): ScopedFeeds {
  const bound = feeds.filter(({ kind }) => bindingsOf(kind, project).length > 0);
  const there = new Set(bound.map(({ kind }) => kind));
  const left = [...new Set(feeds.map(({ kind }) => kind))].filter((kind) => !there.has(kind));
  return {
    feeds: bound.map((feed) => scoped(feed, project)),
    left: left.map((kind) => ({ kind, reason: unbound(kind, project) })),
  };
}

function unbound(kind: FeedKind, { name }: Project): string {
  const fields = BINDINGS[kind].filter(({ field }) => field !== "name").map(({ field }) => field);
  if (fields.length === 0) return `${readable(kind)} cannot be told apart by project.`;
  return `Project ${name} does not say which ${readable(kind)} are its own. Set ${fields.join(" or ")}.`;
}

function bindingsOf(kind: FeedKind, project: Project): { binding: Binding; names: readonly string[] }[] {
  return BINDINGS[kind].flatMap((binding) => {
    const value = project[binding.field];
    const names = value === undefined ? [] : typeof value === "string" ? [value] : value;
    return names.length > 0 ? [{ binding, names }] : [];
  });
}

type Filter = Readonly<Record<string, readonly string[]>>;

function scoped(feed: Feed, project: Project): Feed {
  const narrowing = async (signal: AbortSignal) => narrowingOf(feed, project, await feed.describe(signal, "values"));
  const narrowed = async <Q extends { filter?: Filter }>(query: Q, signal: AbortSignal): Promise<Q> => {
    const { dimension, values } = await narrowing(signal);
    const asked = query.filter?.[dimension];
    const both = asked ? values.filter((value) => asked.includes(value)) : values;
    if (both.length === 0) throw new UserError(`${listWords(asked ?? [])} is not part of project ${project.name}.`, { path: "filter" });
    return { ...query, filter: { ...query.filter, [dimension]: both } };
  };
  const { records } = feed;
  return {
    name: feed.name,
    kind: feed.kind,
    withoutPeriod: feed.withoutPeriod,
    async describe(signal, detail) {
      const about = await feed.describe(signal, detail);
      const { dimension, values } = await narrowing(signal);
      const dimensions = about.dimensions.map((d) => (d.name === dimension ? { ...d, values, more: false } : d));
      return { ...about, dimensions };
    },
    query: async (query, signal) => feed.query(await narrowed(query, signal), signal),
    ...(records ? { records: async (query, signal) => records.call(feed, await narrowed(query, signal), signal) } : {}),
  };
}

function narrowingOf(feed: Feed, project: Project, about: FeedDescription): { dimension: string; values: readonly string[] } {
  const bindings = bindingsOf(feed.kind, project);
  const known = bindings.flatMap(({ binding, names }) =>
    about.dimensions
      .filter(({ name }) => binding.dimensions.includes(name))
      .map((dimension) => ({ dimension: dimension.name, names, values: valuesOf(names, dimension) })),
  );
  const found = known.find(({ values }) => values.length > 0);
  if (found) return found;
  const names = listWords([...new Set(bindings.flatMap((b) => [...b.names]))]);
  const [first] = known;
  throw new UserError(
    first
      ? `“${feed.name}” has no ${readable(first.dimension)} ${names}, by which it would be project ${project.name}'s.`
      : `“${feed.name}” cannot be narrowed to project ${project.name}: it does not tell its figures apart by ${listWords([...new Set(bindings.flatMap((b) => [...b.binding.dimensions]))])}.`,
  );
}

/** The source's own spelling of the names; a name itself where the source does not list all it has. */
function valuesOf(names: readonly string[], { values, more }: FeedDescription["dimensions"][number]): string[] {
  return [
    ...new Set(
      names.flatMap((name) => {
        const exact = values.filter((value) => value.toLowerCase() === name.toLowerCase());
        if (exact.length > 0) return exact;
        const meant = matchValues(name, values);
        // Two that fit are two different things: a project takes none of them by chance.
        return meant.length === 1 ? meant : more ? [name] : [];
      }),
    ),
  ];
}
