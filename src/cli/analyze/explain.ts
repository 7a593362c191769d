import { formatNumber, formatPercent } from "../../core/format.ts";
import { listWords } from "../../core/text.ts";
import { columnRoles } from "../../tools/explain-change-columns.ts";
import { type Comparison, explainTables, type RankedCause, splitAt, type TablesExplained } from "../../tools/explain-change-table.ts";
import { WrongUse } from "../command.ts";
import type { Analysis, AnalysisFiles, AnalysisValues } from "./analysis.ts";
import { mustExist, needed, textOf, wholeNumber } from "./values.ts";
import { checkOutput, writeRows, writeText } from "./write-rows.ts";

/** As in the facts of a minute against the few before; older ones were another time of the day. */
const HISTORY = 4;
const MOST_PRINTED = 5;

export const explainAnalysis: Analysis = {
  name: "explain",
  usage: "--before FILE --after FILE --measure COLUMN [--total COLUMN] [--by COLUMN,…] [--out FILE.csv|FILE.json]",
  summary: "Rank the slices that explain a change between two files, or within one at a moment",
  details: [
    "--before   rows of the period before; several periods when there is a time column",
    "--after    rows of the period after",
    "--in       one file with both, with --at MOMENT [--time COLUMN] [--history PERIODS]",
    "--measure  column with the amounts",
    "--total    column the measure is a part of (failures of requests); found by its name when there is one",
    "--by       columns to explain by; all that are categories unless given",
    "--top      how many causes at most; 10 unless given",
    "--out      write the ranked causes as CSV or JSON, by the ending of the name",
  ],
  options: {
    before: { type: "string" },
    after: { type: "string" },
    in: { type: "string" },
    at: { type: "string" },
    timestamp: { type: "string" },
    time: { type: "string" },
    history: { type: "string" },
    measure: { type: "string" },
    total: { type: "string" },
    by: { type: "string" },
    top: { type: "string" },
    out: { type: "string" },
  },
  async run(values, files, world) {
    const { measure } = needed(values, ["measure"]);
    const top = wholeNumber(values, "top", { from: 1, to: 500 }) ?? 10;
    const out = textOf(values, "out");
    checkOutput(out);
    const total = textOf(values, "total");
    const time = textOf(values, "time");
    const by = textOf(values, "by")
      ?.split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    const asked = { measure, ...(total ? { total } : {}), ...(time ? { time } : {}), ...(by?.length ? { by } : {}) };
    const found = explainTables(await tables(values, asked, files, world.stop), asked, top);
    if (out) world.err(await writeCauses(out, found.causes));
    world.out(wordsOf(found));
    return 0;
  },
};

async function tables(
  values: AnalysisValues,
  asked: { measure: string; time?: string },
  files: AnalysisFiles,
  stop: AbortSignal,
): Promise<Comparison> {
  const both = textOf(values, "in");
  if (both === undefined) {
    const { before, after } = needed(values, ["before", "after"]);
    await Promise.all([mustExist(before), mustExist(after)]);
    return { before: await files.readTable(before, stop), after: await files.readTable(after, stop) };
  }
  const at = textOf(values, "at") ?? textOf(values, "timestamp");
  if (textOf(values, "before") ?? textOf(values, "after")) throw new WrongUse("--in holds both sides: leave out --before and --after.");
  if (at === undefined) throw new WrongUse("--in needs --at: the moment whose rows are the period after.");
  await mustExist(both);
  const table = await files.readTable(both, stop);
  const time = asked.time ?? columnRoles([table], asked).time;
  if (time === undefined) throw new WrongUse("No column of times was found. Name it with --time.");
  return splitAt(table, time, at, wholeNumber(values, "history", { from: 1, to: 100_000 }) ?? HISTORY);
}

const COLUMNS = ["rank", "cause", "score", "before", "after", "change", "share", "confidence"];

async function writeCauses(path: string, causes: readonly RankedCause[]): Promise<string> {
  if (!/\.json$/i.test(path))
    return writeRows(
      path,
      COLUMNS,
      causes.map((cause) => ({ ...cause, cause: sliceWords(cause, "=") })),
    );
  await writeText(path, `${JSON.stringify(causes, null, 2)}\n`);
  return `Wrote ${causes.length} causes to ${path}.`;
}

function sliceWords({ cause }: RankedCause, is: string): string {
  return Object.entries(cause)
    .map(([attribute, value]) => `${attribute}${is}${value}`)
    .join(" & ");
}

function wordsOf({ causes, whole, periods, direction, roles, notes }: TablesExplained): string {
  const rate = (value: number, total: number | undefined) => (total ? ` (${formatPercent(value / total)} of ${roles.total})` : "");
  const each = periods.before > 1 || periods.after > 1 ? " a period" : "";
  const head = `${roles.measure}: ${formatNumber(whole.before)}${rate(whole.before, whole.totalBefore)} before, ${formatNumber(whole.after)}${rate(whole.after, whole.totalAfter)} after${each}.`;
  const lines = causes
    .slice(0, MOST_PRINTED)
    .map(
      (cause) =>
        `${cause.rank}. ${sliceWords(cause, " = ")}: ${formatNumber(cause.before)} → ${formatNumber(cause.after)}${cause.share === null ? "" : `, ${formatPercent(cause.share)} of the ${direction}`}, confidence ${cause.confidence}`,
    );
  const what =
    causes.length === 0
      ? `No slice by ${listWords(roles.attributes)} shows a ${direction}.`
      : `What the ${direction} is in, likeliest first:`;
  return [head, what, ...lines, ...notes].join("\n");
}
