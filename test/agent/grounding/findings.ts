import type { FeedRecord } from "../../../src/core/records.ts";
import type { Finding, Tool } from "../../../src/core/tool.ts";
import { accountHealth } from "../../../src/tools/account-health.ts";
import { aiUsage } from "../../../src/tools/ai-usage.ts";
import { churnRisk } from "../../../src/tools/churn-risk.ts";
import { deliveryMetrics } from "../../../src/tools/delivery-metrics.ts";
import { estimateDuration } from "../../../src/tools/estimate-duration.ts";
import { explainChange } from "../../../src/tools/explain-change.ts";
import { findAnomalies } from "../../../src/tools/find-anomalies.ts";
import { forecast } from "../../../src/tools/forecast.ts";
import { getCosts } from "../../../src/tools/get-costs.ts";
import { help } from "../../../src/tools/help.ts";
import { listDeployments } from "../../../src/tools/list-deployments.ts";
import { listIncidents } from "../../../src/tools/list-incidents.ts";
import { pareto } from "../../../src/tools/pareto.ts";
import { queryDataset } from "../../../src/tools/query-dataset.ts";
import { billFeed, salesFeed } from "../../kit/fixture-feed.ts";
import { fixtureRecords } from "../../kit/fixture-records.ts";
import { seededRandom } from "../../kit/random.ts";
import { customerFeed } from "../../tools/customers.ts";
import { contextOf, daily, ledger, run } from "../../tools/world.ts";

/** Real findings of all tools that speak of figures, over feeds with everything in them. */

const HOUR = 3_600_000;
const DAYS = { from: "2026-08-01", to: "2026-11-20" };

const laterThan = (at: Date) => (hours: number) => new Date(at.getTime() + hours * HOUR);

const every = (n: number, i: number, yes: string, no: string) => (i % n === 0 ? yes : no);

function records(): { pulls: FeedRecord[]; deploys: FeedRecord[]; incidents: FeedRecord[]; issues: FeedRecord[] } {
  const random = seededRandom(5);
  const pulls: FeedRecord[] = [];
  const deploys: FeedRecord[] = [];
  const incidents: FeedRecord[] = [];
  const issues: FeedRecord[] = [];
  for (let i = 1; i <= 160; i++) {
    const created = new Date(Date.UTC(2026, 10, 21 - i, 7 + Math.floor(random() * 9)));
    const later = laterThan(created);
    const repository = every(3, i, "acme/harbour-api", "acme/web");
    const wait = 1 + random() * 20;
    pulls.push({
      id: `${repository}#${i}`,
      at: created,
      title: `Change ${i}`,
      labels: { repository, author: every(2, i, "bob", "ann"), reviewers: "cem", state: "merged", commit: `c${i}` },
      numbers: {},
      times: { created, first_commit: later(-3), first_review: later(wait), merged: later(wait + 4) },
    });
    const status = every(11, i, "failure", "success");
    deploys.push({
      id: `d${i}`,
      at: later(wait + 5),
      labels: {
        repository,
        service: every(3, i, "harbour-api", "web"),
        environment: "production",
        status,
        commits: `c${i}`,
        author: "ann",
      },
      numbers: {},
      times: { started: later(wait + 5), finished: later(wait + 5.2) },
    });
    if (i % 12 === 0)
      incidents.push({
        id: `P${i}`,
        at: created,
        title: `Checkout fails for some ships ${i}`,
        labels: { service: every(24, i, "berths", "checkout"), severity: every(36, i, "critical", "high"), status: "resolved" },
        numbers: {},
        times: { created, resolved: later(0.5 + random() * 6) },
      });
    const resolved = later(24 * (i % 2 ? 4 : 25) * (0.5 + random()));
    issues.push({
      id: `OPS-${i}`,
      at: created,
      labels: { project: every(3, i, "WEB", "OPS"), type: every(2, i, "story", "bug") },
      numbers: {},
      times: { created, ...(resolved < new Date("2026-11-21") ? { resolved } : {}) },
    });
  }
  return { pulls, deploys, incidents, issues };
}

const { pulls, deploys, incidents, issues } = records();
const random = seededRandom(12);
const spiky = daily(DAYS, { service: "Object Store", team: "harbour" }, (day) => (day === "2026-11-12" ? 940 : 210 + random() * 20)).concat(
  daily(DAYS, { service: "Message Bus", team: "ferry" }, (_, i) => 90 + i * 0.4 + random() * 6),
);
const latency = daily(DAYS, { service: "berths" }, (_, i) => 300 + Math.round(random() * 90) + i).concat(
  daily(DAYS, { service: "checkout" }, () => 120 + Math.round(random() * 40)),
);
const models = daily(DAYS, { model: "claude-opus-5-5", workspace: "platform" }, (_, i) => 20 + i).concat(
  daily(DAYS, { model: "claude-haiku-5-5", workspace: "support" }, () => 5.25),
);

const money = contextOf([billFeed(), salesFeed()]);
const spikes = contextOf([ledger("cloud", spiky)]);
const speed = contextOf([ledger("speed", latency, { kind: "metrics", measure: "latency", unit: "ms" })]);
const usage = contextOf([ledger("anthropic", models, { kind: "ai_usage", withoutPeriod: "recent" })]);
const crm = contextOf([customerFeed(400)]);
const work = contextOf([
  fixtureRecords("pulls", pulls, ["repository", "author"]),
  fixtureRecords("deploys", deploys, ["service", "environment", "status"]),
  fixtureRecords("incidents", incidents, ["service", "severity"]),
  fixtureRecords("issues", issues, ["project", "type"]),
]);

const ASKED: readonly (readonly [Tool, Record<string, unknown>, typeof money, string])[] = [
  [getCosts, {}, money, "What did we spend?"],
  [
    getCosts,
    { by: "service", period: "last month", compare: "previous" },
    money,
    "What did each service cost last month, against the month before?",
  ],
  [getCosts, { by: "account", filter: { provider: "AWS" }, period: "this quarter" }, money, "AWS by account this quarter?"],
  [getCosts, { by: ["account", "region"], period: "last month" }, money, "Split last month by account and region."],
  [getCosts, { grain: "month", by: "account", period: "Q3 2026", compare: "year_ago" }, money, "How did the accounts develop in Q3?"],
  [getCosts, { grain: "week", period: "this quarter" }, money, "Costs by week this quarter?"],
  [getCosts, { by: "region", period: "last week", compare: "previous" }, money, "Regions last week?"],
  [pareto, { by: "service" }, money, "What are the main cost drivers?"],
  [pareto, { measure: "orders", by: "product", period: "last month" }, money, "Which products make most orders?"],
  [pareto, { measure: "revenue", by: "country", period: "2026" }, money, "80/20 of revenue by country?"],
  [
    queryDataset,
    { dataset: "sales", measures: ["revenue", "orders"], grain: "month", period: "2026" },
    money,
    "Revenue and orders by month",
  ],
  [
    queryDataset,
    { dataset: "sales", by: "product", order: "change", period: "last month", compare: "previous" },
    money,
    "Which product changed most?",
  ],
  [queryDataset, {}, money, "Which data is there?"],
  [queryDataset, { dataset: "speed", by: "service", period: "last month", compare: "previous" }, speed, "How slow were the services?"],
  [explainChange, { period: "last month" }, money, "Why did costs rise?"],
  [explainChange, { dataset: "sales", period: "last month" }, money, "Why did revenue rise?"],
  [findAnomalies, {}, spikes, "Anything unusual?"],
  [findAnomalies, { dataset: "sales" }, money, "Anomalies in sales?"],
  [forecast, {}, money, "What will November come to?"],
  [forecast, { dataset: "sales", measure: "revenue", period: "next month" }, money, "And revenue next month?"],
  [forecast, { budget: 95_000 }, money, "Does a budget of $95,000 hold?"],
  [churnRisk, {}, crm, "Who is about to leave?"],
  [accountHealth, {}, crm, "How healthy are the accounts?"],
  [aiUsage, { by: "model", compare: "previous", period: "last month" }, usage, "What did the models cost?"],
  [deliveryMetrics, {}, work, "How is delivery?"],
  [deliveryMetrics, { period: "last month" }, work, "DORA for last month?"],
  [estimateDuration, { by: "type" }, work, "How long do tickets take?"],
  [listIncidents, { period: "last 90 days" }, work, "Which incidents did we have?"],
  [listDeployments, { period: "last week" }, work, "What was deployed last week?"],
  [help, {}, money, "What can you do?"],
];

export interface Asked {
  tool: string;
  question: string;
  finding: Finding;
}

export async function realFindings(): Promise<Asked[]> {
  const found: Asked[] = [];
  for (const [tool, input, context, question] of ASKED) found.push({ tool: tool.name, question, finding: await run(tool, input, context) });
  return found;
}
