import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Anchor } from "./anchors.ts";
import { figure, type Row } from "./report.ts";

/** What was measured last of each part, kept beside the code: the tables in the documents are made of it. */
export interface Part {
  /** ISO day. */
  day: string;
  node: string;
  rounds: number;
  /** Milliseconds in which bare Node started in that run. */
  bareMs: number;
  rows: readonly Row[];
}

export type Figures = Readonly<Record<string, Part>>;

const FILE = fileURLToPath(new URL("./figures.json", import.meta.url));

export function readFigures(): Figures {
  return JSON.parse(readFileSync(FILE, "utf8")) as Figures;
}

/** Takes the parts of this run in place of their older ones. */
export function publish(run: { rounds: number; anchors: readonly Anchor[]; parts: Readonly<Record<string, readonly Row[]>> }): void {
  const about = {
    day: new Date().toISOString().slice(0, 10),
    node: process.version,
    rounds: run.rounds,
    bareMs: Math.round(run.anchors[0]?.value ?? 0),
  };
  const fresh = Object.fromEntries(Object.entries(run.parts).map(([part, rows]) => [part, { ...about, rows }]));
  writeFileSync(FILE, `${JSON.stringify({ ...readFigures(), ...fresh }, null, 2)}\n`);
}

/**
 * A document with the lines between its marks, `<!-- figures start -->` and `<!-- /figures -->`, made anew. The marks name parts, of which
 * only what has a peer is shown where anything has; or all, of which everything is.
 */
export function withFigures(text: string, figures: Figures): string {
  return text.replaceAll(/(<!-- figures ([\w -]+) -->\n)[\s\S]*?(<!-- \/figures -->)/g, (_, begin: string, names: string, end: string) => {
    const parts = names === "all" ? Object.values(figures) : names.split(" ").flatMap((name) => telling(figures[name]));
    return `${begin}${tableOf(parts)}${end}`;
  });
}

function telling(part: Part | undefined): Part[] {
  if (!part) return [];
  const compared = part.rows.filter(({ peer }) => peer);
  return [{ ...part, rows: compared.length > 0 ? compared : part.rows }];
}

function tableOf(parts: readonly Part[]): string {
  const lines = parts.flatMap(({ rows, day, bareMs }) => rows.map((row) => `| ${cellsOf(row).join(" | ")} | ${day}, ${bareMs} ms |`));
  return `| | what | ours | beside | ratio (range) | goal | measured, with bare Node starting in |\n|---|---|---|---|---|---|---|\n${lines.join("\n")}\n`;
}

function cellsOf({ id, what, unit, ours, peer, ratio, ratioGoal }: Row): string[] {
  return [
    id,
    what,
    `${figure(ours.median)} ${unit}`,
    peer ? `${figure(peer.median)} ${unit}, ${peer.name}` : "",
    ratio ? `${figure(ratio.median)} × (${figure(ratio.low)}-${figure(ratio.high)})` : "",
    ratioGoal === undefined ? "" : `≤ ${ratioGoal} ×`,
  ];
}
