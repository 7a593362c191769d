import type { Tool } from "../core/tool.ts";
import { accountHealth } from "./account-health.ts";
import { agentMetrics } from "./agent-metrics.ts";
import { aiUsage } from "./ai-usage.ts";
import { aiValue } from "./ai-value.ts";
import { alerts } from "./alerts.ts";
import { archiveProject } from "./archive-project.ts";
import { askCoach } from "./ask-coach.ts";
import { bindChannel } from "./bind-channel.ts";
import { brief } from "./brief.ts";
import { changeDigest } from "./change-digest.ts";
import { churnRisk } from "./churn-risk.ts";
import { churnRootCause } from "./churn-root-cause.ts";
import { complaintThemes } from "./complaint-themes.ts";
import { createProject } from "./create-project.ts";
import { deliveryMetrics } from "./delivery-metrics.ts";
import { digests } from "./digests.ts";
import { doctor } from "./doctor.ts";
import { estimateDuration } from "./estimate-duration.ts";
import { explainChange } from "./explain-change.ts";
import { findAnomalies } from "./find-anomalies.ts";
import { forecast } from "./forecast.ts";
import { forgetMe } from "./forget-me.ts";
import { getCosts } from "./get-costs.ts";
import { help } from "./help.ts";
import { listDeployments } from "./list-deployments.ts";
import { listIncidents } from "./list-incidents.ts";
import { listProjects } from "./list-projects.ts";
import { myQuestions } from "./my-questions.ts";
import { openSkill } from "./open-skill.ts";
import { pareto } from "./pareto.ts";
import { postMessage } from "./post-message.ts";
import { productionRisk } from "./production-risk.ts";
import { projectMetrics } from "./project-metrics-tool.ts";
import { queryDataset } from "./query-dataset.ts";
import { retentionCampaign } from "./retention-campaign.ts";
import { forecastRevenue } from "./revenue-forecast.ts";
import { runSkill } from "./run-skill.ts";
import { searchKnowledge } from "./search-knowledge.ts";
import { serviceHealth } from "./service-health.ts";
import { setProjectBudget } from "./set-project-budget.ts";
import { streamingQuality } from "./streaming-quality.ts";

/** The tools no single vendor owns. Adding one is a file, its test and a line here. */
export const tools: readonly Tool[] = [
  getCosts,
  aiUsage,
  aiValue,
  agentMetrics,
  pareto,
  queryDataset,
  explainChange,
  findAnomalies,
  forecast,
  churnRisk,
  accountHealth,
  estimateDuration,
  brief,
  deliveryMetrics,
  listDeployments,
  listIncidents,
  listProjects,
  projectMetrics,
  churnRootCause,
  retentionCampaign,
  complaintThemes,
  productionRisk,
  forecastRevenue,
  serviceHealth,
  streamingQuality,
  searchKnowledge,
  askCoach,
  openSkill,
  runSkill,
  digests,
  changeDigest,
  postMessage,
  createProject,
  setProjectBudget,
  archiveProject,
  bindChannel,
  alerts,
  myQuestions,
  forgetMe,
  doctor,
  help,
];
