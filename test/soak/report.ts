import type { Row } from "./target.ts";

export interface Report {
  machine: string;
  node: string;
  rows: readonly Row[];
}

/** The rows of an earlier report, with those that were tried again in their places. The order is that of `trials`; what is no trial any more is left out. */
export function mergeRows(earlier: readonly Row[], again: readonly Row[], trials: readonly { id: string; test: string }[]): Row[] {
  const find = (rows: readonly Row[], { id, test }: { id: string; test: string }) => rows.find((row) => row.id === id && row.test === test);
  return trials.flatMap((trial) => find(again, trial) ?? find(earlier, trial) ?? []);
}

/** One table for people; the same as JSON is for machines. */
export function reportText({ machine, node, rows }: Report): string {
  const lines = rows.map(
    (row) =>
      `| ${[row.id, row.test, row.good, row.figure, row.passed ? "yes" : "**no**", `${row.control} (${row.controlFailed ? "fails, as it must" : "**passes: the trial proves nothing**"})`, `${row.seconds} s`, `${row.slower.toFixed(1)} ×`, `${row.at.slice(0, 10)}, ${row.share === 1 ? "whole" : `${row.share * 100}%`}`].map(cell).join(" | ")} |`,
  );
  return `# Targets under load and faults

Written by \`npm run soak\`; the same as [JSON](soak-report.json). ${machine}, Node ${node}. The last column says when, and how much of the counts that a trial names (what was tried stands under “seen”); \`npm run soak -- L3\` tries one again and keeps the others. Limits in ms and s were set on a machine on which bare Node starts in 20 ms; they are multiplied by how many times as long it took here when the trial began (the column before it). Counts, ratios and memory are not.

| id | trial | good | seen | good? | control | took | slower | tried |
|---|---|---|---|---|---|---|---|---|
${lines.join("\n")}
`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
