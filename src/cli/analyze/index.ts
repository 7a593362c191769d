import { readArguments } from "../arguments.ts";
import { type Command, WrongUse } from "../command.ts";
import type { Analysis, AnalysisFiles } from "./analysis.ts";
import { anomaliesAnalysis } from "./anomalies.ts";
import { churnAnalysis } from "./churn.ts";
import { durationAnalysis } from "./duration.ts";
import { explainAnalysis } from "./explain.ts";
import { forecastAnalysis } from "./forecast.ts";
import { paretoAnalysis } from "./pareto.ts";

/** Every analysis there is. Adding one is a file and a line here. */
export const analyses: readonly Analysis[] = [
  paretoAnalysis,
  explainAnalysis,
  forecastAnalysis,
  anomaliesAnalysis,
  churnAnalysis,
  durationAnalysis,
];

/** Analyses of a file, with no settings and no database. */
export function analyze(files: AnalysisFiles): Command {
  return {
    name: "analyze",
    usage: `${analyses.map((a) => a.name).join("|")} --in FILE …`,
    summary: "Analyse a CSV, Parquet or JSON file",
    details: analyses.flatMap((a) => ["", `${a.name} ${a.usage}`, `  ${a.summary}`, ...a.details.map((line) => `  ${line}`)]),
    async run([name, ...rest], world) {
      const analysis = analyses.find((a) => a.name === name);
      if (!analysis)
        throw new WrongUse(
          `${name === undefined ? "Say which analysis." : `There is no analysis “${name}”.`} There is ${analyses.map((a) => a.name).join(", ")}.`,
        );
      const { values, positionals } = readArguments(rest, analysis.options);
      if (positionals.length > 0) throw new WrongUse(`“${positionals[0]}” stands alone. Each value needs its option before it.`);
      return analysis.run(values as Record<string, string | boolean | undefined>, files, world);
    },
  };
}
