import type { McpResource } from "../world.ts";
import { retentionCampaigns } from "./campaigns.ts";
import { churnSignals } from "./churn.ts";
import { complaintsTopics } from "./complaints.ts";
import { contentCatalog } from "./content.ts";
import { operationalEfficiency } from "./efficiency.ts";
import { internationalMarkets } from "./markets.ts";
import { paretoAnalysis } from "./paretos.ts";
import { productionIssues } from "./production.ts";
import { revenueImpact } from "./revenue.ts";
import { streamingQualityKpis } from "./streaming.ts";

/** What an operations platform reads, all worked out from datasets, tickets and incidents. Adding one is a file and a line here. */
export const operations: readonly McpResource[] = [
  churnSignals,
  complaintsTopics,
  productionIssues,
  contentCatalog,
  internationalMarkets,
  revenueImpact,
  retentionCampaigns,
  operationalEfficiency,
  paretoAnalysis,
  streamingQualityKpis,
];
