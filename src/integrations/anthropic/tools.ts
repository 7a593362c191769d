import { z } from "zod";
import { civilDate, startOf } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { formatNumber } from "../../core/format.ts";
import { parameters } from "../../core/parameters.ts";
import { clip, isPeriod, lastCompleteDays } from "../../core/period.ts";
import { resolvePeriod } from "../../core/period-phrases.ts";
import { closest, listWords, plainWords } from "../../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../../core/tool.ts";
import { UserError } from "../../errors.ts";
import { listForModel } from "../listing.ts";
import { said } from "../words.ts";
import { codingReceipt } from "./claude-code-feed.ts";
import type { ClaudeCodeLog, CodingRow } from "./claude-code-log.ts";
import type { AnthropicClient } from "./client.ts";
import { cellsOf, columnsFor, sentence, type Usage } from "./coding-words.ts";
import { toMajor } from "./money.ts";

const row = z.object({
  name: z.string(),
  people: z.number(),
  activeDays: z.number(),
  sessions: z.number(),
  linesAdded: z.number(),
  linesRemoved: z.number(),
  commits: z.number(),
  pullRequests: z.number(),
  acceptance: z.number().nullable(),
  costs: z.array(z.object({ amount: z.number(), currency: z.string() })),
}) satisfies z.ZodType<Usage>;
const output = z.object({ n: z.number(), total: row, rows: z.array(row) });

const SHOWN = 20;

export function codingAssistant(client: AnthropicClient, read: ClaudeCodeLog) {
  return defineTool({
    name: "coding_assistant",
    title: "Coding assistant",
    description:
      "Who works with Claude Code and what comes of it: sessions, lines, commits, pull requests, the share of proposed edits that were accepted, and the estimated cost, per person or over time. Use it for adoption and for the value of the coding assistant. For the organisation's whole spend on models use ai_usage.",
    examples: [
      "Who uses Claude Code?",
      "who uses Claude Code most?",
      "how is Claude Code used?",
      "how is Claude Code adopted {period}?",
      "what share of Claude Code suggestions is accepted?",
      "how many commits were made with Claude Code last month?",
      "Claude Code per week this quarter",
      "what does Claude Code cost per person?",
      "how many engineers use AI assistants?",
      "lines of code accepted from Claude Code",
      "adoption of coding assistants",
      "who does not use Claude Code yet?",
      "how much code is written with AI?",
      "acceptance rate of AI suggestions",
      "how active are developers with Claude Code?",
      "how many pull requests were made with Claude Code?",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "coding", hint: "[period] [per day|week|month]" },
    input: z.strictObject({
      person: z.string().min(1).max(120).optional().describe("Only this person, by e-mail address or a part of it."),
      period: parameters.period,
      grain: parameters.grain.describe("One row for each of these steps instead of one for each person."),
      top: parameters.top,
    }),
    output,

    async run({ person, period: spoken, grain, top = SHOWN }, context): Promise<Finding> {
      const period = daysOf(spoken, context);
      const reading = await read(period, context.signal);
      const rows = reading.rows.filter(isMeant(person, reading.rows));
      const groups = Map.groupBy(rows, ({ person: who, day }) => (grain ? startOf(grain, day) : who));
      const all = [...groups].map(([name, list]) => usageOf(name, list));
      const ordered = grain
        ? all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
        : all.toSorted((a, b) => b.sessions - a.sessions || (a.name < b.name ? -1 : 1));
      const total = usageOf("total", rows);
      const receipt = codingReceipt(client, reading, "Claude Code days of each person", "people", period);
      const notes = [
        ...(ordered.length > top ? [`${formatNumber(ordered.length - top)} more are not shown.`] : []),
        ...(receipt.provisional ? [`The day ${receipt.provisional.replace("since ", "")} is not over.`] : []),
        ...(receipt.truncated ? [`Not all was read: ${receipt.truncated}.`] : []),
        ...(receipt.notes ?? []).map(plainWords),
      ];
      const text = [sentence(total, ordered, period, person, grain), ...notes.map((note) => `_${note}_`)].join("\n\n");
      const shown = ordered.slice(0, top);
      const cells = shown.map(cellsOf);
      const columns = columnsFor(grain ?? "person");
      return {
        content: listForModel(text, [{ columns, rows: cells.map((row) => ({ cells: row })) }]),
        data: { n: ordered.length, total, rows: ordered },
        blocks: [
          { type: "markdown", text },
          ...(cells.length > 0 ? [{ type: "table" as const, title: "Claude Code", columns, rows: cells }] : []),
        ],
        receipts: [receipt],
        suggestions: [grain ? "who uses Claude Code?" : "Claude Code per week", "AI cost by model last month"],
      };
    },
  });
}

function daysOf(asked: Period | string | undefined, { now, user }: ToolContext): Period {
  const today = civilDate(now, user.timeZone);
  if (asked === undefined) return lastCompleteDays(30, today);
  const period = typeof asked === "string" ? resolvePeriod(asked, today) : asked;
  if (!isPeriod(period)) throw new UserError(`The period ${period.from} to ${period.to} is not a range of days.`, { path: "period" });
  return clip(period, { from: "1970-01-01", to: today }) ?? period;
}

/** Whose rows are asked for. Throws UserError with the near name, or who there is. */
function isMeant(spoken: string | undefined, rows: readonly CodingRow[]): (row: CodingRow) => boolean {
  if (spoken === undefined) return () => true;
  const wanted = spoken.trim().toLowerCase();
  const people = [...new Set(rows.map(({ person }) => person))];
  const words = (person: string) => person.toLowerCase().split("@")[0] ?? "";
  const found = people.filter((person) => person.toLowerCase() === wanted || words(person).includes(wanted.replace(/\s+/g, ".")));
  if (found.length > 0) return ({ person }) => found.includes(person);
  const near = closest(
    wanted,
    people.flatMap((person) => [words(person), ...words(person).split(".")]),
  );
  const there = people.length > 0 ? `There is ${listWords(people.map((person) => said(person)))}.` : "Nobody used it in these days.";
  throw new UserError(
    `“${plainWords(spoken)}” did not use Claude Code in these days. ${near ? `Did you mean “${plainWords(near)}”?` : there}`,
    {
      path: "person",
      suggestions: near ? [near] : [],
    },
  );
}

function usageOf(name: string, rows: readonly CodingRow[]): Usage {
  const sum = (of: (row: CodingRow) => number) => rows.reduce((total, r) => total + of(r), 0);
  const proposed = sum((r) => r.proposed);
  const currencies = Map.groupBy(
    rows.flatMap(({ costs }) => costs),
    ({ currency }) => currency,
  );
  return {
    name,
    people: new Set(rows.map(({ person }) => person)).size,
    activeDays: new Set(rows.map(({ day }) => day)).size,
    sessions: sum((r) => r.sessions),
    linesAdded: sum((r) => r.linesAdded),
    linesRemoved: sum((r) => r.linesRemoved),
    commits: sum((r) => r.commits),
    pullRequests: sum((r) => r.pullRequests),
    acceptance: proposed > 0 ? sum((r) => r.accepted) / proposed : null,
    costs: [...currencies].map(([currency, costs]) => ({
      amount: toMajor(
        costs.reduce((total, { amount }) => total + amount, 0n),
        currency,
      ),
      currency,
    })),
  };
}
