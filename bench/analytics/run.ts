import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { measurements } from "./list.ts";
import type { Score } from "./score.ts";

/** `npm run bench:analytics -- --data FOLDER [NAME …]`: each score beside the published and the plainest figure. */
const { values, positionals } = parseArgs({ options: { data: { type: "string" } }, allowPositionals: true });
const folder = resolve(values.data ?? "data/public");
if (!existsSync(folder)) {
  console.error(`There is no folder ${folder}. Name the one with the public data: npm run bench:analytics -- --data FOLDER`);
  process.exit(2);
}

for (const [name, measure] of Object.entries(measurements)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const scores = await measure(folder);
  console.log(`\n${name}`);
  if (!scores) console.log("  skipped: its data is not in the folder");
  else for (const score of scores) console.log(`  ${line(score)}`);
}

function line({ name, metric, ours, better, published, naive, goal, note }: Score): string {
  const met =
    goal === undefined
      ? ""
      : (better === "lower" ? ours <= goal : ours >= goal)
        ? ` (goal ${show(goal)}: met)`
        : ` (goal ${show(goal)}: MISSED)`;
  const beside = [published && `${published.who} ${show(published.value)}`, naive && `${naive.who} ${show(naive.value)}`].filter(Boolean);
  return `${`${name}, ${metric}`.padEnd(52)} ${show(ours).padStart(9)}${met}${beside.length ? `  beside ${beside.join(", ")}` : ""}${note ? `  ${note}` : ""}`;
}

function show(value: number): string {
  return Math.abs(value) >= 1_000 ? value.toFixed(1) : value.toPrecision(4);
}
