import { z } from "zod";
import { parameters } from "../core/parameters.ts";
import { listWords } from "../core/text.ts";
import { defineTool } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { columnNamed, type FeedRows, readRows } from "./churn-risk-rows.ts";
import { DURATION_KINDS, durationOutput, durationReport } from "./estimate-duration-report.ts";
import {
  estimateAll,
  estimateGroups,
  estimateOpen,
  type LearntDurations,
  learnDurationTable,
  type OpenEstimate,
} from "./estimate-duration-table.ts";
import { sameName } from "./same-name.ts";

const STARTS = ["created", "started", "opened"];

const ENDS = ["resolved", "merged", "closed", "finished", "ended"];

const GROUPS = { issues: ["project", "type"], incidents: ["service", "severity"], pulls: ["repository"] } as const;

const SHOWN = 12;

export const estimateDuration = defineTool({
  name: "estimate_duration",
  title: "Duration estimate",
  description:
    "How long an issue, incident or pull request will take, as P50, P80 and P95 with an 80% range, per project and type, and for those still open. Learnt from those that are over; the open ones count as at least that long. Use it for when something will be done, how long such things take, and what to promise. Says how good the ranges were in the past.",
  examples: [
    "How long will this issue take?",
    "How long do bugs usually take to get fixed?",
    "How long does it take to resolve a bug?",
    "how long will a story take?",
    "time to resolution by type",
    "typical time to close a ticket",
    "how long do tickets take?",
    "which open issues will take longest?",
    "which issues will be late?",
    "how long do issues usually take?",
    "how many days until a bug is fixed?",
    "estimate the duration of open issues",
    "When will the open tickets be done?",
    "How long does it take to resolve an incident?",
    "how long do support tickets stay open?",
    "when will GATE-412 be done?",
    "how long until this ticket is closed?",
    "what is our typical resolution time?",
    "how many days does a story need?",
    "how long does it usually take us to fix a bug?",
    "estimate how long this will take",
    "P80 time to close",
    "how long do incidents usually last?",
    "how quickly do we close tickets?",
    "how long do issues take by type?",
  ],
  reads: "issues",
  effect: "read",
  role: "viewer",
  command: { name: "duration", hint: "[dataset] [by DIMENSION]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    kind: z.enum(DURATION_KINDS).optional().describe("What is estimated; issues unless given."),
    by: parameters.by,
    filter: parameters.filter,
    start: z.string().min(1).max(60).optional().describe("Column with the day or time it began; recognised unless given."),
    end: z.string().min(1).max(60).optional().describe("Column with the day or time it was over; recognised unless given."),
    item: z.string().min(1).max(200).optional().describe('One open thing by its key: "OPS-31".'),
    top: parameters.top,
  }),
  output: durationOutput,

  async run(input, context) {
    const kind = input.kind ?? "issues";
    const rows = await readRows(kind, input, ["key", "issue", "id", "incident", "pull"], context);
    const start = timeColumn(rows, input.start, STARTS, "start");
    const end = timeColumn(rows, input.end, ENDS, "end");
    const asked = input.by === undefined ? undefined : [input.by].flat();
    const by =
      asked?.map((name) => columnNamed(rows.table, name, "by")) ?? GROUPS[kind].filter((name) => rows.table.columns.includes(name));
    const asOf = rows.feed.withoutPeriod === "recent" ? { asOf: context.now.toISOString() } : {};
    const learnt = learnDurationTable(rows.table, { start, end, by, ...asOf });
    const groups = by.length === 0 || learnt.columns.every((c) => c.kind === "category") ? estimateGroups(learnt) : [];
    return durationReport(
      { all: estimateAll(learnt), rows, learnt, groups, open: openItems(rows, learnt, input.item), by, kind, end },
      input.top ?? SHOWN,
      input.filter,
    );
  },
});

function timeColumn({ table, source }: FeedRows, asked: string | undefined, names: readonly string[], path: string): string {
  if (asked !== undefined) return columnNamed(table, asked, path);
  const found = names.flatMap((name) => table.columns.filter((column) => sameName(column, name)))[0];
  if (found) return found;
  throw new UserError(
    `“${source}” has no column that says when a thing ${path === "start" ? "began" : "was over"}. Name it as the ${path}; there is ${listWords(table.columns, 15)}.`,
    { path },
  );
}

function openItems({ table, id }: FeedRows, learnt: LearntDurations, item: string | undefined): (OpenEstimate & { id: string })[] {
  const names = table.column(id);
  const all = estimateOpen(learnt).map((found) => ({ ...found, id: names[found.row] ?? `row ${found.row + 1}` }));
  if (item === undefined) return all;
  const one = all.filter((found) => found.id.toLowerCase() === item.toLowerCase());
  if (one.length > 0) return one;
  throw new UserError(
    names.some((name) => name?.toLowerCase() === item.toLowerCase())
      ? `${item} is already over.`
      : `There is no “${item.slice(0, 60)}” in ${table.length} rows.`,
    { path: "item" },
  );
}
