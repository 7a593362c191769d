import { z } from "zod";
import { addDays, civilDate } from "../core/civil-date.ts";
import type { CivilDate, Period } from "../core/fact.ts";
import type { FeedDescription } from "../core/feed.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod, previousPeriod } from "../core/period.ts";
import { closest, listWords } from "../core/text.ts";
import { defineTool } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { choosePeriod } from "./feed-period.ts";
import { resolveFilter } from "./filter-values.ts";
import { sameName } from "./same-name.ts";
import { chooseSource, readCells } from "./streaming-quality-read.ts";
import { streamingOutput, streamingReport } from "./streaming-quality-report.ts";

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
  output: streamingOutput,

  async run(input, context) {
    const notes: string[] = [];
    const source = await chooseSource(input.dataset, context);
    const { feed, about } = source;
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
    const query = { by, period: { from: before.from, to: period.to }, ...(Object.keys(filter).length ? { filter } : {}) };
    const { cells, receipts } = await readCells(source, query, context.signal);
    const inside = cells.filter(({ day }) => day >= period.from && day <= period.to);
    if (inside.length === 0)
      throw new UserError(`There is no streaming data for ${formatPeriod(period)} in ${feed.name}. Ask for another period.`, {
        path: "period",
      });
    const provisional = receipts.find((r) => r.provisional)?.provisional;
    if (provisional) notes.push(`Days ${provisional} are provisional and may still change.`);
    return streamingReport({ source, by, period, before, cells, receipts, notes, top: input.top ?? SHOWN });
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
