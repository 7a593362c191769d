import { z } from "zod";
import type { Period } from "../../../core/fact.ts";
import type { FeedRecord } from "../../../core/records.ts";
import type { Cell, Column } from "../../../core/reply.ts";
import { listWords } from "../../../core/text.ts";
import { counted, linked, said, span, when } from "../../words.ts";

/** How pull requests are told: in a sentence, in cells, and as rows for code. */

export const STATES = ["open", "waiting_for_review", "in_review", "changes_requested", "approved", "draft", "merged", "closed"] as const;
export type State = (typeof STATES)[number];
export const DAY_MS = 86_400_000;

export interface PullQuestion {
  state?: State | undefined;
  author?: string | undefined;
  team?: string | undefined;
  repository?: string | undefined;
  older_than_days?: number | undefined;
}

/** Before "pull request"; then what one does, and what many do. */
const WORDS: Readonly<Record<State | "opened", readonly [before: string, one: string, many: string]>> = {
  open: ["open ", "", ""],
  opened: ["", " was opened", " were opened"],
  waiting_for_review: ["", " waits for a first review", " wait for a first review"],
  in_review: ["", " is in review without a verdict", " are in review without a verdict"],
  changes_requested: ["", " has changes to be made", " have changes to be made"],
  approved: ["", " is approved and not merged", " are approved and not merged"],
  draft: ["draft ", "", ""],
  merged: ["", " was merged", " were merged"],
  closed: ["", " was closed without a merge", " were closed without a merge"],
};
const NAMED = 3;

/** "**4 pull requests** of acme wait for a first review. Oldest: …". With links; safe markdown. */
export function pullSentence(
  found: readonly FeedRecord[],
  asked: PullQuestion,
  period: Period | undefined,
  now: Date,
  org: string,
): string {
  const [before, one, many] = WORDS[asked.state ?? (period ? "opened" : "open")];
  const where = [
    asked.author ? ` by ${said(asked.author)}` : "",
    asked.team ? ` of ${said(asked.team)}` : "",
    asked.repository ? ` in ${said(asked.repository)}` : "",
    asked.author || asked.team || asked.repository ? "" : ` of ${said(org)}`,
    asked.older_than_days === undefined ? "" : ` older than ${counted(asked.older_than_days, "day")}`,
  ].join("");
  const opened = period && asked.state && asked.state !== "merged" && asked.state !== "closed" ? ", opened" : "";
  const then = period ? `${opened} ${when(period)}` : "";
  if (found.length === 0) return `No ${before}pull request${where}${one}${then}.`;
  const head = `**${counted(found.length, `${before}pull request`)}**${where}${found.length === 1 ? one : many}${then}.`;
  const isDone = asked.state === "merged" || asked.state === "closed";
  const lead = found.length === 1 ? "It is" : isDone ? "Latest:" : "Oldest:";
  const named = found
    .slice(0, NAMED)
    .map((record) => `${linked(shortId(record), record.url)} “${said(record.title ?? "", 70)}”${detail(record, now)}`);
  return `${head}${authorsOf(found, asked)} ${lead} ${named.join("; ")}.`;
}

function authorsOf(found: readonly FeedRecord[], { author }: PullQuestion): string {
  const groups = [...Map.groupBy(found, ({ labels }) => labels.author ?? "somebody unknown")].sort((a, b) => b[1].length - a[1].length);
  if (author !== undefined || groups.length < 2 || (groups[0]?.[1].length ?? 0) < 2) return "";
  return ` By ${listWords(
    groups.map(([name, list]) => `${said(name)} (${list.length})`),
    4,
  )}.`;
}

function detail(record: FeedRecord, now: Date): string {
  const by = record.labels.author ? ` by ${said(record.labels.author)}` : "";
  return record.labels.state === "open" ? `${by}, ${span(now.getTime() - openedAt(record))} old` : by;
}

/** `done`: merged or closed ones have an end instead of a review. */
export function columnsFor(done: State | undefined): Column[] {
  const last = done === undefined ? ["age", "review"] : [`${done} (UTC)`, "took"];
  return ["pull request", "title", "author", ...last].map((label) => ({ label, type: "text" }));
}

export function cellsOf(record: FeedRecord, isDone: boolean, now: Date): Cell[] {
  const { title, labels, times } = record;
  const end = times.merged ?? times.closed;
  const age = span((end ?? now).getTime() - openedAt(record));
  const last = isDone ? [end ? end.toISOString().slice(0, 16).replace("T", " ") : null, age] : [age, labels.review ?? labels.state ?? null];
  return [shortId(record), title ?? null, labels.author ?? null, ...last];
}

/** Without the organisation, which is the same for all. */
function shortId({ id }: FeedRecord): string {
  return id.slice(id.indexOf("/") + 1);
}

export function openedAt({ at }: FeedRecord): number {
  return at?.getTime() ?? 0;
}

const schema = z.object({
  id: z.string(),
  title: z.string(),
  repository: z.string(),
  author: z.string().nullable(),
  team: z.string().nullable(),
  state: z.string(),
  review: z.string().nullable(),
  issue: z.string().nullable(),
  opened: z.string(),
  merged: z.string().nullable(),
  /** Until the merge or the closing, else until now. */
  ageDays: z.number(),
  url: z.string().nullable(),
});

/** A pull request for code. */
export const pullRow = {
  schema,
  of(record: FeedRecord, now: Date): z.output<typeof schema> {
    const { id, title, labels, times, url } = record;
    const end = times.merged ?? times.closed ?? now;
    return {
      id,
      title: title ?? "",
      repository: labels.repository ?? "",
      author: labels.author ?? null,
      team: labels.team ?? null,
      state: labels.state ?? "",
      review: labels.review ?? null,
      issue: labels.issue ?? null,
      opened: new Date(openedAt(record)).toISOString(),
      merged: times.merged?.toISOString() ?? null,
      ageDays: Math.round(((end.getTime() - openedAt(record)) / DAY_MS) * 10) / 10,
      url: url ?? null,
    };
  },
};
