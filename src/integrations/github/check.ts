import { z } from "zod";
import { formatNumber } from "../../core/format.ts";
import type { CheckResult } from "../../core/integration.ts";
import { listWords } from "../../core/text.ts";
import { explainError, VendorError } from "../../errors.ts";
import type { GithubClient } from "./client.ts";
import { TEAM_COUNT, WHO } from "./queries.ts";
import { readRepositories } from "./repositories.ts";
import { reportLinks, runsAnswer, teamCountAnswer, whoAnswer } from "./schema.ts";

/** Who we are at GitHub, and what will not work. Never throws. */
export async function checkGithub(client: GithubClient, signal: AbortSignal): Promise<CheckResult[]> {
  const who = await checkWho(client, signal);
  if (who.state === "failed") return [who];
  return [who, ...(await Promise.all([checkTeams(client, signal), checkActions(client, signal), checkCopilot(client, signal)]))];
}

const CHECK_TOKEN = "Make a token that reads the organisation (classic: repo and read:org) and put it into GITHUB_TOKEN.";

async function checkWho(client: GithubClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "GitHub";
  try {
    const { viewer, repositoryOwner: owner, rateLimit } = await client.graphql(WHO, { org: client.org }, whoAnswer, signal);
    if (!owner)
      return {
        ...{ name, state: "failed", message: `${viewer.login} sees no “${client.org}” at ${new URL(client.apiUrl).host}.` },
        fix: "Set GITHUB_ORG to the organisation's name as in its address, and give GITHUB_TOKEN access to it.",
      };
    const { totalCount } = owner.repositories;
    if (totalCount === 0)
      return {
        ...{ name, state: "warning", message: `${viewer.login} sees no repository of ${owner.login}.` },
        fix: "Give GITHUB_TOKEN the repo scope (classic) or access to the organisation's repositories (fine-grained).",
      };
    const missing = await missingScopes(client, signal);
    const sees = `${viewer.login} reads ${formatNumber(totalCount)} ${totalCount === 1 ? "repository" : "repositories"} of ${owner.login}`;
    if (missing.length > 0)
      return {
        ...{
          name,
          state: "warning",
          message: `${sees}, but the token lacks ${listWords(missing)}: private repositories or teams may be missing.`,
        },
        fix: `Add the scope${missing.length > 1 ? "s" : ""} ${listWords(missing)} to GITHUB_TOKEN.`,
      };
    const left = rateLimit ? `; ${formatNumber(rateLimit.remaining)} of ${formatNumber(rateLimit.limit)} points are left this hour` : "";
    return { name, state: "ok", message: `${sees}${left}` };
  } catch (error) {
    return { name, state: "failed", message: explainError(error), fix: fixFor(error) };
  }
}

function fixFor(error: unknown): string {
  const status = error instanceof VendorError ? error.status : undefined;
  if (status === 401 || status === 403) return CHECK_TOKEN;
  if (status === 404) return "Set GITHUB_ORG to the organisation's name as in its address, and give GITHUB_TOKEN access to it.";
  if (status === 429) return "Wait for the hour to end; if it comes again, give this bot a token of its own.";
  return "Check GITHUB_API_URL and the network, then run doctor again.";
}

/** Classic tokens say in every answer what they may; fine-grained ones and apps do not, and then nothing is known to be missing. */
async function missingScopes(client: GithubClient, signal: AbortSignal): Promise<string[]> {
  const response = await client.http.fetch(`${client.apiUrl}/rate_limit`, {
    headers: client.headers,
    signal,
    operation: "read token scopes",
  });
  const header = response.headers.get("x-oauth-scopes");
  if (!response.ok || header === null) return [];
  const scopes = new Set(header.split(",").map((scope) => scope.trim()));
  const reads = ["read:org", "write:org", "admin:org"].some((scope) => scopes.has(scope));
  return [...(scopes.has("repo") ? [] : ["repo"]), ...(reads ? [] : ["read:org"])];
}

async function checkTeams(client: GithubClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "GitHub teams";
  try {
    const { organization } = await client.graphql(TEAM_COUNT, { org: client.org }, teamCountAnswer, signal);
    const count = organization?.teams.totalCount ?? 0;
    return {
      name,
      state: "ok",
      message: count === 0 ? "There are none; figures have no team." : `${formatNumber(count)} ${count === 1 ? "team" : "teams"}`,
    };
  } catch (error) {
    return {
      ...{ name, state: "warning", message: `Figures will have no team. ${explainError(error)}` },
      fix: "Give GITHUB_TOKEN read:org (classic) or Members: read (fine-grained).",
    };
  }
}

async function checkActions(client: GithubClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "GitHub Actions";
  try {
    const repositories = await readRepositories(client, signal);
    const first = repositories.value.items.find(({ isArchived }) => !isArchived);
    if (!first) return { name, state: "ok", message: "There is no repository to run anything." };
    const path = `repos/${first.nameWithOwner.split("/").map(encodeURIComponent).join("/")}/actions/runs`;
    await client.http.json({ path, query: { per_page: 1 }, operation: "list workflow runs" }, runsAnswer, signal);
    return { name, state: "ok", message: "Runs can be read." };
  } catch (error) {
    return {
      ...{ name, state: "warning", message: `Pipeline runs will be missing. ${explainError(error)}` },
      fix: "Give GITHUB_TOKEN repo (classic) or Actions: read (fine-grained).",
    };
  }
}

async function checkCopilot(client: GithubClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "GitHub Copilot";
  try {
    const path = `orgs/${client.org}/copilot/metrics/reports/organization-28-day/latest`;
    const report = await client.http.json({ path, operation: "read Copilot reports" }, reportLinks.or(z.null()), signal);
    const until = report?.report_end_day;
    return { name, state: "ok", message: until ? `Reports up to ${until}` : "There are no reports yet." };
  } catch (error) {
    const isRefused = error instanceof VendorError && (error.status === 403 || error.status === 404);
    return {
      name,
      state: isRefused ? "off" : "warning",
      message: isRefused
        ? "There are no Copilot reports that GITHUB_TOKEN may see."
        : `Copilot's use will be missing. ${explainError(error)}`,
      fix: "If Copilot is used: allow the metrics API in the organisation's Copilot policies, and give GITHUB_TOKEN read:org (classic) or Organization Copilot metrics: read (fine-grained).",
    };
  }
}
