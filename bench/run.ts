import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { anchorsText, measureAnchors } from "./anchors.ts";
import { publish } from "./figures.ts";
import { failsWidely, type Row, tableOf, WrongAnswer } from "./report.ts";

/**
 * Times what was promised, each figure beside a peer measured in the same run, and checks the answers while it does.
 * Exit status: 0 good, 1 when an answer is wrong or a ratio is far beyond its goal, 2 wrong use.
 */

type Part = (folder: string, rounds: number) => Promise<Row[]>;

const PARTS: Readonly<Record<string, () => Promise<Part>>> = {
  start: async () => (await import("./start.ts")).measureStart,
  chart: async () => (await import("./chart.ts")).measureCharts,
  csv: async () => (await import("./csv.ts")).measureCsv,
  answer: async () => (await import("./answer.ts")).measureAnswers,
  agent: async () => (await import("./agent.ts")).measureAgent,
  knowledge: async () => (await import("./knowledge.ts")).measureKnowledge,
  ingest: async () => (await import("./ingest.ts")).measureIngest,
  "unit-costs": async () => (await import("./unit-costs.ts")).measureUnitCosts,
  "slack-burst": async () => (await import("./slack-burst.ts")).measureSlackBurst,
  "slack-overhead": async () => (await import("./slack-overhead.ts")).measureSlackOverhead,
};
const USAGE = `Usage: npm run bench -- [${Object.keys(PARTS).join("] [")}] [--rounds N] [--publish]\nWithout parts, all of them. Five rounds unless said otherwise. --publish keeps the figures for the documents (then: npm run docs).`;
const OUT = fileURLToPath(new URL("./out/latest.json", import.meta.url));

async function main(args: readonly string[]): Promise<number> {
  const asked = read(args);
  if (typeof asked === "string") {
    process.stderr.write(`${asked}\n`);
    return asked === USAGE ? 0 : 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "firstmate-bench-"));
  try {
    const anchors = await measureAnchors(folder);
    process.stdout.write(`${anchorsText(anchors)}\n`);
    const parts: Record<string, Row[]> = {};
    for (const name of asked.parts) {
      process.stderr.write(`measuring ${name} …\n`);
      const measure = await PARTS[name]?.();
      parts[name] = (await measure?.(folder, asked.rounds)) ?? [];
    }
    const rows = Object.values(parts).flat();
    if (asked.publish) publish({ rounds: asked.rounds, anchors, parts });
    process.stdout.write(`\nMedian of ${asked.rounds} rounds, and the range. Less is better.\n${tableOf(rows)}\n`);
    mkdirSync(join(OUT, ".."), { recursive: true });
    writeFileSync(OUT, `${JSON.stringify({ at: new Date(), node: process.version, rounds: asked.rounds, anchors, rows }, null, 2)}\n`);
    return rows.some(failsWidely) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    process.stderr.write(`Wrong answer: ${error.message}\n`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What to measure, or what to say instead. */
function read(args: readonly string[]): { parts: readonly string[]; rounds: number; publish: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rounds: { type: "string", default: "5" },
        publish: { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) return USAGE;
    const unknown = positionals.filter((name) => !(name in PARTS));
    if (unknown.length > 0) return `There is no part “${unknown[0]}”.\n${USAGE}`;
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) return `--rounds takes a whole number from 1 on.\n${USAGE}`;
    return { parts: positionals.length > 0 ? positionals : Object.keys(PARTS), rounds, publish: values.publish };
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n${USAGE}`;
  }
}

process.exitCode = await main(process.argv.slice(2));
