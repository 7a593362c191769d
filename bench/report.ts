import { ratioOf, type Spread, spreadOf } from "./statistics.ts";

/** One line of the table: ours beside a peer measured in the same run. */
export interface Row {
  id: string;
  what: string;
  unit: "ms" | "MB" | "kB";
  ours: Spread;
  peer?: { name: string } & Spread;
  /** Ours divided by the peer's, round by round. */
  ratio?: Spread;
  /** In the row's unit. Holds on a machine like that of the anchors; missing it is said, and fails nothing. */
  goal?: number;
  /** What the ratio may be. The run fails when the median is half as much again. */
  ratioGoal?: number;
}

export interface Measured {
  id: string;
  what: string;
  unit: Row["unit"];
  /** One value a round. */
  ours: readonly number[];
  peer?: { name: string; values: readonly number[] };
  goal?: number;
  ratioGoal?: number;
}

/** An answer that is wrong makes its time worthless: the run ends. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";
}

const WIDE = 1.5;

export function rowOf({ ours, peer, ...rest }: Measured): Row {
  if (!peer) return { ...rest, ours: spreadOf(ours) };
  return { ...rest, ours: spreadOf(ours), peer: { name: peer.name, ...spreadOf(peer.values) }, ratio: ratioOf(ours, peer.values) };
}

export function failsWidely({ ratio, ratioGoal }: Row): boolean {
  return ratio !== undefined && ratioGoal !== undefined && ratio.median > WIDE * ratioGoal;
}

/** The rows as a table of plain text. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.id,
    row.what,
    spreadText(row.ours, row.unit),
    row.peer ? `${figure(row.peer.median)} ${row.peer.name}` : "",
    row.ratio ? `${figure(row.ratio.median)}x (${figure(row.ratio.low)}-${figure(row.ratio.high)})` : "",
    row.ratioGoal === undefined ? "" : `≤ ${row.ratioGoal}x ${failsWidely(row) ? "FAILED" : within(row.ratio?.median, row.ratioGoal)}`,
    row.goal === undefined ? "" : `≤ ${row.goal} ${row.unit} ${within(row.ours.median, row.goal)}`,
  ]);
  const lines = [["", "what", "ours (range)", "peer", "ratio (range)", "ratio goal", "goal"], ...cells];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function within(value = Number.NaN, limit: number): string {
  return value <= limit ? "met" : "missed";
}

function spreadText({ median, low, high }: Spread, unit: string): string {
  return low === high ? `${figure(median)} ${unit}` : `${figure(median)} ${unit} (${figure(low)}-${figure(high)})`;
}

/** Three digits are all that repeats. */
export function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}
