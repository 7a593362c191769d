import { getJson, send, sendJson } from "./http.js";

/** @import { AlertPreview, BudgetStanding, Check, DigestList, Finding, ProjectName, WireChart } from "../wire.ts" */

/** What the pages beside the conversation read. */

/**
 * Runs one tool, as a program would.
 * @param {string} name
 * @param {object} [input]
 * @returns {Promise<Finding>}
 */
export async function runTool(name, input = {}) {
  return (await sendJson("POST", `/api/v1/tools/${name}`, input)).data;
}

/** @returns {Promise<DigestList>} */
export async function listDigests() {
  return (await getJson("/api/v1/digests")).data;
}

/** What the alert rules would say now. @returns {Promise<AlertPreview>} */
export async function previewAlerts() {
  return (await getJson("/api/v1/alerts/preview")).data;
}

/** @returns {Promise<BudgetStanding>} */
export async function readBudgets() {
  return (await getJson("/api/v1/budgets")).data;
}

/** The parts the house depends on, as they were met last. @returns {Promise<readonly Pick<Check, "name" | "state">[]>} */
export async function readHealth() {
  return (await getJson("/health/ready")).data.checks;
}

/** What a question may be narrowed to, by name. @returns {Promise<readonly ProjectName[]>} */
export async function listProjects() {
  return (await getJson("/api/v1/scopes")).data;
}

/**
 * A chart that a tool has made, as a PNG.
 * @param {Pick<WireChart, "spec" | "proof">} chart
 * @param {{ theme: string, layout: string }} look
 */
export async function drawChart({ spec, proof }, look) {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ spec, proof, ...look }) };
  return (await send("/api/v1/charts", init)).blob();
}
