import { z } from "zod";
import { addDays, civilDate, fromInstant } from "../core/civil-date.ts";
import type { CivilDate, Period, Receipt } from "../core/fact.ts";
import type { Feed, FeedDescription } from "../core/feed.ts";
import { formatChange, formatNumber, formatPercent, formatValue } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod, previousPeriod } from "../core/period.ts";
import type { Block, KpisBlock, TableBlock } from "../core/reply.ts";
import { closest, listWords, plainWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { choosePeriod } from "./feed-period.ts";
import { resolveFilter } from "./filter-values.ts";
import { chartNotes, contentOf, notesText, otherLines } from "./finding.ts";
import { sameName } from "./same-name.ts";
import { addSums, compareDays, type KpiChange, kpiOf, type StreamKpi, type StreamSums } from "./streaming-quality-figures.ts";

/** Measures by the names they go by. */
const MEASURES = {
  startFailures: /^(?:video_?)?start(?:up)?_?fail(?:ure)?s$|^failed_starts$/i,
  sessions: /^(?:sessions|plays|starts|attempts|start_attempts)$/i,
  rebufferMinutes: /^(?:re)?buffer(?:ing)?_?minutes$/i,
  watchedMinutes: /^(?:watched|watch|viewed|viewing|play|played)_?minutes$/i,
  bitrate: /^(?:(?:avg|average|mean)_)?bit_?rate$/i,
} as const;
type Part = keyof typeof MEASURES;

const KPIS: readonly { kpi: StreamKpi; name: string; worse: "more" | "less"; parts: readonly Part[] }[] = [
  { kpi: "start_failure_rate", name: "start-failure rate", worse: "more", parts: ["startFailures", "sessions"] },
  { kpi: "rebuffering_ratio", name: "rebuffering ratio", worse: "more", parts: ["rebufferMinutes", "watchedMinutes"] },
  { kpi: "bitrate", name: "bitrate", worse: "less", parts: ["bitrate"] },
];

const change = z.object({ now: z.number().nullable(), before: z.number().nullable(), beyondNoise: z.boolean().nullable() });
const figures = z.object({ start_failure_rate: change, rebuffering_ratio: change, bitrate: change });
const output = z.object({
  dataset: z.string(),
  period: z.object({ from: z.string(), to: z.string() }),
  before: z.object({ from: z.string(), to: z.string() }),
  overall: figures,
  groups: z.array(figures.extend({ labels: z.record(z.string(), z.string()), sessions: z.number().nullable() })),
  missing: z.array(z.string()).describe("KPIs that the dataset has no measures for."),
});
type Figures = z.output<typeof figures>;

const DIMENSIONS = ["region", "device"];
const SHOWN = 15;

export const streamingQuality = defineTool({
  name: "streaming_quality",
  title: "Streaming quality",
  description:
    "Quality of experience of video streaming: start-failure rate, rebuffering ratio and bitrate, overall and per region and device, against the period before, with what changed beyond day-to-day noise. Use it for QoE, video start failures, buffering, playback quality. Needs a dataset with such measures.",
  examples: [
    "rebuffering by device",
    "buffering {period}",
    "how good is the video quality?",
    "How is our streaming quality?",
    "Video start failures and rebuffering",
    "QoE by region and device",
    "Which devices see the most video buffering?",
    "quality of experience of our video streams",
    "do our viewers see buffering?",
    "how often do streams fail to start?",
    "bitrate by region",
    "video quality on smart TVs",
    "is playback smooth?",
    "how many streams fail?",
    "playback failures by app version",
  ],
  reads: "metrics",
  effect: "read",
  role: "viewer",
  command: { name: "qoe", hint: "[dataset] [by DIMENSION] [period]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    by: parameters.by,
    period: parameters.period,
    filter: parameters.filter,
    top: parameters.top,
  }),
  output,

  async run(input, context) {
    const notes: string[] = [];
    const source = await chooseSource(input.dataset, context);
    const { feed, about, names } = source;
    const today = civilDate(context.now, context.user.timeZone);
    const period =
      input.period === undefined ? recentDays(about, today) : choosePeriod({ period: input.period }, [{ feed, about }], today, notes);
    if (!period) throw new UserError(`“${feed.name}” has no dates, so its quality cannot be compared.`, { path: "dataset" });
    const before = previousPeriod(period);
    if (about.covers && about.covers.from > before.from)
      notes.push(`The data begins on ${about.covers.from}, so the period before is not all there.`);
    const by = dimensionsOf(input.by, about);
    const filter = resolveFilter(
      input.filter ?? {},
      [about],
      about.dimensions.map((d) => d.name),
    );
    const query = { by, grain: "day" as const, ...(Object.keys(filter).length ? { filter } : {}) };
    const receipts: Receipt[] = [];
    const cells = new Map<string, Cell>();
    for (const [part, measure] of Object.entries(names) as [Part, string][]) {
      const answer = await feed.query({ ...query, measure, period: { from: before.from, to: period.to } }, context.signal);
      receipts.push(...answer.receipts);
      for (const { at, labels, value } of answer.facts) {
        if (!Number.isFinite(value)) continue;
        const day = fromInstant(at);
        const key = JSON.stringify([day, ...by.map((name) => labels[name] ?? "")]);
        const cell = cells.get(key) ?? {
          day,
          labels: Object.fromEntries(by.map((name) => [name, labels[name] ?? "(not set)"])),
          parts: {},
        };
        cell.parts[part] = part === "bitrate" ? value : (cell.parts[part] ?? 0) + value;
        cells.set(key, cell);
      }
    }
    const inside = [...cells.values()].filter(({ day }) => day >= period.from && day <= period.to);
    if (inside.length === 0)
      throw new UserError(`There is no streaming data for ${formatPeriod(period)} in ${feed.name}. Ask for another period.`, {
        path: "period",
      });
    const provisional = receipts.find((r) => r.provisional)?.provisional;
    if (provisional) notes.push(`Days ${provisional} are provisional and may still change.`);
    return compose({ source, by, period, before, cells: [...cells.values()], receipts, notes, top: input.top ?? SHOWN });
  },
});

const RECENT_DAYS = 30;

/** The last thirty days there are, without today. */
function recentDays({ covers }: FeedDescription, today: CivilDate): Period | undefined {
  if (!covers) return undefined;
  const yesterday = addDays(today, -1);
  const to = covers.to < yesterday ? covers.to : yesterday;
  return { from: addDays(to, 1 - RECENT_DAYS), to };
}

interface Cell {
  day: CivilDate;
  labels: Record<string, string>;
  parts: Partial<Record<Part, number>>;
}

interface StreamSource {
  feed: Feed;
  about: FeedDescription;
  names: Partial<Record<Part, string>>;
}

async function chooseSource(dataset: string | undefined, context: ToolContext): Promise<StreamSource> {
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

function dimensionsOf(asked: string | readonly string[] | undefined, { dimensions }: FeedDescription): string[] {
  const names = dimensions.map((d) => d.name);
  if (asked === undefined) return DIMENSIONS.flatMap((wanted) => names.find((name) => sameName(name, wanted)) ?? []);
  return [asked].flat().map((wanted) => {
    const found = names.find((name) => sameName(name, wanted));
    if (found) return found;
    const near = closest(wanted, names);
    throw new UserError(
      `There is no dimension “${wanted}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(names) || "none"}.`,
      { path: "by" },
    );
  });
}

interface Parts {
  source: StreamSource;
  by: readonly string[];
  period: Period;
  before: Period;
  cells: readonly Cell[];
  receipts: readonly Receipt[];
  notes: readonly string[];
  top: number;
}

type Changes = Readonly<Record<StreamKpi, KpiChange>>;

interface Group {
  labels: Record<string, string>;
  name: string;
  sessions: number | null;
  changes: Changes;
}

async function compose({ source, by, period, before, cells, receipts, notes, top }: Parts): Promise<Finding> {
  const known = KPIS.filter(({ parts }) => parts.every((part) => source.names[part]));
  const missing = KPIS.filter((kpi) => !known.includes(kpi)).map(({ name }) => name);
  const overall = changesOf(cells, period, before);
  const groups: Group[] = by.length
    ? [...Map.groupBy(cells, ({ labels }) => by.map((name) => labels[name]).join(" · "))].map(([name, some]) => ({
        labels: some[0]?.labels ?? {},
        name,
        sessions: source.names.sessions ? (addSums(some.filter(({ day }) => day >= period.from).map(sumsOf)).sessions ?? 0) : null,
        changes: changesOf(some, period, before),
      }))
    : [];
  const rank = known[0];
  const ranked = groups.sort((a, b) => worst(b, rank) - worst(a, rank) || (a.name < b.name ? -1 : 1));
  const unit = source.about.measures.find((m) => m.name === source.names.bitrate)?.unit;
  const shown = (kpi: StreamKpi, value: number | undefined) =>
    value === undefined ? "not known" : kpi === "bitrate" ? formatValue(Number(value.toPrecision(4)), unit) : formatPercent(value);
  const sentences = [
    `**Streaming in ${formatPeriod(period)}**: ${known.map(({ kpi, name }) => `${name} ${shown(kpi, overall[kpi].now)} (${shown(kpi, overall[kpi].before)} in ${formatPeriod(before)}${overall[kpi].beyondNoise === false ? ", within day-to-day noise" : ""})`).join("; ")}.`,
    worseWords(known, ranked, by, shown),
    missing.length ? `Not there: ${listWords(missing)}, for want of measures.` : "",
    "Start-failure rate = failed starts / sessions; rebuffering ratio = minutes rebuffering / minutes watched; bitrate is weighed by sessions. With many groups one or two pass the noise by chance.",
  ];
  const text = `${sentences.filter(Boolean).join(" ")}${notesText({ notes })}`;
  const table = groupTable(ranked, by, known, unit, top);
  const kpis: KpisBlock = {
    type: "kpis",
    items: known.map(({ kpi, name, worse }) => {
      const { now, before: was, beyondNoise } = overall[kpi];
      const ratio = now !== undefined && was ? now / was - 1 : undefined;
      const bad = ratio !== undefined && (worse === "more" ? ratio > 0 : ratio < 0);
      return {
        label: name,
        value: shown(kpi, now),
        ...(ratio === undefined ? {} : { change: formatChange(ratio) }),
        tone: beyondNoise ? (bad ? ("bad" as const) : ("good" as const)) : ("neutral" as const),
      };
    }),
  };
  const chart = rank ? [await chartOf(rank, cells, period, receipts, unit)] : [];
  const data = {
    dataset: source.feed.name,
    period,
    before,
    overall: asData(overall),
    groups: ranked.map(({ labels, sessions, changes }) => ({ labels, sessions, ...asData(changes) })),
    missing,
  };
  return {
    content: contentOf(text, by.length ? [table] : []),
    data,
    blocks: [{ type: "markdown", text }, kpis, ...chart, ...(by.length ? [table] : [])] satisfies Block[],
    receipts,
    suggestions: ["Which devices see the most video buffering?"],
  };
}

/** Per KPI the group that got worse most, where one did. */
function worseWords(
  known: typeof KPIS,
  groups: readonly Group[],
  by: readonly string[],
  shown: (kpi: StreamKpi, value: number | undefined) => string,
): string {
  if (by.length === 0) return "";
  const found = known.flatMap(({ kpi, name, worse }) => {
    const risen = groups
      .filter(({ changes }) => isWorse(changes[kpi], worse))
      .sort((a, b) => worsening(b.changes[kpi]) - worsening(a.changes[kpi]));
    const [most] = risen;
    if (!most) return [];
    const { before, now } = most.changes[kpi];
    return [
      `The ${name} got worse most in **${plainWords(most.name)}**: ${shown(kpi, before)} → ${shown(kpi, now)}, beyond day-to-day noise.`,
    ];
  });
  return found.join(" ") || `In no ${by.join(" and ")} did any of them get worse beyond day-to-day noise.`;
}

function sumsOf({ parts }: Cell): StreamSums {
  const { bitrate, ...sums } = parts;
  const weight = parts.sessions ?? 1;
  return { ...sums, ...(bitrate === undefined ? {} : { bitrateSum: bitrate * weight, bitrateWeight: weight }) };
}

function changesOf(cells: readonly Cell[], period: Period, before: Period): Changes {
  const days = (within: Period) =>
    [
      ...Map.groupBy(
        cells.filter(({ day }) => day >= within.from && day <= within.to),
        ({ day }) => day,
      ).values(),
    ].map((some) => addSums(some.map(sumsOf)));
  const [now, then] = [days(period), days(before)];
  const of = (kpi: StreamKpi) => compareDays(kpi, now, then);
  return { start_failure_rate: of("start_failure_rate"), rebuffering_ratio: of("rebuffering_ratio"), bitrate: of("bitrate") };
}

function isWorse({ now, before, beyondNoise }: KpiChange, worse: "more" | "less"): boolean {
  return beyondNoise === true && now !== undefined && before !== undefined && (worse === "more" ? now > before : now < before);
}

function worsening({ now, before }: KpiChange): number {
  return now === undefined || !before ? 0 : Math.abs(now / before - 1);
}

function worst({ changes }: Group, rank: (typeof KPIS)[number] | undefined): number {
  if (!rank) return 0;
  const value = changes[rank.kpi].now;
  return value === undefined ? Number.NEGATIVE_INFINITY : rank.worse === "more" ? value : -value;
}

function asData(changes: Changes): Figures {
  const of = ({ now, before, beyondNoise }: KpiChange) => ({ now: now ?? null, before: before ?? null, beyondNoise: beyondNoise ?? null });
  return {
    start_failure_rate: of(changes.start_failure_rate),
    rebuffering_ratio: of(changes.rebuffering_ratio),
    bitrate: of(changes.bitrate),
  };
}

function groupTable(
  groups: readonly Group[],
  by: readonly string[],
  known: typeof KPIS,
  unit: string | undefined,
  top: number,
): TableBlock {
  const shown = groups.slice(0, top);
  const rest = groups.length - shown.length;
  const column = (kpi: StreamKpi, label: string) =>
    kpi === "bitrate" ? { label, type: "number" as const, ...(unit ? { unit } : {}) } : { label, type: "percent" as const };
  const width = by.length + 1 + 2 * known.length;
  return {
    type: "table",
    title: "Streaming quality by group",
    columns: [
      ...by.map((label) => ({ label, type: "text" as const })),
      { label: "sessions", type: "number" },
      ...known.flatMap(({ kpi, name }) => [column(kpi, name), column(kpi, `${name} before`)]),
    ],
    rows: [
      ...shown.map((g) => [
        ...by.map((name) => g.labels[name] ?? null),
        g.sessions,
        ...known.flatMap(({ kpi }) => [g.changes[kpi].now ?? null, g.changes[kpi].before ?? null]),
      ]),
      ...(rest > 0 ? [[otherLines(rest), ...Array.from({ length: width - 1 }, () => null)]] : []),
    ],
  };
}

async function chartOf(
  { kpi, name }: (typeof KPIS)[number],
  cells: readonly Cell[],
  period: Period,
  receipts: readonly Receipt[],
  unit: string | undefined,
) {
  const { timeChart } = await import("../charts/time-chart.ts");
  const days = [...Map.groupBy(cells, ({ day }) => day)].sort(([a], [b]) => (a < b ? -1 : 1));
  const points = days.map(([at, some]) => ({ at, value: kpiOf(kpi, addSums(some.map(sumsOf))) ?? null }));
  const now = kpiOf(kpi, addSums(cells.filter(({ day }) => day >= period.from && day <= period.to).map(sumsOf)));
  const value = now === undefined ? "" : kpi === "bitrate" ? formatNumber(Number(now.toPrecision(4))) : formatPercent(now);
  return timeChart({
    title: `The ${name} was ${value} in ${formatPeriod(period)}`,
    subject: `${name} per day, with the period before`,
    grain: "day",
    unit: kpi === "bitrate" ? (unit ?? "") : "ratio",
    notes: chartNotes(receipts),
    series: [{ name, points }],
  });
}
