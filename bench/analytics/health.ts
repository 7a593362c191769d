import { existsSync } from "node:fs";
import { join } from "node:path";
import { chooseColumns } from "../../src/analytics/churn/columns.ts";
import { learnHealth } from "../../src/analytics/health/learn.ts";
import { readCsv } from "./rows.ts";
import type { Measurement } from "./score.ts";

/** Health of customers with weights learnt from outcomes, each score from four folds that did not see its customer. */
export const measureHealth: Measurement = async (folder) => {
  const path = join(folder, "customers", "telco_customers.csv");
  if (!existsSync(path)) return undefined;
  const table = readCsv(path);
  const { columns } = chooseColumns(table, "Churn", "customerID");
  const rows = Uint32Array.from({ length: table.length }, (_, i) => i);
  const kept = Float64Array.from(table.column("Churn"), (cell) => (cell === "Yes" ? 0 : 1));
  const { quality } = learnHealth(columns, rows, kept);
  if (!quality) return undefined;
  const shares = quality.bands.map(({ lost, n }) => lost / n);
  return [
    {
      name: "account health",
      metric: "AUC, 5 folds",
      ours: quality.auc,
      naive: { who: "five inputs by hand, equal weights", value: 0.825 },
      goal: 0.84,
    },
    {
      name: "account health",
      metric: "lost in red over lost in green",
      ours: (shares[0] ?? 0) / (shares[2] ?? 1),
      naive: { who: "by hand", value: 0.51 / 0.03 },
      note: `left: red ${percent(shares[0])}, amber ${percent(shares[1])}, green ${percent(shares[2])}; by hand 51, 18, 3 %`,
    },
  ];
};

function percent(share = 0): string {
  return `${(100 * share).toFixed(1)} %`;
}
