import { median } from "simple-statistics";
import { z } from "zod";
import { formatNumber } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod } from "../core/period.ts";
import type { FeedRecord } from "../core/records.ts";
import { listWords } from "../core/text.ts";
import { defineTool } from "../core/tool.ts";
import { instantCell, listFinding, readList, textCell } from "./record-list.ts";

const row = z.object({
  id: z.string(),
  title: z.string().nullable(),
  service: z.string().nullable(),
  severity: z.string().nullable(),
  status: z.string().nullable(),
  created: z.string().nullable(),
  hours: z.number().nullable(),
  url: z.string().nullable(),
});
const output = z.object({ n: z.number(), open: z.number(), medianHours: z.number().nullable(), incidents: z.array(row) });

const HOUR_MS = 3_600_000;
const SEVERITIES = ["critical", "high", "medium", "low"];

export const listIncidents = defineTool({
  name: "list_incidents",
  title: "Incidents",
  description:
    "Incidents and problems of all connected monitoring and paging tools: what broke, when, how severe, how long, still open or not. Use it for outages, problems, pages and incident history. Newest first, open ones before.",
  examples: [
    "List incidents last month",
    "What is broken right now?",
    "Were there any outages this week?",
    "show open incidents",
    "list the incidents of {period}",
    "were we down yesterday?",
    "which incidents happened {period}?",
    "incidents {period}",
    "how many incidents did we have {period}?",
    "which incidents are open?",
    "open problems",
    "how many critical problems did we have last quarter?",
    "what was our worst outage?",
    "what broke {period}?",
    "average time to resolve an incident",
    "how long do incidents last on average?",
    "how long did the last incident last?",
    "how many sev1s did we have?",
    "is anything down?",
    "anything broken?",
    "outages {period}",
    "what went wrong last night?",
    "did we have downtime {period}?",
    "show the major incidents",
    "P1 incidents this quarter",
    "were there any problems over the weekend?",
    "what happened last night?",
    "incident history of gate-api",
  ],
  reads: "incidents",
  effect: "read",
  role: "viewer",
  command: { name: "incidents", hint: "[period]" },
  input: z.strictObject({
    period: parameters.period,
    filter: parameters.filter,
    status: z.enum(["open", "resolved"]).optional().describe("Only open or only resolved ones."),
    severity: z.enum(["critical", "high", "medium", "low"]).optional().describe("Only this severity."),
    top: parameters.top,
  }),
  output,

  async run(input, context) {
    const list = await readList("incidents", input, context);
    const wanted = list.records.filter(
      ({ labels }) => (!input.status || statusOf(labels) === input.status) && (!input.severity || labels.severity === input.severity),
    );
    const ordered = wanted.toReversed().sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)));
    const hours = wanted.flatMap(hoursOf);
    const open = wanted.filter(isOpen);
    const kinds = SEVERITIES.map((s) => [s, wanted.filter(({ labels }) => labels.severity === s).length] as const).filter(([, n]) => n > 0);
    const counted = `**${formatNumber(wanted.length)} ${input.severity ? `${input.severity} ` : ""}incident${wanted.length === 1 ? "" : "s"}** in ${formatPeriod(list.period)}`;
    const detail = [
      open.length ? `**${open.length} still open**` : "none open",
      hours.length ? `half were over within ${hoursWords(median(hours))}` : "",
      kinds.length > 1 ? listWords(kinds.map(([s, n]) => `${n} ${s}`)) : "",
    ].filter(Boolean);
    const text =
      wanted.length === 0
        ? `No incident is known in ${formatPeriod(list.period)} (asked: ${listWords(list.sources)}).`
        : `${counted}: ${detail.join("; ")}.`;
    const finding = listFinding(list, {
      text,
      title: "Incidents",
      records: ordered,
      top: input.top,
      columns: [
        { label: "began", type: "text", of: ({ times, at }) => instantCell(times.created ?? at) },
        { label: "incident", type: "text", of: ({ title, id }) => textCell(title) ?? id },
        { label: "service", type: "text", of: ({ labels }) => labels.service ?? null },
        { label: "severity", type: "text", of: ({ labels }) => labels.severity ?? null },
        { label: "lasted", type: "text", of: (record) => (isOpen(record) ? "open" : hoursOf(record).map(hoursWords)[0]) ?? null },
      ],
    });
    return {
      ...finding,
      data: { n: wanted.length, open: open.length, medianHours: hours.length ? median(hours) : null, incidents: ordered.map(rowOf) },
    };
  },
});

function statusOf(labels: FeedRecord["labels"]): string {
  return labels.status === "resolved" ? "resolved" : "open";
}

function isOpen({ labels }: FeedRecord): boolean {
  return statusOf(labels) === "open";
}

function hoursOf({ times: { created, resolved } }: FeedRecord): number[] {
  return created && resolved ? [(resolved.getTime() - created.getTime()) / HOUR_MS] : [];
}

function hoursWords(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${formatNumber(Math.round(hours * 10) / 10)} h` : `${formatNumber(Math.round((hours / 24) * 10) / 10)} days`;
}

function rowOf(record: FeedRecord): z.output<typeof row> {
  const { id, title, url, labels, times, at } = record;
  const created = times.created ?? at;
  return {
    id,
    title: title ?? null,
    service: labels.service ?? null,
    severity: labels.severity ?? null,
    status: statusOf(labels),
    created: created?.toISOString() ?? null,
    hours: hoursOf(record)[0] ?? null,
    url: url ?? null,
  };
}
