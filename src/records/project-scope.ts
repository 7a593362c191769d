import type { Receipt } from "../core/fact.ts";
import type { Feed, FeedDescription, FeedKind } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import { listWords } from "../core/text.ts";
import { matchValues } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import type { Project } from "./projects.ts";

/** Which field of a project narrows which dimension of a source; the first that is set and known there counts. */
interface Binding {
  field: "repositories" | "jiraProject" | "cloudAccount" | "railwayProject" | "services" | "name";
  dimensions: readonly string[];
  /** Nobody said that the source calls it so. */
  guessed?: true;
}

const repositories: Binding = { field: "repositories", dimensions: ["repository"] };
const jiraProject: Binding = { field: "jiraProject", dimensions: ["project"] };
const cloudAccount: Binding = { field: "cloudAccount", dimensions: ["account", "sub_account", "linked_account"] };
const railwayProject: Binding = { field: "railwayProject", dimensions: ["project"] };
const services: Binding = { field: "services", dimensions: ["service", "entity", "app", "application"] };
const ownName: Binding = { field: "name", dimensions: ["project", "workspace"], guessed: true };

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

interface Narrowing {
  dimension: string;
  values: readonly string[];
  /** Names of the project that the source did not show so far. It may know them all the same. */
  unseen: readonly string[];
}

function scoped(feed: Feed, project: Project): Feed {
  const narrowing = async (signal: AbortSignal) => narrowingOf(feed, project, await feed.describe(signal, "values"));
  const ask = async <Q extends { filter?: Filter }, A extends { receipts: readonly Receipt[] }>(
    query: Q,
    signal: AbortSignal,
    answer: (narrowed: Q) => Promise<A>,
  ): Promise<A> => {
    const { dimension, values, unseen } = await narrowing(signal);
    const asked = query.filter?.[dimension];
    const both = asked ? values.filter((value) => asked.includes(value)) : values;
    if (both.length === 0) throw new UserError(`${listWords(asked ?? [])} is not part of project ${project.name}.`, { path: "filter" });
    const given = await answer({ ...query, filter: { ...query.filter, [dimension]: both } });
    return unseen.length === 0 ? given : { ...given, receipts: given.receipts.map((receipt) => doubted(receipt, dimension, unseen)) };
  };
  const { records } = feed;
  return {
    name: feed.name,
    kind: feed.kind,
    withoutPeriod: feed.withoutPeriod,
    ...(feed.splitsAtOnce === undefined ? {} : { splitsAtOnce: feed.splitsAtOnce }),
    async describe(signal, detail) {
      const about = await feed.describe(signal, detail);
      const { dimension, values } = await narrowing(signal);
      const dimensions = about.dimensions.map((d) => (d.name === dimension ? { ...d, values, more: false } : d));
      return { ...about, dimensions };
    },
    query: (query, signal) => ask(query, signal, (narrowed) => feed.query(narrowed, signal)),
    ...(records ? { records: (query, signal) => ask(query, signal, (narrowed) => records.call(feed, narrowed, signal)) } : {}),
  };
}

function doubted(receipt: Receipt, dimension: string, unseen: readonly string[]): Receipt {
  const note = `The project names ${readable(dimension)} ${listWords(unseen)}, which this source did not show lately.`;
  return { ...receipt, notes: [...(receipt.notes ?? []), note] };
}

const MOST_NAMED = 8;

function narrowingOf(feed: Feed, project: Project, about: FeedDescription): Narrowing {
  const bindings = bindingsOf(feed.kind, project);
  const known = bindings.flatMap(({ binding, names }) =>
    about.dimensions
      .filter(({ name }) => binding.dimensions.includes(name))
      .map((dimension) => ({ dimension: dimension.name, names, ...valuesOf(names, dimension, binding.guessed ?? false) })),
  );
  const found = known.find(({ values }) => values.length > 0);
  if (found) return found;
  const [first] = known;
  const dimensions = listWords([...new Set(bindings.flatMap((b) => [...b.binding.dimensions]))]);
  throw new UserError(
    first
      ? `“${feed.name}” has no ${readable(first.dimension)} ${first.names.slice(0, MOST_NAMED).join(" or ")}, by which it would know project ${project.name}.`
      : `“${feed.name}” cannot be narrowed to project ${project.name}: it does not tell its figures apart by ${dimensions}.`,
  );
}

/** The source's own spelling of the names; a name itself where the source does not list all it has, unless it is only guessed. */
function valuesOf(
  names: readonly string[],
  { values, more }: FeedDescription["dimensions"][number],
  guessed: boolean,
): Pick<Narrowing, "values" | "unseen"> {
  const meant = names.map((name) => ({ name, found: meantBy(name, values) }));
  const unseen = more && !guessed ? meant.filter(({ found }) => found.length === 0).map(({ name }) => name) : [];
  return { values: [...new Set([...meant.flatMap(({ found }) => found), ...unseen])], unseen };
}

function meantBy(name: string, values: readonly string[]): string[] {
  const exact = values.filter((value) => value.toLowerCase() === name.toLowerCase());
  if (exact.length > 0) return exact;
  const meant = matchValues(name, values);
  // Two that fit are two different things: a project takes none of them by chance.
  return meant.length === 1 ? meant : [];
}
