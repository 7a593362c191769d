import { auc } from "../../src/analytics/churn/auc.ts";
import type { Fact } from "../../src/core/fact.ts";
import type { Feed } from "../../src/core/feed.ts";
import type { Table } from "../../src/core/table.ts";
import { UserError } from "../../src/errors.ts";
import { fixtureFeed } from "../kit/fixture-feed.ts";
import { seededRandom } from "../kit/random.ts";

export function tableOf(cells: Readonly<Record<string, readonly (string | null)[]>>): Table {
  const columns = Object.keys(cells);
  const column = (name: string) => {
    const found = cells[name];
    if (!found) throw new UserError(`There is no column “${name}”.`);
    return found;
  };
  return {
    columns,
    length: cells[columns[0] ?? ""]?.length ?? 0,
    column,
    numbers: (name) => ({ values: Float64Array.from(column(name), (c) => (c ? Number(c) : Number.NaN)), empty: 0, bad: 0 }),
  };
}

/** Customers who leave by a law: monthly plans and the new ones more, those with tickets more. `truth`: the AUC of the law itself. */
export function customers(n: number, seed: number): { table: Table; truth: number } {
  const random = seededRandom(seed);
  const cells: Record<string, string[]> = { customer: [], tenure: [], plan: [], tickets: [], charges: [], churned: [] };
  const odds: number[] = [];
  for (let i = 0; i < n; i++) {
    const tenure = 1 + Math.floor(random() ** 1.5 * 60);
    const plan = random() < 0.5 ? "monthly" : random() < 0.5 ? "yearly" : "two years";
    const tickets = Math.floor(random() * 5);
    const law = 0.4 + (plan === "monthly" ? 1.2 : -1) - 0.05 * tenure + 0.35 * tickets;
    odds.push(law);
    cells.customer?.push(`C-${1000 + i}`);
    cells.tenure?.push(String(tenure));
    cells.plan?.push(plan);
    cells.tickets?.push(String(tickets));
    cells.charges?.push((20 + 60 * random()).toFixed(2));
    cells.churned?.push(random() < 1 / (1 + Math.exp(-law)) ? "yes" : "no");
  }
  const labels = (cells.churned ?? []).map((c) => (c === "yes" ? 1 : 0));
  return { table: tableOf(cells), truth: auc(labels, odds) };
}

/** The same as a feed: measures tenure, tickets, charges; the rest are dimensions. */
export function customerFeed(n = 600, change: (row: Record<string, string>, i: number) => Record<string, string> = (row) => row): Feed {
  const { table } = customers(n, 21);
  const measures = [
    { name: "tenure", unit: "months" },
    { name: "tickets", unit: "count" },
    { name: "charges", unit: "EUR" },
  ];
  const facts = Array.from({ length: table.length }, (_, i): Fact[] => {
    const labels = change({ customer: cell(table, "customer", i), plan: cell(table, "plan", i), churned: cell(table, "churned", i) }, i);
    return measures.map(({ name, unit }) => ({
      at: new Date("2026-10-01T00:00:00Z"),
      measure: name,
      unit,
      value: Number(cell(table, name, i)),
      labels,
    }));
  }).flat();
  return fixtureFeed({ name: "crm", kind: "customers", measures, dimensions: ["customer", "plan", "churned"], facts });
}

function cell(table: Table, name: string, i: number): string {
  return table.column(name)[i] ?? "";
}
