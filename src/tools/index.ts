import type { Tool } from "../core/tool.ts";
import { deliveryMetrics } from "./delivery-metrics.ts";
import { doctor } from "./doctor.ts";
import { getCosts } from "./get-costs.ts";
import { help } from "./help.ts";
import { listDeployments } from "./list-deployments.ts";
import { listIncidents } from "./list-incidents.ts";
import { pareto } from "./pareto.ts";
import { queryDataset } from "./query-dataset.ts";

/** The tools no single vendor owns. Adding one is a file, its test and a line here. */
export const tools: readonly Tool[] = [getCosts, pareto, queryDataset, deliveryMetrics, listDeployments, listIncidents, doctor, help];
