import type { Period } from "../../core/fact.ts";
import { formatMoney, formatNumber, formatPercent } from "../../core/format.ts";
import type { Cell, Column } from "../../core/reply.ts";
import { listWords } from "../../core/text.ts";
import { counted, said, when } from "../words.ts";

/** How the use of Claude Code is told: in a sentence, and in cells. */

export interface Usage {
  /** A person, or the first day of a step. */
  name: string;
  people: number;
  activeDays: number;
  sessions: number;
  linesAdded: number;
  linesRemoved: number;
  commits: number;
  pullRequests: number;
  /** Share of proposed edits that were taken; null when none was proposed. */
  acceptance: number | null;
  /** At list price, one for each currency. */
  costs: { amount: number; currency: string }[];
}

export function sentence(
  total: Usage,
  rows: readonly Usage[],
  period: Period,
  person: string | undefined,
  grain: string | undefined,
): string {
  const where = when(period);
  if (rows.length === 0) return `Nobody used Claude Code ${where}.`;
  const who = person
    ? said(rows.length === 1 && !grain ? (rows[0]?.name ?? person) : `Those who match “${person}”`)
    : counted(total.people, "person", "people");
  const acceptance = total.acceptance === null ? "" : ` They accepted ${formatPercent(total.acceptance)} of the proposed edits.`;
  const cost = total.costs.length === 0 ? "" : ` Estimated at list price: ${listWords(total.costs.map(moneyOf))}.`;
  const most = rows.slice(0, 3).map(({ name, sessions }) => `${said(name)} (${formatNumber(sessions)})`);
  const lead = person || grain || rows.length < 2 ? "" : ` Most sessions: ${listWords(most)}.`;
  return `**${who}** used Claude Code ${where}: ${counted(total.sessions, "session")}, ${counted(total.linesAdded, "line")} added, ${counted(total.commits, "commit")} and ${counted(total.pullRequests, "pull request")}.${acceptance}${cost}${lead}`;
}

export function columnsFor(first: string): Column[] {
  const others = ["active days", "people", "sessions", "lines added", "lines removed", "commits", "pull requests"];
  const numbers = (first === "person" ? others.filter((label) => label !== "people") : others).map((label) => ({
    label,
    type: "number" as const,
  }));
  return [{ label: first, type: "text" }, ...numbers, { label: "accepted", type: "text" }, { label: "estimated cost", type: "text" }];
}

export function cellsOf(usage: Usage): Cell[] {
  const { name, people, activeDays, sessions, linesAdded, linesRemoved, commits, pullRequests, acceptance, costs } = usage;
  const isStep = /^\d{4}-\d{2}-\d{2}$/.test(name);
  return [
    name,
    ...(isStep ? [activeDays, people] : [activeDays]),
    ...[sessions, linesAdded, linesRemoved, commits, pullRequests],
    acceptance === null ? null : formatPercent(acceptance),
    costs.length === 0 ? null : costs.map(moneyOf).join(" + "),
  ];
}

function moneyOf({ amount, currency }: { amount: number; currency: string }): string {
  return formatMoney(amount, currency);
}
