import { renderText } from "../../channels/terminal/render.ts";
import { refuseMixedCurrencies } from "../../tools/one-currency.ts";
import { pareto } from "../../tools/pareto.ts";
import type { Analysis } from "./analysis.ts";
import { mustExist, needed, textOf } from "./values.ts";
import { checkOutput, writeRows, writeText, wroteRows } from "./write-rows.ts";

interface ParetoData {
  items: { label: string; value: number; share: number; cumulativeShare: number; class: string }[];
}

export const paretoAnalysis: Analysis = {
  name: "pareto",
  usage: "--in FILE --by COLUMN --measure COLUMN [--unit UNIT] [--out FILE.csv|FILE.json]",
  summary: "Rank a column's values by what they add up to: the few that make most of it",
  details: [
    "--by       column to rank",
    "--measure  column with the amounts",
    "--unit     currency code or unit of the amounts",
    "--out      write the ranking as CSV or JSON, by the ending of the name",
  ],
  options: {
    in: { type: "string" },
    by: { type: "string" },
    measure: { type: "string" },
    unit: { type: "string" },
    out: { type: "string" },
  },
  async run(values, files, world) {
    const { in: file, by, measure } = needed(values, ["in", "by", "measure"]);
    const unit = textOf(values, "unit");
    const out = textOf(values, "out");
    checkOutput(out);
    await mustExist(file);
    refuseMixedCurrencies([await files.readTable(file, world.stop)]);
    const { feed, close } = await files.openFeed(file, { by, measure, ...(unit ? { unit } : {}) });
    try {
      const user = { id: "local:cli", name: "command line", timeZone: "UTC", roles: ["viewer"] as const };
      const about = await feed.describe(world.stop, "names");
      const input = { dataset: feed.name, by: about.dimensions[0]?.name ?? by };
      const context = { user, audience: "direct" as const, now: new Date(), signal: world.stop, feeds: [feed], tools: [pareto] };
      const finding = await pareto.run(input, context);
      const data = finding.data as ParetoData;
      if (out) world.err(await writeRanking(out, { by, measure }, data));
      const [first, ...blocks] = finding.blocks;
      const text = first?.type === "markdown" ? first.text : "";
      world.out(renderText({ text, blocks, receipts: finding.receipts, final: true }, { receipts: true }));
      return 0;
    } finally {
      await close();
    }
  },
};

async function writeRanking(path: string, { by, measure }: { by: string; measure: string }, data: ParetoData): Promise<string> {
  if (/\.json$/i.test(path)) {
    await writeText(path, `${JSON.stringify(data, null, 2)}\n`);
    return wroteRows(data.items.length, path);
  }
  const rows = data.items.map((i) => ({
    [by]: i.label,
    [measure]: i.value,
    share: i.share,
    cumulative_share: i.cumulativeShare,
    class: i.class,
  }));
  return writeRows(path, [by, measure, "share", "cumulative_share", "class"], rows);
}
