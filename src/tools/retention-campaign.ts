import { z } from "zod";
import { type CampaignPlan, planCampaign } from "../analytics/churn/campaign.ts";
import { seededRandom, shuffled } from "../analytics/churn/seeded-random.ts";
import { civilDate } from "../core/civil-date.ts";
import { formatNumber } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { formatDay } from "../core/period.ts";
import type { TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { wordsOf } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import { learnCustomers } from "./churn-risk.ts";
import { campaignShape, campaignText } from "./churn-risk-campaign.ts";
import { groupsAtRisk, HOLD_OUT, SAVE_RATE } from "./churn-risk-report.ts";
import { qualityWords } from "./churn-risk-table.ts";
import { contentOf, notesText, otherLines } from "./finding.ts";
import { affordable, filtered, filterWords, grouped, scheduleOf } from "./retention-campaign-plan.ts";

const member = z.object({ id: z.string(), probability: z.number(), reasons: z.array(z.string()) });
const output = campaignShape.extend({
  groups: z.array(z.string()).describe("Groups at risk by name; any can be named instead."),
  budget: z.number().optional(),
  schedule: z.object({ begin: z.string(), contactUntil: z.string(), measure: z.string() }),
  contact: z.array(member).describe("The most at risk first."),
  leaveAlone: z.array(z.string()).describe("Drawn by chance."),
});

export const retentionCampaign = defineTool({
  name: "retention_campaign",
  title: "Retention campaign",
  description:
    "Plans how to keep the customers of one group who are likely to leave: whom to contact, whom to leave alone so that the effect can be seen, what it may keep and cost under a stated assumption and within a budget, and when to measure. Learnt from customers and their outcome, as churn_risk is. Use it for a retention or win-back campaign.",
  examples: [
    "Plan a retention campaign",
    "plan a campaign to keep the customers at risk",
    "retention campaign with a budget of 5000 and a cost per contact of 20",
    "how do we win back customers at risk?",
    "whom should we contact to keep them?",
    "whom should we call to keep them?",
    "retention campaign for the group with the most to lose",
    "is a retention campaign worth the money?",
  ],
  reads: "customers",
  effect: "read",
  role: "viewer",
  command: { name: "campaign", hint: "[budget AMOUNT] [filter]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    group: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("One of the groups at risk by its name, as churn_risk gives them; the one with the most to lose unless given."),
    filter: parameters.filter.describe('Instead of a group: those customers who are still there and are {"region": "Europe"}.'),
    budget: z.number().positive().optional().describe("Most to spend; with cost_per_contact it limits how many are contacted."),
    cost_per_contact: z.number().positive().optional().describe("Cost of contacting one customer."),
    value_per_save: z.number().min(0).optional().describe("Worth of one customer kept, in the same currency."),
    save_rate: z.number().gt(0).max(1).optional().describe("Assumed share of leavers it keeps; 0.1 unless given."),
    days: z.int().min(7).max(365).optional().describe("From its begin to the day it is measured; 45 unless given."),
    label: z.string().min(1).max(60).optional().describe("Column that says whether a customer left; recognised by its name unless given."),
    top: parameters.top,
  }),
  output,

  async run(input, context): Promise<Finding> {
    const { dataset, label } = input;
    const { rows, learnt, scored } = await learnCustomers({ dataset, label }, context);
    const groups = groupsAtRisk(learnt, scored);
    const names = rows.table.column(rows.id);
    const { target, members } = input.filter
      ? { target: filterWords(input.filter), members: await filtered({ dataset, filter: input.filter }, names, scored, context) }
      : grouped(input.group, groups, scored);
    if (members.length === 0) throw new UserError(`Nobody of “${plainWords(target)}” is still a customer.`, { path: "group" });
    const most = affordable(input);
    const limited = members.length > most;
    const chosen = members.subarray(0, Math.min(members.length, most));
    const { cost_per_contact: costPerContact, value_per_save: valuePerSave } = input;
    const plan = planCampaign(
      Float64Array.from(chosen, (i) => scored.probabilities[i] ?? 0),
      {
        saveRate: input.save_rate ?? SAVE_RATE,
        holdOut: HOLD_OUT,
        ...(costPerContact === undefined ? {} : { costPerContact }),
        ...(valuePerSave === undefined ? {} : { valuePerSave }),
      },
    );
    const alone = new Set(shuffled(chosen.length, seededRandom(chosen.length)).subarray(0, plan.held));
    const schedule = scheduleOf(civilDate(context.now, context.user.timeZone), input.days ?? DAYS);
    const people = [...chosen].map((i, k) => ({
      id: names[i] ?? `row ${i + 1}`,
      probability: scored.probabilities[i] ?? 0,
      reasons: [...(scored.reasons[i] ?? [])],
      alone: alone.has(k),
    }));
    const text = [
      `**Keep customers where ${plainWords(target)}.** ${campaignText(plainWords(target), plan, input.save_rate === undefined)}`,
      ...(limited && input.budget !== undefined
        ? [
            `The budget of ${formatNumber(input.budget)} reaches the most at risk of ${formatNumber(members.length)}; the others are not part of it.`,
          ]
        : []),
      `Begin on ${formatDay(schedule.begin)}, have everyone contacted by ${formatDay(schedule.contactUntil)}, and count on ${formatDay(schedule.measure)} who has left in both groups.`,
      reasonWords(
        people.filter((p) => !p.alone),
        target,
      ),
      `How sure: ${qualityWords(learnt.model.quality)}`,
      ...(groups.length > 1
        ? [
            `Other groups at risk: ${listWords(
              groups.filter(({ name }) => name !== target).map(({ name }) => `“${plainWords(name)}”`),
              4,
            )}.`,
          ]
        : []),
    ].join("\n\n");
    const table = peopleTable(people, input.top ?? SHOWN);
    const told = `${text}${notesText({ notes: rows.notes })}`;
    return {
      content: contentOf(told, [table]),
      data: dataOf(plan, people, { target, groups: groups.map(({ name }) => name), budget: input.budget, schedule }),
      blocks: [{ type: "markdown", text: told }, table],
      receipts: rows.receipts,
      suggestions: ["Which customers are likely to churn?"],
    };
  },
});

const DAYS = 45;
const SHOWN = 10;

interface Person {
  id: string;
  probability: number;
  reasons: string[];
  alone: boolean;
}

/** What their risk goes with most often, beside what makes them a group. */
function reasonWords(people: readonly Person[], target: string): string {
  const own = new Set(wordsOf(target));
  const counts = Map.groupBy(
    people.flatMap(({ reasons }) => reasons.map((reason) => reason.replace(/ raises the odds .*$/, ""))),
    (reason) => reason,
  );
  for (const reason of [...counts.keys()]) if (wordsOf(reason).every((word) => own.has(word))) counts.delete(reason);
  const often = [...counts].sort((a, b) => b[1].length - a[1].length).slice(0, 3);
  if (often.length === 0) return "Nothing else in the data sets them apart, so ask them.";
  return `Beside that their risk goes with ${listWords(often.map(([reason, own]) => `${plainWords(reason)} (${formatNumber(own.length)} of ${formatNumber(people.length)})`))}: associations, so ask before you offer.`;
}

function peopleTable(people: readonly Person[], top: number): TableBlock {
  const shown = people.slice(0, top);
  const rest = people.length - shown.length;
  return {
    type: "table",
    title: "The most at risk first",
    columns: [
      { label: "customer", type: "text" },
      { label: "chance", type: "percent" },
      { label: "what to do", type: "text" },
      { label: "reasons", type: "text" },
    ],
    rows: [
      ...shown.map(({ id, probability, alone, reasons }) => [
        id,
        probability,
        alone ? "leave alone" : "contact",
        reasons.join("; ") || null,
      ]),
      ...(rest > 0 ? [[otherLines(rest), null, null, null]] : []),
    ],
  };
}

function dataOf(
  plan: CampaignPlan,
  people: readonly Person[],
  { budget, ...about }: Pick<z.output<typeof output>, "target" | "groups" | "schedule"> & { budget: number | undefined },
): z.output<typeof output> {
  return {
    ...about,
    ...plan,
    ...(budget === undefined ? {} : { budget }),
    contact: people.filter(({ alone }) => !alone).map(({ alone: _, ...person }) => person),
    leaveAlone: people.filter(({ alone }) => alone).map(({ id }) => id),
  };
}
