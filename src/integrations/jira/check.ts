import { formatNumber } from "../../core/format.ts";
import type { CheckResult } from "../../core/integration.ts";
import { listWords, plainWords } from "../../core/text.ts";
import { explainError, VendorError } from "../../errors.ts";
import type { JiraClient } from "./client.ts";
import { countIssues } from "./issues.ts";
import { oneOf } from "./jql.ts";
import { boardsAnswer, myselfAnswer } from "./schema.ts";
import { readNames, readSetup } from "./setup.ts";

/** Who we are at Jira, and what will not work. Never throws. */
export async function checkJira(client: JiraClient, signal: AbortSignal): Promise<CheckResult[]> {
  const who = await checkWho(client, signal);
  if (who.state === "failed") return [who];
  return [who, ...(await Promise.all([checkIssues(client, signal), checkSprints(client, signal)]))];
}

async function checkWho(client: JiraClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "Jira";
  try {
    const { getCurrentUser } = await client.cloud();
    const me = client.http.parse(await getCurrentUser(client.sdk(signal)), myselfAnswer);
    const { value } = await readNames(client, signal);
    const at = new URL(client.address).host;
    if (value.projects.length === 0)
      return {
        ...{ name, state: "warning", message: `${plainWords(me.displayName)} sees no project at ${at}.` },
        fix: "Give the account of JIRA_EMAIL the permission Browse projects, in a role of each project.",
      };
    const keys = listWords(
      value.projects.map(({ key }) => key),
      10,
    );
    return {
      name,
      state: "ok",
      message: `${plainWords(me.displayName)} reads ${counted(value.projects.length, "project")} at ${at}: ${keys}`,
    };
  } catch (error) {
    return { name, state: "failed", message: explainError(error), fix: fixFor(error) };
  }
}

function fixFor(error: unknown): string {
  const status = error instanceof VendorError ? error.status : undefined;
  if (status === 401 || status === 403)
    return "Make an API token at id.atlassian.com with the account of JIRA_EMAIL and put it into JIRA_TOKEN.";
  if (status === 404) return "Set JIRA_URL to the site's address, https://COMPANY.atlassian.net.";
  if (status === 429) return "Wait a few minutes; if it comes again, give this bot an account of its own.";
  return "Check JIRA_URL and the network, then run doctor again.";
}

async function checkIssues(client: JiraClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "Jira issues";
  try {
    const [setup, names] = await Promise.all([readSetup(client, signal), readNames(client, signal)]);
    const keys = names.value.projects.slice(0, 100).map(({ key }) => key);
    if (keys.length === 0) return { name, state: "ok", message: "There is no project to look into." };
    const count = await countIssues(client, oneOf("project", keys), signal);
    const { points, sprint } = setup.value.fields;
    const missing = [...(points.length === 0 ? ["story points"] : []), ...(sprint ? [] : ["sprints"])];
    const message = `About ${counted(count, "issue")}`;
    if (missing.length === 0) return { name, state: "ok", message };
    return {
      ...{ name, state: "warning", message: `${message}, but there is no field of ${listWords(missing)}.` },
      fix: "If your teams plan with Jira Software, give the account of JIRA_EMAIL access to it; otherwise nothing is to be done.",
    };
  } catch (error) {
    return { name, state: "failed", message: explainError(error), fix: "Give the account of JIRA_EMAIL the permission Browse projects." };
  }
}

async function checkSprints(client: JiraClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "Jira boards";
  try {
    const { getAllBoards } = await client.agile();
    const answer = client.http.parse(await getAllBoards(client.sdk(signal), { type: "scrum", startAt: 0, maxResults: 1 }), boardsAnswer);
    const count = answer.total ?? answer.values.length;
    if (count > 0) return { name, state: "ok", message: counted(count, "scrum board") };
    return { name, state: "ok", message: "There is no scrum board that the account sees; there are no sprints to tell of." };
  } catch (error) {
    return {
      ...{ name, state: "warning", message: `Sprints will be missing. ${explainError(error)}` },
      fix: "Give the account of JIRA_EMAIL access to Jira Software (Administration, Users, Product access).",
    };
  }
}

function counted(n: number, one: string): string {
  return `${formatNumber(n)} ${n === 1 ? one : `${one}s`}`;
}
