import { fromInstant } from "../core/civil-date.ts";
import type { CivilDate, Period, Receipt } from "../core/fact.ts";
import type { Feed, FeedDescription } from "../core/feed.ts";
import { closest, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { sameName } from "./same-name.ts";
import type { StreamKpi } from "./streaming-quality-figures.ts";

/** Measures by the names they go by. */
const MEASURES = {
  startFailures: /^(?:video_?)?start(?:up)?_?fail(?:ure)?s$|^failed_starts$/i,
  sessions: /^(?:sessions|plays|starts|attempts|start_attempts)$/i,
  rebufferMinutes: /^(?:re)?buffer(?:ing)?_?minutes$/i,
  watchedMinutes: /^(?:watched|watch|viewed|viewing|play|played)_?minutes$/i,
  bitrate: /^(?:(?:avg|average|mean)_)?bit_?rate$/i,
} as const;

type Part = keyof typeof MEASURES;

export const KPIS: readonly { kpi: StreamKpi; name: string; worse: "more" | "less"; parts: readonly Part[] }[] = [
  { kpi: "start_failure_rate", name: "start-failure rate", worse: "more", parts: ["startFailures", "sessions"] },
  { kpi: "rebuffering_ratio", name: "rebuffering ratio", worse: "more", parts: ["rebufferMinutes", "watchedMinutes"] },
  { kpi: "bitrate", name: "bitrate", worse: "less", parts: ["bitrate"] },
];

export interface Cell {
  day: CivilDate;
  labels: Record<string, string>;
  parts: Partial<Record<Part, number>>;
}

export interface StreamSource {
  feed: Feed;
  about: FeedDescription;
  names: Partial<Record<Part, string>>;
}

/** The one source with streaming measures. Throws UserError that names what it takes, or which of several to choose. */
export async function chooseSource(dataset: string | undefined, context: ToolContext): Promise<StreamSource> {
  const feeds = context.feeds.filter((f) => (dataset === undefined ? f.kind === "metrics" : sameName(f.name, dataset)));
  if (dataset !== undefined && feeds.length === 0) {
    const names = context.feeds.map((f) => f.name);
    const near = closest(dataset, names);
    throw new UserError(
      `There is no dataset “${dataset}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(names) || "none"}.`,
      {
        path: "dataset",
        suggestions: near ? [near] : [],
      },
    );
  }
  const described = await Promise.allSettled(feeds.map((feed) => feed.describe(context.signal, "values")));
  context.signal.throwIfAborted();
  const failed = described.find((d) => d.status === "rejected");
  const found = described.flatMap((d, i) => {
    const feed = feeds[i];
    return d.status === "fulfilled" && feed ? [{ feed, about: d.value, names: measuresOf(d.value) }] : [];
  });
  const fitting = found.filter(({ names }) => KPIS.some(({ parts }) => parts.every((part) => names[part])));
  const [first, ...more] = fitting.filter(({ names }) => names.sessions || names.watchedMinutes || dataset !== undefined);
  if (more.length > 0)
    throw new UserError(`${listWords([first, ...more].flatMap((s) => s?.feed.name ?? []))} each have streaming measures. Say which one.`, {
      path: "dataset",
    });
  if (first) return first;
  if (failed?.status === "rejected" && found.length === 0) throw failed.reason;
  const there = found.map(
    ({ feed, about }) =>
      `${feed.name} has ${listWords(
        about.measures.map((m) => m.name),
        8,
      )}`,
  );
  throw new UserError(
    `No dataset has streaming measures. It takes start_failures with sessions, rebuffer_minutes with watched_minutes, or bitrate with sessions. ${there.length ? `${listWords(there, 4)}.` : "No metrics are connected; describe such a dataset with DATASETS."}`,
    { path: "dataset" },
  );
}

function measuresOf({ measures }: FeedDescription): Partial<Record<Part, string>> {
  return Object.fromEntries(
    Object.entries(MEASURES).flatMap(([part, pattern]) => {
      const found = measures.find(({ name }) => pattern.test(name.replaceAll(" ", "_")));
      return found ? [[part, found.name]] : [];
    }),
  );
}

/** Every part of every day and group. */
export async function readCells(
  { feed, names }: StreamSource,
  query: { by: readonly string[]; period: Period; filter?: Readonly<Record<string, readonly string[]>> },
  signal: AbortSignal,
): Promise<{ cells: Cell[]; receipts: Receipt[] }> {
  const receipts: Receipt[] = [];
  const cells = new Map<string, Cell>();
  for (const [part, measure] of Object.entries(names) as [Part, string][]) {
    const answer = await feed.query({ ...query, grain: "day", measure }, signal);
    receipts.push(...answer.receipts);
    for (const { at, labels, value } of answer.facts) {
      if (!Number.isFinite(value)) continue;
      const day = fromInstant(at);
      const own = query.by.map((name) => labels[name]);
      const key = JSON.stringify([day, ...own.map((label) => label ?? "")]);
      const named = () => Object.fromEntries(query.by.map((name, i) => [name, own[i] ?? "(not set)"]));
      const cell = cells.get(key) ?? { day, labels: named(), parts: {} };
      cell.parts[part] = part === "bitrate" ? value : (cell.parts[part] ?? 0) + value;
      cells.set(key, cell);
    }
  }
  return { cells: [...cells.values()], receipts };
}
