import { formatNumber } from "../../core/format.ts";
import {
  durationQuality,
  estimateGroups,
  estimateTable,
  type LearntDurations,
  learnDurationTable,
} from "../../tools/estimate-duration-table.ts";
import type { Analysis } from "./analysis.ts";
import { listOf, mustExist, needed, textOf } from "./values.ts";
import { checkOutput, type OutputRow, writeRows } from "./write-rows.ts";

const ESTIMATES = ["p50", "p80", "p95", "lo80", "hi80"];
const SHOWN = 15;

export const durationAnalysis: Analysis = {
  name: "duration",
  usage: "--in FILE --start COLUMN --end COLUMN [--by COLUMN,…] [--score FILE] [--as-of DAY] [--out FILE.csv|FILE.json]",
  summary: "How long things take, from those that are over and those still open: P50, P80, P95 and an 80% range, in days",
  details: [
    "--start  column with the day or time a thing began",
    "--end    column with the day or time it was over; empty while it is open",
    "--by     columns known at the start, the most general first, such as project,type; numbers are used as numbers, dates as days after the start",
    "--score  rows to estimate, with the columns of --by; else one estimate per group",
    "--as-of  the day up to which the file tells; the newest in it unless given",
    "--out    write p50, p80, p95, lo80, hi80 in days, per row of --score or per group, as CSV or JSON",
  ],
  options: {
    in: { type: "string" },
    start: { type: "string" },
    end: { type: "string" },
    by: { type: "string" },
    score: { type: "string" },
    "as-of": { type: "string" },
    out: { type: "string" },
  },
  async run(values, files, world) {
    const { in: file, start, end } = needed(values, ["in", "start", "end"]);
    const [score, out, asOf] = [textOf(values, "score"), textOf(values, "out"), textOf(values, "as-of")];
    checkOutput(out);
    await mustExist(file);
    if (score) await mustExist(score);
    const table = await files.readTable(file, world.stop);
    const by = listOf(values, "by");
    const learnt = learnDurationTable(table, { start, end, by, ...(asOf ? { asOf } : {}) });
    for (const note of learnt.notes) world.err(note);
    const over = learnt.spells.over.reduce((sum, v) => sum + v, 0);
    world.out(`${formatNumber(learnt.rows.length)} rows, ${formatNumber(over)} of them over.`);
    world.out(durationQuality(learnt));
    if (score) {
      const estimates = estimateTable(learnt, await files.readTable(score, world.stop));
      if (estimates.some((e) => e.open)) world.err("Some P95 lie beyond everything seen; the longest seen stands in for them.");
      if (out) world.err(await writeRows(out, ESTIMATES, estimates.map(asRow)));
      else world.out(`Estimated ${formatNumber(estimates.length)} rows. Name a file with --out to keep them.`);
      return 0;
    }
    return groups(learnt, by, out, world);
  },
};

async function groups(learnt: LearntDurations, by: readonly string[], out: string | undefined, world: Parameters<Analysis["run"]>[2]) {
  const found = estimateGroups(learnt);
  const rows = found.map((group): OutputRow => {
    const names = Object.fromEntries(by.map((name, k) => [name, group.values[k] ?? null]));
    return { ...names, rows: group.rows, open: group.stillOpen, ...asRow(group) };
  });
  if (out) world.err(await writeRows(out, [...by, "rows", "open", ...ESTIMATES], rows));
  const days = (value: number) => `${formatNumber(Number(value.toPrecision(3)))} d`;
  for (const group of found.slice(0, SHOWN))
    world.out(
      `  ${group.values.map((v) => v ?? "(not set)").join(" · ") || "all"}: P50 ${days(group.p50)}, P80 ${days(group.p80)}, P95 ${days(group.p95)} (80% range ${days(group.low)} – ${days(group.high)}; ${formatNumber(group.rows)} rows, ${formatNumber(group.stillOpen)} open)`,
    );
  if (found.length > SHOWN) world.out(`  … and ${formatNumber(found.length - SHOWN)} more groups`);
  return 0;
}

function asRow({ p50, p80, p95, low, high }: { p50: number; p80: number; p95: number; low: number; high: number }): OutputRow {
  return { p50, p80, p95, lo80: low, hi80: high };
}
