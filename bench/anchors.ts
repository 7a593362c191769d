import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { residentMegabytes, startBareNode } from "./processes.ts";
import { median, timed } from "./statistics.ts";

/** What this machine can do at all. The goals in milliseconds hold on one like the reference; elsewhere the ratios count. */
export interface Anchor {
  what: string;
  value: number;
  unit: string;
  /** On the machine the goals were set on. */
  reference: number;
  /** How much worse than the reference; below 1 is better. */
  worse: number;
}

const RUNS = 5;
const APPENDS = 500;
const PARSES = 20_000;

export async function measureAnchors(folder: string): Promise<Anchor[]> {
  const starts: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const bare = await startBareNode();
    starts.push(bare.readyMs);
    memory.push(residentMegabytes(bare.pid));
    await bare.stop();
  }
  const appends = await appendsPerSecond(join(folder, "appends"));
  const parse = await parseMicroseconds();
  return [
    anchor("bare Node, to its first line", median(starts), "ms", 20, "less"),
    anchor("bare Node, memory", median(memory), "MB", 44, "less"),
    anchor("append 1 kB and fdatasync", appends, "per s", 5_700, "more"),
    anchor("JSON.parse of 1 kB", parse, "µs", 1.3, "less"),
  ];
}

function anchor(what: string, value: number, unit: string, reference: number, better: "less" | "more"): Anchor {
  return { what, value, unit, reference, worse: better === "less" ? value / reference : reference / value };
}

async function appendsPerSecond(path: string): Promise<number> {
  const file = openSync(path, "w");
  const line = Buffer.alloc(1024, "x");
  const { ms } = await timed(() => {
    for (let i = 0; i < APPENDS; i++) {
      writeSync(file, line);
      fdatasyncSync(file);
    }
  });
  closeSync(file);
  return (APPENDS * 1000) / ms;
}

async function parseMicroseconds(): Promise<number> {
  const calls = Array.from({ length: 4 }, (_, i) => ({ tool: "get_costs", by: "service", tokens: 800 + i, tags: ["cost", "month"] }));
  const text = JSON.stringify({ id: "event-1", timestamp: "2026-11-21T09:00:00Z", type: "response", calls, content: "word ".repeat(125) });
  const parse = () => {
    for (let i = 0; i < PARSES; i++) JSON.parse(text);
  };
  parse();
  return ((await timed(parse)).ms * 1000) / PARSES;
}

export function anchorsText(anchors: readonly Anchor[]): string {
  const lines = anchors.map(
    ({ what, value, unit, reference, worse }) =>
      `  ${what.padEnd(30)} ${(value >= 100 ? value.toFixed(0) : value.toPrecision(3)).padStart(6)} ${unit.padEnd(6)} (reference ${reference}${worse > 1.5 ? `; ${worse.toFixed(1)}x worse: judge by the ratios` : ""})`,
  );
  return `This machine:\n${lines.join("\n")}`;
}
