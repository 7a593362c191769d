import { z } from "zod";
import { addDays, fromInstant } from "../../../core/civil-date.ts";
import { formatInstant, formatNumber } from "../../../core/format.ts";
import { parameters } from "../../../core/parameters.ts";
import type { FeedRecord } from "../../../core/records.ts";
import { closest, cut, listWords, plainWords } from "../../../core/text.ts";
import { defineTool } from "../../../core/tool.ts";
import { quoteForeign, UserError } from "../../../errors.ts";
import { stampOf } from "../../http.ts";
import type { DynatraceClient } from "../client.ts";
import { nameOf, readProblems, recordOf, usersOf } from "../problems.ts";
import { type Problem, type ProblemDetails, problemAnswer } from "../schema.ts";

const output = z.object({
  id: z.string(),
  title: z.string(),
  severity: z.string().nullable(),
  status: z.string(),
  began: z.string(),
  ended: z.string().nullable(),
  cause: z.string().nullable(),
  affected: z.array(z.string()),
  users: z.number().nullable(),
  evidence: z.array(z.object({ what: z.string(), where: z.string().nullable(), at: z.string().nullable(), cause: z.boolean() })),
  url: z.string().nullable(),
});

/** Days looked back through for a problem by its number. */
const SEARCH_DAYS = 90;
const MOST_EVIDENCE = 12;
const MOST_COMMENTS = 5;

export function problemDetails(client: DynatraceClient) {
  return defineTool({
    name: "problem_details",
    title: "One problem in Dynatrace",
    description:
      "One Dynatrace problem with its evidence: root cause, affected services, users who felt it, what was seen and when, comments. Use it to ask why a problem happened; without a key it is the newest open one, else the newest. For a list of problems use list_incidents.",
    examples: [
      "root cause of the last Dynatrace problem",
      "What caused the latest problem?",
      "Show the evidence of problem P-21840",
      "details of the open Dynatrace problem",
      "root cause of problem P-21840",
      "why did Dynatrace raise a problem?",
      "what does Dynatrace say about the outage?",
      "what is the evidence for the open problem?",
    ],
    effect: "read",
    role: "viewer",
    input: z.strictObject({
      key: parameters.key.describe("The problem's number as Dynatrace shows it: P-21840. The newest open one unless given."),
    }),
    output,

    async run({ key }, { signal }) {
      const today = fromInstant(client.now());
      const listed = await readProblems(client, { from: addDays(today, -SEARCH_DAYS), to: today }, signal);
      const chosen = chosenFrom(listed.value.items, key);
      const found = await client.http.cached(
        `problem ${chosen.problemId}`,
        (inner) =>
          client.get(
            `problems/${encodeURIComponent(chosen.problemId)}`,
            { fields: "evidenceDetails,impactAnalysis,recentComments" },
            "get problem",
            problemAnswer,
            inner,
          ),
        signal,
        { operation: "get problem" },
      );
      const record = recordOf(client, found.value);
      const text = [headline(record, found.value), ...detailLines(found.value)].join("\n");
      return {
        content: cut(text, 7_800),
        data: dataOf(record, found.value),
        blocks: [{ type: "markdown", text }],
        receipts: [
          {
            ...stampOf(listed, found),
            ...client.source,
            ...(record.url ? { url: record.url } : {}),
            id: `dynatrace-problem-${encodeURIComponent(record.id)}`,
            query: `problem ${said(record.id)} with evidence, impact and comments`,
            ...(listed.value.truncated ? { truncated: listed.value.truncated } : {}),
          },
        ],
        suggestions: ["List incidents this week", "Which services are unhealthy?"],
      };
    },
  });
}

/** Throws UserError with the near number, or the newest there are. */
function chosenFrom(problems: readonly Problem[], key: string | undefined): Problem {
  const newest = problems.toSorted((a, b) => b.startTime.getTime() - a.startTime.getTime());
  const wanted = key?.trim().toLowerCase();
  const found = wanted
    ? newest.find((p) => [p.displayId, p.problemId, p.displayId.replace(/^P-/i, "")].some((id) => id.toLowerCase() === wanted))
    : (newest.find(({ status }) => status === "OPEN") ?? newest[0]);
  if (found) return found;
  if (!wanted || newest.length === 0) throw new UserError(`Dynatrace has found no problem in the last ${SEARCH_DAYS} days.`);
  const ids = newest.map(({ displayId }) => displayId);
  const near = closest(key ?? "", ids, 2);
  const what = near ? `Did you mean ${said(near)}?` : `The newest are ${listWords(ids.slice(0, 5).map(said))}.`;
  throw new UserError(`There is no problem “${said(key ?? "")}” in the last ${SEARCH_DAYS} days. ${what}`, {
    path: "key",
    suggestions: near ? [near] : [],
  });
}

function headline({ id, title = "", labels, times, url }: FeedRecord, problem: ProblemDetails): string {
  const name = `${said(id)} ${said(title)}`;
  const { created, resolved } = times;
  const began = created ? formatInstant(created) : "";
  const lasted = resolved && created ? `from ${began} for ${lengthWords(resolved.getTime() - created.getTime())}` : `open since ${began}`;
  const where = labels.service ? ` on **${said(labels.service)}**` : "";
  return `**${url ? `[${name.replace(/[[\]]/g, "")}](${url})` : name}**${where}: ${labels.severity ?? said(problem.severityLevel.toLowerCase())}, ${lasted}.`;
}

function detailLines(problem: ProblemDetails): string[] {
  const cause = nameOf(problem.rootCauseEntity);
  const affected = affectedNames(problem);
  const users = usersOf(problem);
  const evidence = evidenceOf(problem);
  const comments = problem.recentComments?.comments ?? [];
  return [
    `- Root cause: ${cause ? said(cause) : "Dynatrace found none"}`,
    ...(affected.length > 0 ? [`- Affected: ${listWords(affected.map(said))}`] : []),
    ...(users === undefined ? [] : [`- Users who felt it: about ${formatNumber(users)}`]),
    ...evidence.slice(0, MOST_EVIDENCE).map(({ what, where, at, cause: isCause }) => {
      const seen = [where ? `on ${said(where)}` : "", at ? formatInstant(new Date(at)) : ""].filter(Boolean).join(", ");
      return `- ${isCause ? "Evidence of the cause" : "Also seen"}: ${said(what)}${seen ? ` (${seen})` : ""}`;
    }),
    ...(evidence.length > MOST_EVIDENCE ? [`- … and ${evidence.length - MOST_EVIDENCE} more pieces of evidence`] : []),
    ...comments
      .slice(0, MOST_COMMENTS)
      .map((c) => `- Comment of ${said(c.authorName ?? "someone")}, ${formatInstant(c.createdAtTimestamp)}: “${said(c.content ?? "")}”`),
  ];
}

function evidenceOf({ evidenceDetails }: ProblemDetails): z.output<typeof output>["evidence"] {
  return (evidenceDetails?.details ?? [])
    .map((e) => ({
      what: quoteForeign(e.displayName),
      where: nameOf(e.entity) ?? null,
      at: e.startTime?.toISOString() ?? null,
      cause: e.rootCauseRelevant,
    }))
    .sort((a, b) => Number(b.cause) - Number(a.cause) || ((a.at ?? "") < (b.at ?? "") ? -1 : 1));
}

function affectedNames({ affectedEntities, impactedEntities }: ProblemDetails): string[] {
  return [...new Set([...affectedEntities, ...impactedEntities].flatMap((e) => nameOf(e) ?? []))];
}

function dataOf({ id, title = "", labels, times, url }: FeedRecord, problem: ProblemDetails): z.output<typeof output> {
  return {
    id,
    title,
    severity: labels.severity ?? null,
    status: labels.status ?? "open",
    began: problem.startTime.toISOString(),
    ended: times.resolved?.toISOString() ?? null,
    cause: labels.cause ?? null,
    affected: affectedNames(problem),
    users: usersOf(problem) ?? null,
    evidence: evidenceOf(problem),
    url: url ?? null,
  };
}

function lengthWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${formatNumber(Math.round(minutes / 6) / 10)} h` : `${formatNumber(Math.round(minutes / 144) / 10)} days`;
}

function said(text: string): string {
  return plainWords(quoteForeign(text)).replaceAll("|", "/").replaceAll("*", "∗");
}
