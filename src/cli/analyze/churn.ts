import { formatNumber, formatPercent } from "../../core/format.ts";
import { type Learnt, learnOutcome, overallReasons, qualityWords, scoreTable, sureness, triedOn } from "../../tools/churn-risk-table.ts";
import type { Analysis } from "./analysis.ts";
import { listOf, mustExist, needed, textOf } from "./values.ts";
import { checkOutput, writeRows } from "./write-rows.ts";

const COLUMNS = ["id", "probability", "reasons"];
const LONG = 20_000;

export const churnAnalysis: Analysis = {
  name: "churn",
  usage:
    "--train FILE --score FILE --id COLUMN --label COLUMN [--positive VALUE] [--time COLUMN] [--without COLUMN,…] [--keep COLUMN,…] [--out FILE.csv|FILE.json]",
  summary: "Learn an outcome such as churn from past rows, and score other rows with a probability and reasons",
  details: [
    "--train     rows whose outcome is known",
    "--score     rows to give a probability; they need the same columns, the label aside",
    "--id        column that names a row; nothing is learnt from it",
    "--label     column with the outcome: yes/no, true/false, 1/0, Churned",
    "--positive  value of the label that is the outcome, where that is not plain",
    "--time      column of times: measures the quality forward in time",
    "--without   columns to leave out",
    "--keep      columns to use although they seem to give the outcome away",
    "--out       write id, probability, reasons as CSV or JSON, by the ending of the name",
  ],
  options: {
    train: { type: "string" },
    score: { type: "string" },
    id: { type: "string" },
    label: { type: "string" },
    positive: { type: "string" },
    time: { type: "string" },
    without: { type: "string" },
    keep: { type: "string" },
    out: { type: "string" },
  },
  async run(values, files, world) {
    const { train, score, id, label } = needed(values, ["train", "score", "id", "label"]);
    const [positive, time, out] = [textOf(values, "positive"), textOf(values, "time"), textOf(values, "out")];
    checkOutput(out);
    await mustExist(train);
    await mustExist(score);
    const table = await files.readTable(train, world.stop);
    const rows = await files.readTable(score, world.stop);
    const ids = rows.column(id);
    const progress = progressOf(world, rows.length);
    const learnt = await learnOutcome(
      table,
      {
        label,
        id,
        ...(positive ? { positive } : {}),
        ...(time ? { time } : {}),
        keep: listOf(values, "keep"),
        without: listOf(values, "without"),
      },
      progress("learning"),
    );
    for (const line of warnings(learnt)) world.err(line);
    const { probabilities, reasons } = await scoreTable(learnt, rows, progress("scoring"));
    if (out)
      world.err(
        await writeRows(
          out,
          COLUMNS,
          ids.map((name, i) => ({ id: name, probability: probabilities[i] ?? null, reasons: (reasons[i] ?? []).join("; ") })),
        ),
      );
    world.out(summary(learnt, label, probabilities));
    const tried = triedOn(learnt, rows, label, probabilities);
    if (tried) world.out(tried);
    return 0;
  },
};

/** Quarters of each part on the error stream; of scoring only where it takes its time. */
function progressOf(world: Parameters<Analysis["run"]>[2], rows: number) {
  return (what: "learning" | "scoring") => {
    let said = 0;
    return async (done: number) => {
      world.stop.throwIfAborted();
      const percent = Math.floor(done * 4) * 25;
      if (percent > said && (what === "learning" || rows > LONG)) world.err(`${what}: ${percent}%`);
      said = Math.max(said, percent);
    };
  };
}

function warnings({ refused, ignored, notes }: Learnt): string[] {
  return [
    ...refused.map(({ name, why }) => `Not used: “${name}” ${why}. If it was known beforehand, allow it with --keep "${name}".`),
    ...ignored.map(({ name, why }) => `Not used: “${name}” ${why}.`),
    ...notes,
  ];
}

function summary(learnt: Learnt, label: string, probabilities: Float64Array): string {
  const { quality } = learnt.model;
  const mean = probabilities.reduce((sum, p) => sum + p, 0) / Math.max(1, probabilities.length);
  return [
    `Learnt “${label}” = ${learnt.positive} from ${formatNumber(quality.rows)} rows, ${formatPercent(quality.positives / quality.rows)} of them so.`,
    qualityWords(quality),
    sureness(quality),
    `Scored ${formatNumber(probabilities.length)} rows: ${formatNumber(Math.round(probabilities.reduce((sum, p) => sum + p, 0)))} expected, ${formatPercent(mean)} on average.`,
    "What goes with it (association, not cause):",
    ...overallReasons(learnt).map((line) => `  ${line}`),
  ].join("\n");
}
