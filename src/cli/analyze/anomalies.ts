import { isCivilDate } from "../../core/civil-date.ts";
import { formatNumber } from "../../core/format.ts";
import type { Table } from "../../core/table.ts";
import { cut, listWords } from "../../core/text.ts";
import { ANOMALY_METHODS, scoreTable, type TableAnswer } from "../../tools/find-anomalies-table.ts";
import { WrongUse } from "../command.ts";
import type { Analysis, AnalysisValues } from "./analysis.ts";
import { listOf, mustExist, needed, textOf } from "./values.ts";
import { checkOutput, type OutputRow, toCsv, writeRows, writeText, wroteRows } from "./write-rows.ts";

export const anomaliesAnalysis: Analysis = {
  name: "anomalies",
  usage:
    "--in FILE --time COLUMN --value COLUMN [--series COLUMN] [--streaming] [--method auto|zscore|iqr|seasonal] [--holidays DAY,…] [--out FILE.csv|FILE.json]",
  summary: "Score how anomalous each row of a series is: 0 to 1, an alarm from 0.5 on",
  details: [
    "--time       column with a day or a time (UTC)",
    "--value      column with the numbers",
    "--series     column that tells several series apart",
    "--streaming  judge each row by the rows before it only, as a live alarm would",
    "--method     auto (default), or one by name: zscore, iqr, seasonal",
    "--holidays   days such as 2026-12-25 that are compared with each other, in a daily series",
    "--out        write the rows with a column anomaly_score as CSV or JSON, by the ending of the name",
  ],
  options: {
    in: { type: "string" },
    time: { type: "string" },
    value: { type: "string" },
    series: { type: "string" },
    streaming: { type: "boolean" },
    method: { type: "string" },
    holidays: { type: "string" },
    out: { type: "string" },
  },
  async run(values, files, world) {
    const { in: file, time, value } = needed(values, ["in", "time", "value"]);
    const out = textOf(values, "out");
    const method = methodOf(values);
    const holidays = holidaysOf(values);
    checkOutput(out);
    await mustExist(file);
    const table = await files.readTable(file, world.stop);
    const series = textOf(values, "series");
    const answer = scoreTable(table, {
      time,
      value,
      series,
      method,
      streaming: values.streaming === true,
      ...(holidays.size > 0 ? { holidays } : {}),
      ...(table.length > LONG ? { onProgress: (rows) => world.err(`${formatNumber(rows)} of ${formatNumber(table.length)} rows`) } : {}),
    });
    for (const note of answer.notes) world.err(note);
    if (out) world.err(await writeScores(out, table, answer.scores));
    world.out(summaryOf(table, { time, value }, answer));
    return 0;
  },
};

const LONG = 250_000;
const SCORE = "anomaly_score";
const ROWS_AT_ONCE = 20_000;

function methodOf(values: AnalysisValues) {
  const name = textOf(values, "method") ?? "auto";
  const method = ANOMALY_METHODS.find((known) => known === name);
  if (!method) throw new WrongUse(`--method must be one of ${listWords(ANOMALY_METHODS)}.`);
  return method;
}

function holidaysOf(values: AnalysisValues): ReadonlySet<string> {
  const days = listOf(values, "holidays");
  const wrong = days.find((day) => !isCivilDate(day));
  if (wrong !== undefined) throw new WrongUse(`“${cut(wrong, 40)}” in --holidays is no day such as 2026-12-25.`);
  return new Set(days);
}

/** The rows as they were, with their scores in full: rounding would make different ones equal. */
async function writeScores(path: string, table: Table, scores: Float64Array): Promise<string> {
  const columns = [...table.columns.filter((name) => name !== SCORE), SCORE];
  const cells = table.columns.map((name) => table.column(name));
  const rowsFrom = (from: number, to: number): OutputRow[] =>
    Array.from({ length: to - from }, (_, i) => {
      const row: Record<string, string | number | null> = {};
      for (const [c, name] of table.columns.entries()) row[name] = asNumber(cells[c]?.[from + i] ?? null);
      const score = scores[from + i] ?? Number.NaN;
      row[SCORE] = Number.isNaN(score) ? null : score;
      return row;
    });
  if (/\.json$/i.test(path)) return writeRows(path, columns, rowsFrom(0, table.length));
  const parts: string[] = [];
  for (let from = 0; from < table.length; from += ROWS_AT_ONCE) {
    const text = toCsv(columns, rowsFrom(from, Math.min(table.length, from + ROWS_AT_ONCE)));
    parts.push(from === 0 ? text : text.slice(text.indexOf("\n") + 1));
  }
  await writeText(path, parts.join(""));
  return wroteRows(table.length, path);
}

/** A number below zero is no formula, which a text beginning so could be. */
function asNumber(cell: string | null): string | number | null {
  return cell !== null && /^-\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(cell) ? Number(cell) : cell;
}

const MOST_SHOWN = 10;

function summaryOf(table: Table, columns: { time: string; value: string }, { scores, series }: TableAnswer): string {
  const alarms = series.flatMap((s) => s.alarms.map((row) => ({ name: s.name, row })));
  const cadences = [...new Set(series.map((s) => s.cadence))];
  const lines = [
    `${formatNumber(table.length)} ${table.length === 1 ? "row" : "rows"}${series.length > 1 ? ` of ${formatNumber(series.length)} series` : ""}, ${listWords(cadences, 3)}: ${formatNumber(alarms.length)} ${alarms.length === 1 ? "alarm" : "alarms"}.`,
  ];
  const worst = alarms.toSorted((a, b) => (scores[b.row] ?? 0) - (scores[a.row] ?? 0)).slice(0, MOST_SHOWN);
  for (const { name, row } of worst) {
    const score = (scores[row] ?? 0).toFixed(3);
    lines.push(
      `  ${score}  ${table.column(columns.time)[row] ?? ""}${name ? `  ${cut(name, 40)}` : ""}  ${columns.value} ${table.column(columns.value)[row] ?? ""}`,
    );
  }
  if (alarms.length > worst.length) lines.push(`  … and ${formatNumber(alarms.length - worst.length)} more`);
  return lines.join("\n");
}
