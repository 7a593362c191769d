import { z } from "zod";
import { formatNumber, formatPercent } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod } from "../core/period.ts";
import { listWords } from "../core/text.ts";
import { defineTool } from "../core/tool.ts";
import { instantCell, listFinding, readList, textCell } from "./record-list.ts";

const row = z.object({
  id: z.string(),
  service: z.string().nullable(),
  environment: z.string().nullable(),
  status: z.string().nullable(),
  started: z.string().nullable(),
  finished: z.string().nullable(),
  author: z.string().nullable(),
  url: z.string().nullable(),
});
const output = z.object({ n: z.number(), failed: z.number(), deployments: z.array(row) });

export const listDeployments = defineTool({
  name: "list_deployments",
  title: "Deployments",
  description:
    "Deployments of all connected sources: what went out, where, when, by whom, and whether it failed. Use it for recent releases and failed deploys. For their frequency and failure rate as a metric use delivery_metrics.",
  examples: [
    "What was deployed today?",
    "show failed deployments this week",
    "list deployments {period}",
    "which services were deployed yesterday?",
    "latest deploys to production",
    "what did we ship last week?",
    "which deployments failed {period}?",
    "deployments {period}",
    "what was rolled out yesterday?",
    "who deployed last?",
    "last deployment of gate-api",
    "did yesterday's deploys break anything?",
    "what went live today?",
    "when was the last release to production?",
    "how many deployments did we have {period}?",
    "recent deploys",
    "what went to production {period}?",
    "rollbacks this month",
    "which deploys were rolled back?",
    "what was pushed out yesterday?",
  ],
  reads: "deploys",
  effect: "read",
  role: "viewer",
  command: { name: "deployments", hint: "[period]" },
  input: z.strictObject({
    period: parameters.period,
    filter: parameters.filter,
    status: z.enum(["success", "failure", "running", "failed"]).optional().describe("Only with this outcome."),
    environment: z.string().max(60).optional().describe('Only this environment: "production".'),
    top: parameters.top,
  }),
  output,

  async run(input, context) {
    const list = await readList("deploys", input, context);
    const status = input.status === "failed" ? "failure" : input.status;
    const wanted = list.records
      .filter(({ labels }) => (!status || labels.status === status) && (!input.environment || labels.environment === input.environment))
      .toReversed();
    const failed = wanted.filter(({ labels }) => labels.status === "failure").length;
    const services = [...new Set(wanted.flatMap(({ labels }) => labels.service ?? labels.repository ?? []))];
    const when = formatPeriod(list.period);
    const outcome = status ? "" : failed ? `; **${failed} failed** (${formatPercent(failed / wanted.length)})` : "; none failed";
    const text =
      wanted.length === 0
        ? `No ${status ? `${status} ` : ""}deployment is known in ${when} (asked: ${listWords(list.sources)}).`
        : `**${formatNumber(wanted.length)} ${status ? `${status} ` : ""}deployment${wanted.length === 1 ? "" : "s"}** of ${listWords(services, 4) || "unnamed services"} in ${when}${outcome}.`;
    const finding = listFinding(list, {
      text,
      title: "Deployments",
      records: wanted,
      top: input.top,
      columns: [
        { label: "finished", type: "text", of: ({ times, at }) => instantCell(times.finished ?? at) },
        { label: "service", type: "text", of: ({ labels }) => labels.service ?? labels.repository ?? null },
        { label: "what", type: "text", of: ({ title, labels }) => textCell(title) ?? labels.commit?.slice(0, 10) ?? null },
        { label: "environment", type: "text", of: ({ labels }) => labels.environment ?? null },
        { label: "status", type: "text", of: ({ labels }) => labels.status ?? null },
        { label: "by", type: "text", of: ({ labels }) => labels.author ?? null },
      ],
    });
    const deployments = wanted.map(({ id, labels, times, url }) => ({
      id,
      service: labels.service ?? labels.repository ?? null,
      environment: labels.environment ?? null,
      status: labels.status ?? null,
      started: times.started?.toISOString() ?? null,
      finished: times.finished?.toISOString() ?? null,
      author: labels.author ?? null,
      url: url ?? null,
    }));
    return { ...finding, data: { n: wanted.length, failed, deployments } };
  },
});
