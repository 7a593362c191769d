import { fromInstant } from "../../core/civil-date.ts";
import { formatNumber } from "../../core/format.ts";
import type { CheckResult } from "../../core/integration.ts";
import { listWords } from "../../core/text.ts";
import { explainError, VendorError } from "../../errors.ts";
import type { RailwayClient } from "./client.ts";
import type { Estate, Projects } from "./projects.ts";
import { usageDocument } from "./queries.ts";
import { cleanWords } from "./receipts.ts";
import { usageAnswer } from "./schema.ts";
import { MEASUREMENTS } from "./usage.ts";

const NEW_TOKEN = "Make a workspace token at railway.com/account/tokens (a project token does not do) and put it into RAILWAY_TOKEN.";
const NETWORK = "Check RAILWAY_API_URL and the network, then run doctor again.";

/** Who we are at Railway, and what will not work. Never throws. */
export async function checkRailway(client: RailwayClient, projects: Projects, signal: AbortSignal): Promise<CheckResult[]> {
  const name = "Railway";
  try {
    const { value: estate } = await projects(signal);
    const where = listWords(estate.workspaces.map((workspace) => cleanWords(workspace.name)));
    if (estate.projects.length === 0)
      return [{ name, state: "warning", message: `The token sees no project${where ? ` of ${where}` : ""}.`, fix: NEW_TOKEN }];
    const count = `${formatNumber(estate.projects.length)} ${estate.projects.length === 1 ? "project" : "projects"}`;
    return [{ name, state: "ok", message: `The token reads ${count} of ${where}` }, await checkUsage(client, estate, signal)];
  } catch (error) {
    return [{ name, state: "failed", message: explainError(error), fix: fixFor(error) }];
  }
}

async function checkUsage(client: RailwayClient, { workspaces }: Estate, signal: AbortSignal): Promise<CheckResult> {
  const name = "Railway usage";
  try {
    const now = client.now();
    const document = usageDocument([{ day: fromInstant(now), end: `${now.toISOString().slice(0, 19)}Z` }]);
    for (const { id } of workspaces)
      await client.query(document, { workspaceId: id, measurements: MEASUREMENTS, groupBy: ["PROJECT_ID"] }, usageAnswer, signal);
    return { name, state: "ok", message: "What projects use can be read; Railway states no money for it." };
  } catch (error) {
    return { name, state: "warning", message: `What projects use will be missing. ${explainError(error)}`, fix: fixFor(error) };
  }
}

function fixFor(error: unknown): string {
  const status = error instanceof VendorError ? error.status : undefined;
  if (status === 401 || status === 403) return NEW_TOKEN;
  return status === 429 ? "Wait for the hour to end; Railway’s plan decides how much may be asked." : NETWORK;
}
