import { timed } from "../statistics.ts";

/** The same two questions in DuckDB's own words: it finds out the columns and their types by itself. Two threads, like ours. */
const path = (process.argv[2] ?? "").replaceAll("'", "''");

const opened = await timed(async () => {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  return (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
});
const connection = opened.result;

async function rank(column: string): Promise<[string, number][]> {
  const sql = `SELECT ${column} AS label, sum(BilledCost)::DOUBLE AS value FROM read_csv('${path}') GROUP BY 1 ORDER BY 2 DESC`;
  const result = await connection.runAndReadAll(sql);
  return result.getRowObjectsJS().map(({ label, value }) => [String(label), Number(value)]);
}

const first = await timed(() => rank("ServiceName"));
const again = await timed(() => rank("SubAccountName"));
connection.closeSync();
process.stdout.write(
  JSON.stringify({ firstMs: opened.ms + first.ms, againMs: again.ms, service: first.result, sub_account: again.result }),
);
