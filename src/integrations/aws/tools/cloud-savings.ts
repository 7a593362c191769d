import { z } from "zod";
import { civilDate, fromInstant } from "../../../core/civil-date.ts";
import type { Period } from "../../../core/fact.ts";
import { formatMoney, formatPercent } from "../../../core/format.ts";
import { parameters } from "../../../core/parameters.ts";
import { clip, formatDay, formatPeriod, isPeriod, lastCompleteDays } from "../../../core/period.ts";
import { resolvePeriod } from "../../../core/period-phrases.ts";
import { listWords, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding } from "../../../core/tool.ts";
import { UserError } from "../../../errors.ts";
import { counted, said } from "../../words.ts";
import type { AwsClient } from "../client.ts";
import type { Explorer, Meter } from "../costs/explorer.ts";
import { ANOMALY_DAYS, type Commitment, readSavings, type Savings } from "../savings/read.ts";
import type { AnomalyNode, RightsizingNode } from "../schema.ts";
import { listed } from "./listing.ts";
import { savingsReceipt } from "./receipts.ts";

const number = z.number().nullable();
const commitment = z.object({ coverage: number, utilisation: number, unused: number, saved: number }).nullable();
const output = z.object({
  savings_plans: commitment,
  reservations: commitment,
  anomalies: z.array(
    z.object({
      id: z.string(),
      service: z.string().nullable(),
      account: z.string().nullable(),
      region: z.string().nullable(),
      usage_type: z.string().nullable(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      impact: z.number(),
      feedback: z.string().nullable(),
    }),
  ),
  rightsizing: z.array(
    z.object({ id: z.string(), name: z.string().nullable(), account: z.string().nullable(), action: z.string(), monthly_saving: number }),
  ),
  rest_of_month: z.object({ amount: z.number(), low: number, high: number, currency: z.string() }).nullable(),
});
const input = z.strictObject({ period: parameters.period, top: parameters.top });

export function cloudSavings(client: AwsClient, explorer: Explorer) {
  return defineTool({
    name: "cloud_savings",
    title: "Cloud savings",
    description:
      "Commitments and advice from AWS itself: how much Savings Plans and reservations cover and how well they are used, machines AWS would end or make smaller, cost anomalies its detector found, and its forecast for the rest of the month. Use it for coverage, utilisation, rightsizing and where to save. For idle resources one by one use cloud_inventory; to judge any cost series use find_anomalies.",
    examples: [
      "reserved instances and savings plans",
      "Are our savings plans well used?",
      "savings plan coverage last month",
      "How can we save money on AWS?",
      "rightsizing recommendations",
      "What did AWS Cost Anomaly Detection find?",
      "how much of our reservations is unused?",
      "what do we save with reserved instances?",
      "where can we save on AWS?",
      "savings plan utilisation",
      "how much could we save by committing?",
      "what can we rightsize?",
      "are we using our reservations?",
      "how do we bring the AWS bill down?",
      "what does AWS suggest to save?",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "savings", hint: "[period]" },
    input,
    output,

    async run(asked, context): Promise<Finding> {
      const { signal } = context;
      signal.throwIfAborted();
      const meter: Meter = { requests: 0 };
      const today = fromInstant(client.now());
      const period = periodOf(asked.period, civilDate(context.now, context.user.timeZone), today);
      const savings = await readSavings(client, period, today, meter, signal);
      const ordered = [...(savings.rightsizing ?? [])].sort((a, b) => savingOf(b) - savingOf(a));
      const anomalies = [...(savings.anomalies ?? [])].sort((a, b) => impactOf(b) - impactOf(a));
      const receipt = savingsReceipt(
        client,
        savings.parts,
        {
          id: `aws-savings-${period.from}-${period.to}`,
          query: `coverage and use of commitments for ${formatPeriod(period)}; rightsizing; anomalies of ${ANOMALY_DAYS} days; forecast`,
          window: period,
          notes: savings.notes,
          truncated: savings.truncated,
        },
        meter,
      );
      const names = (id: string | null | undefined) => (id ? (explorer.names.get(id) ?? id) : null);
      return listed({
        text: sentence(savings, ordered, anomalies, period),
        sections: [
          {
            title: "Machines to end or make smaller",
            columns: [text("machine"), text("account"), text("advice"), { label: "saves a month", type: "money", unit: "USD" }],
            rows: ordered.map((node) => [machineName(node), names(node.AccountId), advice(node), savingOf(node)]),
            top: asked.top,
            order: "the largest saving comes first",
          },
          {
            title: `Anomalies AWS found in ${ANOMALY_DAYS} days`,
            columns: [text("what"), text("account"), text("days"), { label: "impact", type: "money", unit: "USD" }, text("marked")],
            rows: anomalies.map((node) => [
              causeOf(node),
              names(node.RootCauses?.[0]?.LinkedAccount),
              daysOf(node),
              impactOf(node),
              marked(node),
            ]),
            top: asked.top,
            order: "the dearest come first",
          },
        ],
        receipts: [receipt],
        data: dataOf(savings, ordered, anomalies, names),
        suggestions: ["Which machines are idle?", "Where do we waste money in AWS?"],
      });
    },
  });
}

const DAYS = 30;
const text = (label: string) => ({ label, type: "text" as const });
const WORDS: Readonly<Record<string, string>> = { YES: "an anomaly", NO: "none", PLANNED_ACTIVITY: "planned" };

/** The last thirty complete days unless named; never past the last complete day. Throws UserError. */
function periodOf(asked: Period | string | undefined, here: string, today: string): Period {
  const complete = lastCompleteDays(DAYS, today);
  if (asked === undefined) return complete;
  const period = typeof asked === "string" ? resolvePeriod(asked, here) : asked;
  if (!isPeriod(period)) throw new UserError(`The period ${period.from} to ${period.to} is not a range of days.`, { path: "period" });
  const found = clip(period, { from: "2017-01-01", to: complete.to });
  if (found) return found;
  throw new UserError(`AWS knows commitments only up to ${formatDay(complete.to)}. Ask for earlier days.`, { path: "period" });
}

function sentence(savings: Savings, rightsizing: readonly RightsizingNode[], anomalies: readonly AnomalyNode[], period: Period): string {
  const saving = rightsizing.reduce((sum, node) => sum + savingOf(node), 0);
  const currency = rightsizing[0]?.CurrentInstance.CurrencyCode ?? "USD";
  const impact = anomalies.reduce((sum, node) => sum + impactOf(node), 0);
  const { rest, notes } = savings;
  const parts = [
    `**${formatPeriod(period)}**`,
    commitmentWords("Savings Plans", savings.plans, "There are no Savings Plans."),
    commitmentWords("Reservations", savings.reservations, "There are no reservations."),
    savings.rightsizing === undefined
      ? ""
      : rightsizing.length === 0
        ? "AWS sees no machine to end or make smaller."
        : `AWS would end or make smaller ${counted(rightsizing.length, "machine")}, which saves about **${formatMoney(saving, currency)} a month**: ${listWords(rightsizing.slice(0, 3).map((node) => `${machineName(node)} (${formatMoney(savingOf(node), currency)})`))}.`,
    savings.anomalies === undefined
      ? ""
      : anomalies.length === 0
        ? `Its detector found no cost anomaly in ${ANOMALY_DAYS} days.`
        : `Its detector found ${counted(anomalies.length, "cost anomaly", "cost anomalies")} in ${ANOMALY_DAYS} days, together ${formatMoney(impact, "USD")} more than expected.`,
    rest
      ? `For the rest of the month, ${formatPeriod(rest.period)}, AWS expects ${formatMoney(rest.amount, rest.currency)}${rest.low !== undefined && rest.high !== undefined ? ` (80% range ${formatMoney(rest.low, rest.currency)} to ${formatMoney(rest.high, rest.currency)})` : ""}; forecast has our own.`
      : "",
    ...notes.map((note) => plainWords(note)),
  ];
  return parts
    .filter(Boolean)
    .join(" ")
    .replace(/^\*\*(.*?)\*\* /, "**$1**: ");
}

function commitmentWords(name: string, given: Commitment | undefined, none: string): string {
  if (given === undefined) return "";
  const { coverage, used, unused, saved, uncovered } = given;
  if (used === undefined) return coverage ? `${name} cover ${formatPercent(coverage)}.` : none;
  const open = uncovered === undefined ? "" : `; ${formatMoney(uncovered, "USD")} ran at list price`;
  return `${name} cover ${coverage === undefined ? "a part" : formatPercent(coverage)} of what they could${open}. ${formatPercent(used)} of the commitment is used${unused ? `, ${formatMoney(unused, "USD")} is not` : ""}${saved === undefined ? "" : `; net saving ${formatMoney(saved, "USD")}`}.`;
}

function savingOf({ TerminateRecommendationDetail: end, ModifyRecommendationDetail: modify }: RightsizingNode): number {
  return end?.EstimatedMonthlySavings ?? modify?.TargetInstances?.[0]?.EstimatedMonthlySavings ?? 0;
}

function machineName({ CurrentInstance: { InstanceName, ResourceId } }: RightsizingNode): string {
  return InstanceName ? `${said(InstanceName)} (${said(ResourceId, 40)})` : said(ResourceId, 40);
}

function advice({ CurrentInstance, ModifyRecommendationDetail: modify }: RightsizingNode): string {
  const from = CurrentInstance.ResourceDetails?.EC2ResourceDetails?.InstanceType ?? "it";
  const to = modify?.TargetInstances?.[0]?.ResourceDetails?.EC2ResourceDetails?.InstanceType;
  return to ? `${said(from, 30)} → ${said(to, 30)}` : `end ${said(from, 30)}`;
}

function impactOf({ Impact }: AnomalyNode): number {
  return Impact.TotalImpact ?? Impact.MaxImpact;
}

function causeOf({ RootCauses, DimensionValue }: AnomalyNode): string {
  const [cause] = RootCauses ?? [];
  const parts = [cause?.Service ?? DimensionValue ?? "unknown", cause?.UsageType, cause?.Region].filter((part) => part);
  return said(parts.join(", "), 120);
}

function daysOf({ AnomalyStartDate: from, AnomalyEndDate: to }: AnomalyNode): string {
  if (!from) return "–";
  return formatPeriod({ from, to: to && to >= from ? to : from });
}

function marked({ Feedback }: AnomalyNode): string | null {
  return Feedback ? (WORDS[Feedback] ?? null) : null;
}

function dataOf(
  { plans, reservations, rest }: Savings,
  rightsizing: readonly RightsizingNode[],
  anomalies: readonly AnomalyNode[],
  names: (id: string | null | undefined) => string | null,
): z.output<typeof output> {
  const told = (given: Commitment | undefined) =>
    given
      ? { coverage: given.coverage ?? null, utilisation: given.used ?? null, unused: given.unused ?? null, saved: given.saved ?? null }
      : null;
  return {
    savings_plans: told(plans),
    reservations: told(reservations),
    anomalies: anomalies.map((node) => ({
      id: node.AnomalyId,
      service: node.RootCauses?.[0]?.Service ?? node.DimensionValue ?? null,
      account: names(node.RootCauses?.[0]?.LinkedAccount),
      region: node.RootCauses?.[0]?.Region ?? null,
      usage_type: node.RootCauses?.[0]?.UsageType ?? null,
      from: node.AnomalyStartDate ?? null,
      to: node.AnomalyEndDate ?? null,
      impact: impactOf(node),
      feedback: marked(node),
    })),
    rightsizing: rightsizing.map((node) => ({
      id: node.CurrentInstance.ResourceId,
      name: node.CurrentInstance.InstanceName ?? null,
      account: names(node.AccountId),
      action: advice(node),
      monthly_saving: savingOf(node),
    })),
    rest_of_month: rest ? { amount: rest.amount, low: rest.low ?? null, high: rest.high ?? null, currency: rest.currency } : null,
  };
}
