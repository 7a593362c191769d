import { seededRandom } from "../../kit/random.ts";
import { toCsv } from "./world.ts";

/**
 * One invented table with everything that is hard: days over a leap day, a year's turn and time zones, names that look like SQL
 * or read right to left, two currencies, credits, and gaps in every column but the time.
 */
export interface LedgerRow {
  /** ISO 8601, with or without a time and an offset. */
  at: string;
  team: string | null;
  'say "what" now': string | null;
  region: string | null;
  amount: number | null;
  hours: number | null;
  currency: string;
}

export const LEDGER_COLUMNS = ["at", "team", 'say "what" now', "region", "amount", "hours", "currency"] as const;

export const TEAMS = [
  "Platform",
  "'; DROP TABLE ledger; --",
  'Robert "Bobby", Tables',
  "🚢 Schiff",
  "فريق السحابة",
  "two\nlines",
  "100 % \\ sure",
  "a;b|c\td",
  null,
];
const SAYINGS = ["yes", "no", "NULL-ish", null];
const REGIONS = ["eu-west-1", "us-east-1", "ap-southeast-2", null];

export const LEDGER: readonly LedgerRow[] = makeLedger(900);

function makeLedger(size: number): LedgerRow[] {
  const random = seededRandom(7);
  const one = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  return Array.from({ length: size }, (_, i) => {
    const instant = new Date(Date.UTC(2024, 1, 26) + Math.floor(random() * 340 * 24 * 60) * 60_000);
    const iso = instant.toISOString();
    const ahead = new Date(instant.getTime() + 2 * 3_600_000).toISOString();
    const at = [iso.slice(0, 10), iso, `${iso.slice(0, 19)}Z`, `${ahead.slice(0, 19)}+02:00`, iso.slice(0, 19).replace("T", " ")][i % 5];
    return {
      at: at ?? iso,
      team: one(TEAMS),
      'say "what" now': one(SAYINGS),
      region: one(REGIONS),
      amount: random() < 0.04 ? null : Math.round((random() * 1100 - 100) * 100) / 100,
      hours: random() < 0.1 ? null : Math.round(random() * 40) / 4,
      currency: i % 4 === 0 ? "EUR" : "USD",
    };
  });
}

export function ledgerCsv(delimiter = ",", newline = "\n"): string {
  return toCsv([LEDGER_COLUMNS, ...LEDGER.map((row) => LEDGER_COLUMNS.map((column) => row[column]))], delimiter, newline);
}

/** What describes it, whatever holds it: `source` is a line of YAML. */
export function ledgerYaml(name: string, source: string): string {
  return `
  - name: ${name}
    ${source}
    time: at
    measures:
      - { name: amount, unit: currency, currency_column: currency }
      - { name: hours, unit: count }
    dimensions: [team, { name: saying, column: 'say "what" now' }, region]
`;
}

/** The UTC day, worked out here and not by any database. */
export function dayOf(row: LedgerRow): string {
  const text = row.at.includes(" ") ? `${row.at.replace(" ", "T")}Z` : row.at;
  return new Date(text).toISOString().slice(0, 10);
}

export interface LedgerQuestion {
  measure: "amount" | "hours";
  by?: readonly ("team" | "saying" | "region")[];
  filter?: Readonly<Partial<Record<"team" | "saying" | "region", readonly string[]>>>;
  period?: { from: string; to: string };
  /** The first day of the bucket of a day. */
  bucket?: (day: string) => string;
}

const COLUMN = { team: "team", saying: 'say "what" now', region: "region" } as const;

/** Sums in whole cents: "bucket | unit | values" → amount. */
export function ledgerTruth(question: LedgerQuestion): Map<string, number> {
  const cents = new Map<string, number>();
  for (const row of LEDGER) {
    const value = row[question.measure];
    const day = dayOf(row);
    const label = (dimension: keyof typeof COLUMN) => row[COLUMN[dimension]] ?? "(not set)";
    if (value === null || (question.period && (day < question.period.from || day > question.period.to))) continue;
    if (!Object.entries(question.filter ?? {}).every(([d, values]) => values.includes(label(d as keyof typeof COLUMN)))) continue;
    const unit = question.measure === "amount" ? row.currency : "count";
    const key = [question.bucket?.(day) ?? "", unit, ...(question.by ?? []).map(label)].join(" | ");
    cents.set(key, (cents.get(key) ?? 0) + Math.round(value * 100));
  }
  return new Map([...cents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, sum]) => [key, sum / 100]));
}
