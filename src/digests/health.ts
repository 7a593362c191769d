import { addDays, civilDate } from "../core/civil-date.ts";
import type { Digest } from "../core/digest.ts";
import type { Reply, TableBlock } from "../core/reply.ts";
import { healthChart } from "./health-chart.ts";
import { judgeHealth } from "./health-judge.ts";
import { readHealth } from "./health-read.ts";
import { kpisOf, pointOf, quietLine, summaryLines } from "./health-words.ts";
import { createParts, detailsOf, missingLine, titled } from "./parts.ts";
import { dayWords } from "./words.ts";

/** The last 24 hours: what broke, what was deployed, what fails, what waits; and the brief. */
export const healthDigest: Digest = {
  name: "health",
  title: "Health",
  summary: "Incidents, unusual error rates, deployments, failing pipelines and aging work of the last day, with the brief.",
  schedule: "every weekday at 9:00",

  async compose(order, context) {
    const parts = createParts(context);
    const { timeZone } = context.user;
    const today = civilDate(context.now, timeZone);
    const yesterday = addDays(today, -1);
    const read = await readHealth(parts, today, context);
    parts.requireAny("health digest");
    const facts = judgeHealth(read, context.now, yesterday);
    const heading = `**${order.title ?? healthDigest.title}, ${dayWords(today)}: ${pointOf(facts)}**`;
    const lines = facts.quiet ? [quietLine(facts)] : summaryLines(facts, read, yesterday);
    const chart = facts.quiet ? undefined : await healthChart(parts, facts, read, { today, timeZone });
    const reply: Reply = {
      text: [heading, ...lines, ...missingLine(parts)].join("\n"),
      blocks: facts.quiet ? [] : [kpisOf(facts), ...(chart ? [chart] : [])],
      receipts: parts.receipts(),
      suggestions: ["Is there anything to worry about?", "incidents last week"],
      final: true,
    };
    const tables = [
      ...titled(read.incidents, "Incidents, yesterday and today"),
      ...read.errors.flatMap(({ feed, finding }) => titled(finding, `Unusual error rates in seven days (${feed})`)),
      ...titled(read.pipelines, "Pipeline runs that failed yesterday").map(withoutZeros),
      ...titled(read.waiting, "Old pull requests"),
      ...titled(read.brief, "What the rules of the brief found"),
    ];
    return { reply, ...(facts.quiet ? {} : { details: detailsOf(parts, tables) }), quiet: facts.quiet, calls: parts.calls(read.incidents) };
  },
};

/** Of what failed; a line for each that did not helps nobody. */
function withoutZeros(table: TableBlock): TableBlock {
  return { ...table, rows: table.rows.filter(([, failed]) => failed !== 0) };
}
