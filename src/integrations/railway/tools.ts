import { z } from "zod";
import { addDays, civilDate, fromInstant } from "../../core/civil-date.ts";
import type { Period, Receipt } from "../../core/fact.ts";
import { formatNumber } from "../../core/format.ts";
import { parameters } from "../../core/parameters.ts";
import { clip, isPeriod, lastCompleteDays } from "../../core/period.ts";
import { resolvePeriod } from "../../core/period-phrases.ts";
import { closest, listWords, plainWords } from "../../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../../core/tool.ts";
import { matchValues } from "../../core/value-names.ts";
import { UserError } from "../../errors.ts";
import { listForModel } from "../listing.ts";
import { said } from "../words.ts";
import type { RailwayClient } from "./client.ts";
import { statusOf } from "./deploy-feed.ts";
import type { Deployments } from "./deployments.ts";
import type { Estate, Projects } from "./projects.ts";
import { receiptOf } from "./receipts.ts";
import type { DeploymentNode } from "./schema.ts";
import { sentence, tableOf } from "./service-words.ts";
import type { Usage, UsageDay } from "./usage.ts";

const place = z.object({
  project: z.string(),
  service: z.string(),
  environment: z.string(),
  /** Of its newest deployment: success, failure, running, cancelled, or Railway's own word; null when there is none of late. */
  status: z.string().nullable(),
  deployed: z.string().nullable(),
  commit: z.string().nullable(),
  /** Over the period. */
  cpuMinutes: z.number(),
  memoryGbMinutes: z.number(),
  networkGb: z.number(),
  url: z.string().nullable(),
});
export type Place = z.output<typeof place>;
const output = z.object({ n: z.number(), services: z.array(place) });

const SHOWN = 30;
/** How far back the newest deployment is looked for. */
const LOOK_BACK_DAYS = 90;

export interface Data {
  projects: Projects;
  deployments: Deployments;
  usage: Usage;
}

export function railwayServices(client: RailwayClient, { projects, deployments, usage }: Data) {
  return defineTool({
    name: "railway_services",
    title: "Railway services",
    description:
      "What runs on Railway: projects, services and environments, with the state of the newest deployment and what each used of processor, memory and network. Use it to see what is there, what failed to deploy and what uses most. For deployments over time use list_deployments.",
    examples: [
      "What runs on Railway?",
      "Railway services and their status",
      "which Railway service uses the most memory?",
      "did anything fail on Railway?",
      "Railway usage by service {period}",
      "how is our Railway doing?",
      "memory on Railway",
      "which Railway projects do we have?",
      "CPU of our Railway services",
      "what do we host on Railway?",
      "is everything up on Railway?",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "railway", hint: "[project or service] [period]" },
    input: z.strictObject({
      project: z.string().min(1).max(120).optional().describe("Only this project or service, by its name or a part of it."),
      environment: z.string().min(1).max(60).optional().describe('Only this environment: "production".'),
      period: parameters.period,
      top: parameters.top,
    }),
    output,

    async run(asked, context): Promise<Finding> {
      const { signal } = context;
      const period = daysOf(asked.period, context);
      const estate = await projects(signal);
      const today = fromInstant(client.now());
      const [used, ...lists] = await Promise.all([
        usage(estate.value, period, signal),
        ...estate.value.projects.map(({ id }) => deployments(id, addDays(today, -LOOK_BACK_DAYS), signal)),
      ]);
      const places = placesOf(
        client,
        estate.value,
        lists.flatMap(({ value }) => value.items),
      );
      addUsage(
        places,
        used.flatMap(({ value }) => value),
        period,
      );
      const there = [...places.values()].filter((p) => p.status !== null || p.cpuMinutes > 0 || p.memoryGbMinutes > 0);
      const meant = narrowed(there, asked).toSorted((a, b) => b.memoryGbMinutes - a.memoryGbMinutes || (a.service < b.service ? -1 : 1));
      const cut = [estate.value.truncated, ...lists.map(({ value }) => value.truncated)].filter(Boolean).join("; ");
      const receipt = receiptOf(
        client,
        {
          ...{ what: "services", query: "services with their newest deployment, and usage", window: period, truncated: cut || undefined },
          provisional: period.to >= today ? today : undefined,
        },
        [estate, ...used, ...lists],
      );
      const top = asked.top ?? SHOWN;
      const shown = meant.slice(0, top);
      const text = [sentence(meant, period), ...notesOf(receipt, meant.length - shown.length).map((note) => `_${note}_`)].join("\n\n");
      const { columns, rows } = tableOf(shown);
      return {
        content: listForModel(text, [{ columns, rows: rows.map((cells, i) => ({ cells, url: shown[i]?.url ?? undefined })) }]),
        data: { n: meant.length, services: meant },
        blocks: [
          { type: "markdown", text },
          ...(rows.length > 0 ? [{ type: "table" as const, title: "Railway services", columns, rows }] : []),
        ],
        receipts: [receipt],
        suggestions: ["deployments last week", "Railway usage by service last month"],
      };
    },
  });
}

/** What a reader must know besides the figures. */
function notesOf({ truncated, notes = [] }: Receipt, left: number): string[] {
  return [
    ...(left > 0 ? [`${formatNumber(left)} more are not shown (the largest in memory come first).`] : []),
    ...(truncated ? [`Not all was read: ${truncated}.`] : []),
    ...notes.map(plainWords),
  ];
}

const FIELDS: Readonly<Record<string, "cpuMinutes" | "memoryGbMinutes" | "networkGb">> = {
  CPU_USAGE: "cpuMinutes",
  MEMORY_USAGE_GB: "memoryGbMinutes",
  NETWORK_TX_GB: "networkGb",
};

function addUsage(places: ReadonlyMap<string, Place>, days: readonly UsageDay[], { from, to }: Period): void {
  for (const { measurement, value, tags } of days.filter(({ day }) => day >= from && day <= to).flatMap(({ used }) => used)) {
    const found = places.get(`${tags.serviceId} ${tags.environmentId}`);
    const field = FIELDS[measurement];
    if (found && field) found[field] += value;
  }
}

function daysOf(asked: Period | string | undefined, { now, user }: ToolContext): Period {
  const today = civilDate(now, user.timeZone);
  if (asked === undefined) return lastCompleteDays(30, today);
  const period = typeof asked === "string" ? resolvePeriod(asked, today) : asked;
  if (!isPeriod(period)) throw new UserError(`The period ${period.from} to ${period.to} is not a range of days.`, { path: "period" });
  return clip(period, { from: "1970-01-01", to: today }) ?? period;
}

/** Every service in every environment of its project, by "service environment" ids. */
function placesOf(client: RailwayClient, { projects }: Estate, deployments: readonly DeploymentNode[]): Map<string, Place> {
  const newest = new Map<string, DeploymentNode>();
  for (const node of deployments) {
    const key = `${node.serviceId} ${node.environmentId}`;
    const known = newest.get(key);
    if (!known || node.createdAt > known.createdAt) newest.set(key, node);
  }
  const places = projects.flatMap((project) =>
    project.services.flatMap((service) =>
      project.environments.map((environment): [string, Place] => {
        const key = `${service.id} ${environment.id}`;
        const last = newest.get(key);
        const path = `project/${encodeURIComponent(project.id)}/service/${encodeURIComponent(service.id)}?environmentId=${encodeURIComponent(environment.id)}`;
        return [
          key,
          {
            ...{ project: project.name, service: service.name, environment: environment.name },
            status: last ? (statusOf(last) ?? last.status.toLowerCase()) : null,
            deployed: last?.createdAt.toISOString() ?? null,
            commit: last?.meta?.commitHash ?? null,
            ...{ cpuMinutes: 0, memoryGbMinutes: 0, networkGb: 0, url: client.page(path) ?? null },
          },
        ];
      }),
    ),
  );
  return new Map(places);
}

/** Throws UserError with the near name, or what there is. */
function narrowed(
  places: readonly Place[],
  { project, environment }: { project?: string | undefined; environment?: string | undefined },
): Place[] {
  const names = meantBy("project", project, [...new Set(places.flatMap((p) => [p.project, p.service]))]);
  const environments = meantBy("environment", environment, [...new Set(places.map((p) => p.environment))]);
  return places.filter(
    (p) => (!names || names.includes(p.project) || names.includes(p.service)) && (!environments || environments.includes(p.environment)),
  );
}

function meantBy(field: string, spoken: string | undefined, names: readonly string[]): readonly string[] | undefined {
  if (spoken === undefined) return undefined;
  const found = matchValues(spoken, names);
  if (found.length > 0) return found;
  const near = closest(spoken, names);
  const what = near ? `Did you mean “${said(near)}”?` : `There is ${listWords(names.map((name) => said(name))) || "none"}.`;
  throw new UserError(`There is no ${field} “${plainWords(spoken)}” on Railway. ${what}`, { path: field, suggestions: near ? [near] : [] });
}
