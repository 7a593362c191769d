import { access, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { renderText } from "../channels/terminal/render.ts";
import type { Feed } from "../core/feed.ts";
import { UserError } from "../errors.ts";
import { pareto } from "../tools/pareto.ts";
import { readArguments } from "./arguments.ts";
import { type Command, WrongUse } from "./command.ts";

export interface AnalyzeOptions {
  /** One file as a feed, with the columns as its only dimension and measure. */
  openFile(
    path: string,
    columns: { by: string; measure: string; unit?: string; time?: string },
  ): Promise<{ feed: Feed; close(): Promise<void> }>;
}

/** Analyses of a file, with no settings and no database. */
export function analyze(options: AnalyzeOptions): Command {
  return {
    name: "analyze",
    usage: "pareto --in FILE --by COLUMN --measure COLUMN [--unit UNIT] [--out FILE.csv|FILE.json]",
    summary: "Analyse a CSV, Parquet or JSON file",
    details: [
      "--by       column to rank",
      "--measure  column with the amounts",
      "--unit     currency code or unit of the amounts",
      "--out      write the ranking as CSV or JSON, by the ending of the name",
    ],
    async run(args, world) {
      const { values, positionals } = readArguments(args, {
        in: { type: "string" },
        by: { type: "string" },
        measure: { type: "string" },
        unit: { type: "string" },
        out: { type: "string" },
      });
      if (positionals[0] !== "pareto") throw new WrongUse(`There is no analysis “${positionals[0] ?? ""}”. There is pareto.`);
      const { in: file, by, measure } = values;
      if (!file || !by || !measure) throw new WrongUse("--in, --by and --measure are needed.");
      if (values.out && !/\.(?:csv|json)$/i.test(values.out)) throw new WrongUse("--out must end in .csv or .json.");
      await access(file).catch(() => {
        throw new UserError(`There is no readable file at ${file}.`);
      });
      const { feed, close } = await options.openFile(file, { by, measure, ...(values.unit ? { unit: values.unit } : {}) });
      try {
        const user = { id: "local:cli", name: "command line", timeZone: "UTC", roles: ["viewer"] as const };
        const about = await feed.describe(world.stop, "names");
        const input = { dataset: feed.name, by: about.dimensions[0]?.name ?? by };
        const finding = await pareto.run(input, {
          user,
          audience: "direct",
          now: new Date(),
          signal: world.stop,
          feeds: [feed],
          tools: [pareto],
        });
        const data = finding.data as { items: { label: string; value: number; share: number; cumulativeShare: number; class: string }[] };
        if (values.out) {
          await writeFile(values.out, /\.json$/i.test(values.out) ? `${JSON.stringify(data, null, 2)}\n` : toCsv(by, measure, data.items));
          world.err(`Wrote ${data.items.length} rows to ${basename(values.out)}.`);
        }
        const [first, ...blocks] = finding.blocks;
        world.out(
          renderText(
            { text: first?.type === "markdown" ? first.text : "", blocks, receipts: finding.receipts, final: true },
            { receipts: true },
          ),
        );
        return 0;
      } finally {
        await close();
      }
    },
  };
}

function toCsv(
  by: string,
  measure: string,
  items: readonly { label: string; value: number; share: number; cumulativeShare: number; class: string }[],
): string {
  // A cell that begins so would be run as a formula, in quotes too.
  const defuse = (text: string) => (/^\s*[=+\-@＝＋－＠|\t\r\n]/.test(text) ? `'${text}` : text);
  const quote = (raw: string) => {
    const text = defuse(raw);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [
    [by, measure, "share", "cumulative_share", "class"].map(quote).join(","),
    ...items.map((i) => [quote(i.label), i.value, i.share, i.cumulativeShare, i.class].join(",")),
  ]
    .join("\n")
    .concat("\n");
}
