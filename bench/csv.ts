import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Bill, writeBill } from "./bill.ts";
import { runChild } from "./processes.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";

/** P12: a bill of a million lines as CSV → Pareto, beside DuckDB's own reading of the same file. Fresh processes. */

const LINES = 1_000_000;
const PEER = "DuckDB read_csv";

interface Answers {
  firstMs: number;
  againMs: number;
  service: [string, number][];
  sub_account: [string, number][];
}

export async function measureCsv(folder: string, rounds: number): Promise<Row[]> {
  const place = join(folder, "csv");
  await mkdir(place, { recursive: true });
  const path = join(place, "bill.csv");
  const bill = writeBill(path, LINES);
  const ask = async (script: string) => {
    const answers = await runChild<Answers>(script, [path], folder);
    check(answers, bill, script);
    return answers;
  };
  // Fills the compile cache and the system's file cache.
  await ask("csv-ours");
  await ask("csv-duckdb");
  const ours: Answers[] = [];
  const peer: Answers[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await ask("csv-ours"));
    peer.push(await ask("csv-duckdb"));
  }
  const size = `${Math.round(bill.bytes / 1_000_000)} MB`;
  return [
    rowOf({
      id: "P12",
      what: `a million lines of CSV (${size}) → Pareto, first question`,
      unit: "ms",
      ours: ours.map((a) => a.firstMs),
      peer: { name: PEER, values: peer.map((a) => a.firstMs) },
      goal: 250,
    }),
    rowOf({
      id: "P12",
      what: "… another question to the same file",
      unit: "ms",
      ours: ours.map((a) => a.againMs),
      peer: { name: PEER, values: peer.map((a) => a.againMs) },
      goal: 250,
      ratioGoal: 2,
    }),
  ];
}

/** Every sum is the one the file was written with. Doubles over a million amounts are good for nine digits and more. */
function check(answers: Answers, { sums }: Bill, who: string): void {
  for (const dimension of ["service", "sub_account"] as const) {
    const found = new Map(answers[dimension]);
    if (found.size !== sums[dimension].size) throw new WrongAnswer(`${who}: ${found.size} values of ${dimension}`);
    for (const [name, sum] of sums[dimension]) {
      const value = found.get(name) ?? Number.NaN;
      if (!(Math.abs(value - sum) <= 1e-9 * sum)) throw new WrongAnswer(`${who}: ${name} is ${value}, not ${sum}`);
    }
  }
}
