import { basename } from "node:path";
import { formatPercent } from "../../core/format.ts";
import { listWords } from "../../core/text.ts";
import { forecastTable } from "../../tools/forecast-table.ts";
import type { Analysis } from "./analysis.ts";
import { mustExist, needed, textOf, wholeNumber } from "./values.ts";
import { checkOutput, writeRows } from "./write-rows.ts";

const MOST_STEPS = 1_000;
const COLUMNS = ["id", "step", "mean", "lo80", "hi80", "lo95", "hi95"];
/** Lines of progress for a long file. */
const REPORTS = 20;
const LONG = 200;

export const forecastAnalysis: Analysis = {
  name: "forecast",
  usage: "--in FILE --value COLUMN --horizon STEPS [--time COLUMN] [--series COLUMN] [--period STEPS] [--out FILE.csv|FILE.json]",
  summary: "Forecast a column with intervals that are checked on its own past",
  details: [
    "--value    column with the values",
    "--horizon  how many steps ahead",
    "--time     column with the times; without it the rows are taken in order",
    "--series   column that tells several series apart",
    "--period   steps in a season; recognised from the times or the data when it is left out or 1",
    "--out      write id, step, mean, lo80, hi80, lo95, hi95 as CSV or JSON, by the ending of the name",
  ],
  options: {
    in: { type: "string" },
    value: { type: "string" },
    time: { type: "string" },
    series: { type: "string" },
    horizon: { type: "string" },
    period: { type: "string" },
    out: { type: "string" },
  },
  async run(values, files, world) {
    const { in: file, value } = needed(values, ["in", "value", "horizon"]);
    const horizon = wholeNumber(values, "horizon", { from: 1, to: MOST_STEPS }) ?? 1;
    const period = wholeNumber(values, "period", { from: 1, to: MOST_STEPS });
    const out = textOf(values, "out");
    checkOutput(out);
    await mustExist(file);
    const table = await files.readTable(file, world.stop);
    const name = basename(file).replace(/\.[^.]+$/, "");
    const question = { value, time: textOf(values, "time"), series: textOf(values, "series"), horizon, period, name };
    const found = await forecastTable(table, question, world.stop, (done, of) => {
      if (of >= LONG && done % Math.ceil(of / REPORTS) === 0) world.err(`${done} of ${of} series`);
    });
    for (const note of found.notes) world.err(note);
    if (out)
      world.err(
        await writeRows(
          out,
          COLUMNS,
          found.rows.map((row) => ({ ...row })),
        ),
      );
    const seasons = found.seasons.length > 0 ? `seasons of ${listWords(found.seasons.map(String))} steps` : "no season";
    const missed =
      found.error === undefined
        ? ""
        : ` On ${found.series > 1 ? "the past of the middle series" : "its own past"} this method missed by ${formatPercent(found.error)} a step.`;
    world.out(`Forecast ${found.series} series, ${horizon} ${horizon === 1 ? "step" : "steps"} ahead, with ${seasons}.${missed}`);
    if (!out) for (const row of found.rows.slice(0, MOST_PRINTED)) world.out(rowWords(row));
    return 0;
  },
};

const MOST_PRINTED = 100;

function rowWords({
  id,
  step,
  mean,
  lo80,
  hi80,
  lo95,
  hi95,
}: Record<"step" | "mean" | "lo80" | "hi80" | "lo95" | "hi95", number> & { id: string }): string {
  const number = (value: number) => `${Number(value.toPrecision(6))}`;
  return `${id} +${step}: ${number(mean)} (80 %: ${number(lo80)} to ${number(hi80)}, 95 %: ${number(lo95)} to ${number(hi95)})`;
}
