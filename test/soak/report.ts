import type { Row } from "./target.ts";

export interface Report {
  /** ISO instant. */
  at: string;
  machine: string;
  node: string;
  share: number;
  rows: readonly Row[];
}

/** One table for people; the same as JSON is for machines. */
export function reportText({ at, machine, node, share, rows }: Report): string {
  const lines = rows.map(
    (row) =>
      `| ${[row.id, row.test, row.good, row.figure, row.passed ? "yes" : "**no**", `${row.control} (${row.controlFailed ? "fails, as it must" : "**passes: the trial proves nothing**"})`, `${row.seconds} s`, `${row.slower.toFixed(1)} ×`].map(cell).join(" | ")} |`,
  );
  const scale =
    share === 1
      ? "The whole trial"
      : `A slice, of ${Math.round(share * 100)}% or less of the counts that the trials name (what was tried stands under “seen”)`;
  return `# Targets under load and faults

Written by \`npm run soak\`; the same as [JSON](soak-report.json). ${scale}, on ${at.slice(0, 10)}, ${machine}, Node ${node}. Limits in ms and s were set on a machine on which bare Node starts in 20 ms; they are multiplied by how many times as long it took here when the trial began (the last column). Counts, ratios and memory are not.

| id | trial | good | seen | good? | control | took | slower |
|---|---|---|---|---|---|---|---|
${lines.join("\n")}
`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
