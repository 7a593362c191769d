import { fromInstant } from "../../core/civil-date.ts";
import type { CheckResult } from "../../core/integration.ts";
import { listWords, plainWords } from "../../core/text.ts";
import { explainError, quoteForeign, VendorError } from "../../errors.ts";
import type { NewRelicClient } from "./client.ts";
import { readIssues } from "./incidents.ts";
import { namesOf } from "./metrics.ts";
import { whoAnswer } from "./schema.ts";

const WHO = "query($account: Int!) { actor { user { name } account(id: $account) { name } } }";

/** Who we are at New Relic, and what will not work. Never throws. */
export async function checkNewRelic(client: NewRelicClient, signal: AbortSignal): Promise<CheckResult[]> {
  const who = await guarded(client, "New Relic", () => checkWho(client, signal));
  if (who.state !== "ok") return [who];
  return [
    who,
    ...(await Promise.all([
      guarded(client, "New Relic services", () => checkServices(client, signal)),
      guarded(client, "New Relic issues", () => checkIssues(client, signal)),
    ])),
  ];
}

async function checkWho(client: NewRelicClient, signal: AbortSignal): Promise<CheckResult> {
  const request = { query: WHO, variables: { account: client.account }, operation: "who am I" };
  const { actor } = await client.http.graphql(request, whoAnswer, signal);
  const name = "New Relic";
  if (actor.account === null) return { name, state: "failed", message: `The key sees no account ${client.account}.`, fix: FIX_ACCOUNT };
  const account = `${said(actor.account.name ?? "the account")} (${client.account})`;
  return { name, state: "ok", message: `${said(actor.user?.name ?? "The key")} reads ${account}` };
}

async function checkServices(client: NewRelicClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "New Relic services";
  const { value } = await namesOf(client, "service", signal);
  if (value.length > 0)
    return { name, state: "ok", message: `${value.length} have reported in the last week: ${listWords(value.map(said), 4)}` };
  return {
    ...{ name, state: "warning", message: "No service has reported in the last week, so there are no requests, errors or latencies." },
    fix: "Install an APM agent in a service, or set NEW_RELIC_ACCOUNT_ID to the account its agents report to.",
  };
}

async function checkIssues(client: NewRelicClient, signal: AbortSignal): Promise<CheckResult> {
  const today = fromInstant(client.now());
  const { value } = await readIssues(client, { from: today, to: today }, signal);
  return { name: "New Relic issues", state: "ok", message: `${value.items.length} opened today` };
}

const FIX_ACCOUNT = "Set NEW_RELIC_ACCOUNT_ID to an account that the key's user may read.";

async function guarded(client: NewRelicClient, name: string, check: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    return { name, state: "failed", message: explainError(error), fix: fixFor(client, error) };
  }
}

function fixFor(client: NewRelicClient, error: unknown): string {
  const status = error instanceof VendorError ? error.status : undefined;
  if (status === 401 || status === 403)
    return `Make a user key (NRAK…) for a user who may read the account ${client.account}, and put it into NEW_RELIC_API_KEY.`;
  if (/access|denied|not authorized|forbidden/i.test(error instanceof VendorError ? error.detail : "")) return FIX_ACCOUNT;
  return "Check NEW_RELIC_API_URL (accounts in the EU have https://api.eu.newrelic.com/graphql) and the network, then run doctor again.";
}

function said(text: string): string {
  return plainWords(quoteForeign(text));
}
