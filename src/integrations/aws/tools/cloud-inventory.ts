import { z } from "zod";
import { formatMoney, formatNumber } from "../../../core/format.ts";
import { parameters } from "../../../core/parameters.ts";
import type { Cell } from "../../../core/reply.ts";
import { closest, listWords, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding } from "../../../core/tool.ts";
import { matchValues } from "../../../core/value-names.ts";
import { UserError } from "../../../errors.ts";
import { counted, said } from "../../words.ts";
import type { AwsClient } from "../client.ts";
import type { Explorer, Meter } from "../costs/explorer.ts";
import { FINDINGS, type FindingKind, type Judged, judge } from "../inventory/judge.ts";
import { readPrices } from "../inventory/prices.ts";
import { type Inventory, readInventory } from "../inventory/read.ts";
import { KINDS, type Kind } from "../inventory/resource.ts";
import { worthOf } from "../inventory/worth.ts";
import { listed } from "./listing.ts";
import { inventoryReceipt } from "./receipts.ts";

const row = z.object({
  kind: z.enum(KINDS),
  id: z.string(),
  name: z.string(),
  account: z.string(),
  region: z.string(),
  type: z.string().nullable(),
  state: z.string().nullable(),
  team: z.string().nullable(),
  size_gb: z.number().nullable(),
  monthly_cost: z.number().nullable(),
  currency: z.string().nullable(),
  cost_basis: z.string().nullable(),
  finding: z.enum(FINDINGS).nullable(),
  reason: z.string().nullable(),
  monthly_saving: z.number().nullable(),
  saving_basis: z.string().nullable(),
});
const output = z.object({
  n: z.number(),
  findings: z.number(),
  /** Without what is only possible. */
  monthly_saving: z.array(z.object({ currency: z.string(), amount: z.number() })),
  resources: z.array(row),
});
const input = z.strictObject({
  kind: z.enum(KINDS).optional().describe("Only resources of this kind."),
  service: z
    .string()
    .min(1)
    .max(120)
    .optional()
    .describe('Only resources of this AWS service: "EC2", "RDS", "S3", "Route 53", "Lightsail".'),
  finding: z
    .enum([...FINDINGS, "waste"])
    .optional()
    .describe('Only what deserves a look for this reason; "waste" for any.'),
  account: z.string().min(1).max(120).optional().describe("Only in this account, by name or number."),
  region: z.string().min(1).max(40).optional().describe('Only in this region: "eu-west-1".'),
  top: parameters.top,
});
type Input = z.output<typeof input>;

export function cloudInventory(client: AwsClient, explorer: Explorer) {
  return defineTool({
    name: "cloud_inventory",
    title: "Cloud inventory",
    description:
      "What stands in the AWS accounts: machines, volumes, addresses (EC2), databases (RDS), buckets with sizes (S3), hosted zones (Route 53), Lightsail; and what of it is idle, oversized, unattached, stopped or out of support, with what it costs a month. Use it for how many there are, the largest, and where money is wasted. For what was spent use get_costs; for commitments use cloud_savings.",
    examples: [
      "Which machines are idle?",
      "What runs in our AWS accounts?",
      "unused AWS resources",
      "what can we turn off in AWS?",
      "how many databases do we run?",
      "oversized machines",
      "unattached volumes",
      "which servers are idle?",
      "unattached volumes and unused addresses",
      "Which databases are oversized?",
      "largest S3 buckets",
      "list our RDS databases",
      "Where do we waste money in AWS?",
      "how many EC2 instances do we have in production?",
      "which machines could we switch off?",
      "idle resources",
      "how many EC2 instances do we run?",
      "oversized instances",
      "how big is the backups bucket?",
      "which domains do we own?",
      "unused volumes",
      "which buckets are the biggest?",
      "what can be deleted in AWS?",
      "zombie servers",
      "list our servers",
      "which databases do we have in AWS?",
      "hosted zones",
      "what servers run in eu-west-1?",
      "which instances are underused?",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "inventory", hint: "[kind] [idle|oversized|unattached|stopped]" },
    input,
    output,

    async run(asked, context): Promise<Finding> {
      const { signal } = context;
      signal.throwIfAborted();
      const meter: Meter = { requests: 0 };
      const kinds = kindsMeant(asked);
      const [inventory, prices] = await Promise.all([
        readInventory(client, explorer, kinds, meter, signal),
        readPrices(client, meter, signal),
      ]);
      const worths = inventory.resources.map((resource) => worthOf(resource, prices, inventory.bundles));
      const judged = narrow(judge(inventory.resources, worths, prices, client.now()), asked);
      const found = judged.filter(({ verdict }) => verdict !== undefined);
      const shown = asked.finding || (kinds === undefined && found.length > 0) ? wanted(found, asked) : judged.toSorted(byWorth);
      const isAboutWaste = asked.finding !== undefined || kinds === undefined;
      return listed({
        text: sentence(judged, isAboutWaste ? wanted(found, asked) : found, asked, inventory, isAboutWaste),
        sections: [
          {
            title: isAboutWaste ? "Worth a look" : "Resources",
            columns: isAboutWaste ? WASTE_COLUMNS : PLAIN_COLUMNS,
            rows: shown.map(isAboutWaste ? wasteCells : plainCells),
            top: asked.top,
            order: "the dearest come first",
          },
        ],
        receipts: [inventoryReceipt(client, inventory, prices, meter)],
        data: {
          n: judged.length,
          findings: found.length,
          monthly_saving: [...savings(found)].map(([currency, amount]) => ({ currency, amount: cents(amount) })),
          resources: shown.slice(0, MOST_ROWS).map(rowOf),
        },
        suggestions: suggestions(asked),
      });
    },
  });
}

const MOST_ROWS = 500;
const text = (label: string) => ({ label, type: "text" as const });
const MONTHLY = { label: "a month", type: "money" as const, unit: "USD" };
const WASTE_COLUMNS = [
  text("what"),
  text("where"),
  text("finding"),
  text("why"),
  { ...MONTHLY, label: "saves a month" },
  text("worked out from"),
];
const PLAIN_COLUMNS = [
  text("what"),
  text("type"),
  text("where"),
  text("state"),
  { label: "GB", type: "number" as const },
  MONTHLY,
  text("finding"),
];

const WORDS: Readonly<Record<Kind, readonly [one: string, many: string]>> = {
  instances: ["EC2 instance", "EC2 instances"],
  volumes: ["volume", "volumes"],
  addresses: ["address", "addresses"],
  databases: ["database", "databases"],
  buckets: ["bucket", "buckets"],
  zones: ["hosted zone", "hosted zones"],
  lightsail: ["Lightsail machine", "Lightsail machines"],
};
const SERVICES: readonly { name: string; kinds: readonly Kind[] }[] = [
  { name: "Amazon Elastic Compute Cloud - Compute (EC2)", kinds: ["instances", "volumes", "addresses"] },
  { name: "Amazon Relational Database Service (RDS)", kinds: ["databases"] },
  { name: "Amazon Simple Storage Service (S3)", kinds: ["buckets"] },
  { name: "Amazon Route 53", kinds: ["zones"] },
  { name: "Amazon Lightsail", kinds: ["lightsail"] },
];

function kindsMeant({ kind, service }: Input): readonly Kind[] | undefined {
  if (kind) return [kind];
  if (service === undefined) return undefined;
  const names = SERVICES.map(({ name }) => name);
  // Cost Explorer's own names have no short form in brackets.
  const [plain] = service.split(/ - | \(/);
  const found = [...matchValues(service, names), ...matchValues(plain ?? "", names)];
  const kinds = SERVICES.find(({ name }) => found.includes(name))?.kinds;
  if (kinds) return service.toLowerCase() === "ec2" || /compute$/i.test(service) ? ["instances"] : kinds;
  throw new UserError(`The inventory has no service “${said(service)}”. It has EC2, RDS, S3, Route 53 and Lightsail.`, { path: "service" });
}

function narrow(judged: readonly Judged[], { account, region }: Input): Judged[] {
  const accounts =
    account === undefined
      ? undefined
      : meant(
          "account",
          account,
          judged.flatMap(({ resource: { account: a } }) => [a.name, a.id]),
        );
  const regions =
    region === undefined
      ? undefined
      : meant(
          "region",
          region,
          judged.map(({ resource }) => resource.region),
        );
  return judged.filter(
    ({ resource }) =>
      (!accounts || accounts.includes(resource.account.name) || accounts.includes(resource.account.id)) &&
      (!regions || regions.includes(resource.region)),
  );
}

function meant(field: string, spoken: string, all: readonly string[]): readonly string[] {
  const names = [...new Set(all)];
  const found = matchValues(spoken, names);
  if (found.length > 0 || names.length === 0) return found;
  const near = closest(spoken, names);
  throw new UserError(
    `Nothing stands in ${field} “${said(spoken)}”. ${near ? `Did you mean “${said(near)}”?` : `There is ${listWords(names.map((name) => said(name)))}.`}`,
    { path: field },
  );
}

function wanted(found: readonly Judged[], { finding }: Input): Judged[] {
  return found
    .filter(({ verdict }) => finding === undefined || finding === "waste" || verdict?.kind === finding)
    .toSorted((a, b) => weight(b) - weight(a) || (a.resource.name < b.resource.name ? -1 : 1));
}

/** What is only possible comes after what is sure. */
function weight({ verdict }: Judged): number {
  return (verdict?.saving?.amount ?? 0) * (verdict?.possible ? 0.5 : 1);
}

function byWorth(a: Judged, b: Judged): number {
  return (b.worth?.amount ?? 0) - (a.worth?.amount ?? 0) || (a.resource.name < b.resource.name ? -1 : 1);
}

/** By currency, without what is only possible. */
function savings(found: readonly Judged[]): Map<string, number> {
  return totals(found.flatMap(({ verdict }) => (verdict?.saving && !verdict.possible ? [verdict.saving] : [])));
}

function totals(money: readonly { amount: number; currency: string }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { amount, currency } of money) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return sums;
}

function moneyWords(sums: ReadonlyMap<string, number>): string {
  return listWords([...sums].map(([currency, amount]) => formatMoney(amount, currency)));
}

function sentence(all: readonly Judged[], found: readonly Judged[], asked: Input, inventory: Inventory, isAboutWaste: boolean): string {
  const where = placeWords(asked, inventory);
  const notes = inventory.notes.map((note) => ` ${plainWords(note)}`).join("");
  if (all.length === 0) return `Nothing of that kind stands in ${where}.${notes}`;
  const counts = KINDS.flatMap((kind) => {
    const n = all.filter(({ resource }) => resource.kind === kind).length;
    return n > 0 ? [counted(n, ...WORDS[kind])] : [];
  });
  const cost = totals(all.flatMap(({ worth }) => worth ?? []));
  const head = `**${listWords(counts)}** in ${where}${cost.size > 0 ? `, about ${moneyWords(cost)} a month at on-demand prices` : ""}.`;
  const about = isAboutWaste
    ? `${wasteWords(found, asked.finding)} Looked at: ${head.replaceAll("**", "")}`
    : `${head} ${deserving(found)}`;
  return `${about.trim()}${notes}`;
}

function deserving(found: readonly Judged[]): string {
  const sums = savings(found);
  return found.length > 0 && sums.size > 0
    ? `${counted(found.length, "of them deserves", "of them deserve")} a look, worth about ${moneyWords(sums)} a month.`
    : "";
}

function wasteWords(found: readonly Judged[], finding: FindingKind | "waste" | undefined): string {
  const sums = savings(found);
  const possible = totals(found.flatMap(({ verdict }) => (verdict?.possible && verdict.saving ? [verdict.saving] : [])));
  const what =
    finding === undefined || finding === "waste"
      ? "deserves a look"
      : finding === "no lifecycle"
        ? "has no lifecycle rule"
        : `is ${finding}`;
  if (found.length === 0) return `Nothing ${what}.`;
  const many = what
    .replace(/^deserves/, "deserve")
    .replace(/^is /, "are ")
    .replace(/^has /, "have ");
  const words = found.length === 1 ? `**One thing ${what}**` : `**${formatNumber(found.length)} things ${many}**`;
  const saved = sums.size > 0 ? `, worth about **${moneyWords(sums)} a month** (an estimate from unit prices)` : "";
  const more = possible.size > 0 ? ` Cold storage classes could save up to ${moneyWords(possible)} more.` : "";
  const largest = found
    .filter(({ verdict }) => verdict?.saving && !verdict.possible)
    .slice(0, 3)
    .map(({ resource, verdict }) => `${said(resource.name)} (${verdict?.kind}, ${money(verdict?.saving)})`);
  return `${words}${saved}.${largest.length > 0 ? ` Largest: ${listWords(largest)}.` : ""}${more}`;
}

function money(saving: { amount: number; currency: string } | undefined): string {
  return saving ? formatMoney(saving.amount, saving.currency) : "";
}

function placeWords({ account, region }: Input, { estates }: Inventory): string {
  const accounts = account ? `account ${said(account)}` : counted(estates.length, "account");
  const regions = new Set(estates.flatMap((estate) => estate.regions)).size;
  return `${accounts}${region ? `, ${said(region)}` : ` and ${counted(regions, "region")}`}`;
}

function wasteCells({ resource, verdict }: Judged): Cell[] {
  const { saving } = verdict ?? {};
  const basis = saving ? `${verdict?.possible ? "up to; " : ""}${saving.basis}` : "price not known";
  const isDollar = saving?.currency === "USD";
  return [
    title(resource),
    `${resource.account.name} ${resource.region}`,
    verdict?.kind ?? null,
    verdict?.reason ?? null,
    saving && isDollar ? cents(saving.amount) : null,
    saving && !isDollar ? `${money(saving)}; ${basis}` : basis,
  ];
}

function plainCells({ resource, worth, verdict }: Judged): Cell[] {
  const { type, state, sizeGb, account, region, engine, version } = resource;
  const what = engine ? `${type ?? ""} ${engine} ${version ?? ""}`.trim() : (type ?? null);
  return [
    title(resource),
    what,
    `${account.name} ${region}`,
    state ?? null,
    sizeGb === undefined ? null : Math.round(sizeGb),
    worth?.currency === "USD" ? cents(worth.amount) : null,
    verdict?.kind ?? null,
  ];
}

function title({ id, name }: Judged["resource"]): string {
  return name === id ? said(name) : `${said(name)} (${said(id, 40)})`;
}

function rowOf({ resource, worth, verdict }: Judged): z.output<typeof row> {
  const { kind, id, name, account, region, type, state, team, sizeGb } = resource;
  return {
    ...{ kind, id, name, account: account.name, region, type: type ?? null, state: state ?? null, team: team ?? null },
    size_gb: sizeGb === undefined ? null : Math.round(sizeGb * 10) / 10,
    monthly_cost: worth ? cents(worth.amount) : null,
    currency: worth?.currency ?? verdict?.saving?.currency ?? null,
    cost_basis: worth?.basis ?? null,
    finding: verdict?.kind ?? null,
    reason: verdict?.reason ?? null,
    monthly_saving: verdict?.saving ? cents(verdict.saving.amount) : null,
    saving_basis: verdict?.saving ? `${verdict.possible ? "up to; " : ""}${verdict.saving.basis}` : null,
  };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function suggestions({ finding, kind }: Input): string[] {
  return [
    ...(finding === "idle" ? ["Which databases are oversized?"] : ["Which machines are idle?"]),
    ...(kind === "volumes" ? [] : ["unattached volumes and unused addresses"]),
    "Are our savings plans well used?",
  ];
}
