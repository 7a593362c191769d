import { existsSync } from "node:fs";
import { join } from "node:path";
import { estimateTable, learnDurationTable } from "../../src/tools/estimate-duration-table.ts";
import { pickRows, readCsv } from "./rows.ts";
import type { Measurement, Score } from "./score.ts";

/**
 * Issues that are over, by time of creation: the first 70 % train, the rest are estimated from what was known when they were created.
 * Mean |ln(1 + days) − ln(1 + P50)|, and the share within the 10–90 % range.
 */
export const measureDuration: Measurement = async (folder) => {
  const path = join(folder, "issues", "jira_issues.csv");
  if (!existsSync(path)) return undefined;
  const all = readCsv(path);
  const created = timesOf(all.column("created"));
  const resolved = timesOf(all.column("resolutiondate"));
  const order = [...created.keys()]
    .filter((i) => (resolved[i] ?? Number.NaN) > (created[i] ?? 0))
    .sort((a, b) => (created[a] ?? 0) - (created[b] ?? 0));
  const cut = Math.floor(0.7 * order.length);
  const days = order.map((i) => ((resolved[i] ?? 0) - (created[i] ?? 0)) / 86_400_000);
  const train = pickRows(all, order.slice(0, cut));
  const test = pickRows(all, order.slice(cut));
  const actual = days.slice(cut);
  const began = performance.now();
  const sorted = days.slice(0, cut).sort((a, b) => a - b);
  const median = sorted[Math.floor(cut / 2)] ?? 0;
  const plain = logError(
    actual,
    actual.map(() => median),
  );
  const plainMs = performance.now() - began;
  return SPLITS.flatMap((by): Score[] => {
    const start = performance.now();
    const estimates = estimateTable(learnDurationTable(train, { start: "created", end: "resolutiondate", by }), test);
    const ms = performance.now() - start;
    const error = logError(
      actual,
      estimates.map((e) => e.p50),
    );
    const inside = estimates.filter((e, i) => (actual[i] ?? 0) >= e.low && (actual[i] ?? 0) <= e.high).length / actual.length;
    const name = `issues by ${by.map((b) => b.replace(/_name$/, "")).join(", ")}`;
    return [
      {
        name,
        metric: "log-MAE",
        ours: error,
        better: "lower",
        naive: { who: "global median", value: plain },
        goal: 1.33,
        note: `${ms.toFixed(0)} ms; the median ${plainMs.toFixed(1)} ms`,
      },
      { name, metric: "coverage of 80 %", ours: inside, note: "goal .78–.82" },
    ];
  });
};

/** What is known when an issue is created. */
const SPLITS = [
  ["project_name", "issue_name"],
  ["repo_name", "project_name", "issue_name"],
  ["repo_name", "issue_name", "timeestimate"],
  ["repo_name", "issue_name", "timeestimate", "duedate"],
];

function timesOf(cells: readonly (string | null)[]): number[] {
  return cells.map((cell) => (cell === null ? Number.NaN : Date.parse(cell.replace("+0000", "Z"))));
}

function logError(actual: readonly number[], said: readonly number[]): number {
  return actual.reduce((sum, days, i) => sum + Math.abs(Math.log1p(days) - Math.log1p(said[i] ?? 0)), 0) / actual.length;
}
