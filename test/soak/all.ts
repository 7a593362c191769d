import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { startBareNode } from "../../bench/processes.ts";
import { median } from "../../bench/statistics.ts";
import { mergeRows, type Report, reportText } from "./report.ts";
import { judge, type Row, type Scale } from "./target.ts";
import { targets } from "./targets/index.ts";

/**
 * `npm run soak`: every target with its control, and a report of them in docs/; with ids (R1 L3 …) those alone, whose rows are replaced. `--share 0.05` tries a twentieth of the counts, `--out DIR`
 * writes elsewhere. Exit status 1 when one is not good, or a control passes.
 */
const REFERENCE_START_MS = 20;
const USAGE = "Usage: npm run soak -- [ID …] [--share 0.05] [--out DIR]";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { share: { type: "string", default: "1" }, out: { type: "string", default: "docs" } },
});
const wanted = targets.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
if (wanted.length === 0 || !(Number(values.share) > 0)) {
  process.stderr.write(`${USAGE}\nThere are ${[...new Set(targets.map(({ id }) => id))].join(", ")}.\n`);
  process.exit(2);
}

const rows: Row[] = [];
const earlier = wanted.length < targets.length ? rowsBefore() : [];
for (const target of wanted) {
  const scale: Scale = { share: Number(values.share), slower: await slower() };
  process.stderr.write(`${target.id}: ${target.test} …\n`);
  const row = await judge(target, scale);
  rows.push(row);
  process.stderr.write(
    `  ${row.passed ? "good" : "NOT GOOD"}: ${row.figure}\n  control ${row.controlFailed ? "fails" : "PASSES"}: ${row.control}\n`,
  );
  write(rows);
}
process.exit(rows.every(({ passed, controlFailed }) => passed && controlFailed) ? 0 : 1);

function write(some: readonly Row[]): void {
  const { model = "unknown processor" } = cpus()[0] ?? {};
  const report: Report = {
    machine: `${cpus().length} × ${model.trim()}, shared`,
    node: process.version,
    rows: mergeRows(earlier, some, targets),
  };
  mkdirSync(values.out, { recursive: true });
  writeFileSync(`${values.out}/soak-report.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${values.out}/soak-report.md`, reportText(report));
}

function rowsBefore(): readonly Row[] {
  const path = `${values.out}/soak-report.json`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Report).rows : [];
}

/** Anew for each target: others work on this machine too. */
async function slower(): Promise<number> {
  const starts: number[] = [];
  for (let i = 0; i < 5; i++) {
    const bare = await startBareNode();
    starts.push(bare.readyMs);
    await bare.stop();
  }
  return Math.max(1, median(starts) / REFERENCE_START_MS);
}
