import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { CheckResult } from "../../core/integration.ts";
import { plainWords } from "../../core/text.ts";
import { explainError, VendorError } from "../../errors.ts";
import { type AnthropicClient, type Get, isRefused } from "./client.ts";
import { anyPage, organisation } from "./schema.ts";

const NEW_KEY = "Make an Admin API key (sk-ant-admin…) at platform.claude.com/settings/admin-keys and put it into ANTHROPIC_ADMIN_KEY.";
const NETWORK = "Check ANTHROPIC_ADMIN_URL and the network, then run doctor again.";

/** Who we are at Anthropic, and what will not work. Never throws. */
export async function checkAnthropic(client: AnthropicClient, signal: AbortSignal): Promise<CheckResult[]> {
  const who = await checkWho(client, signal);
  if (who.state === "failed") return [who];
  return [who, ...(await Promise.all([checkCost(client, signal), checkClaudeCode(client, signal)]))];
}

async function checkWho(client: AnthropicClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "Anthropic";
  try {
    const { name: whose } = await client.get({ path: "/me", operation: "read organisation" }, organisation, signal);
    return { name, state: "ok", message: `The key reads the organisation ${plainWords(whose)}` };
  } catch (error) {
    // A key for analytics alone may not ask who it is.
    const state = isRefused(error) ? "warning" : "failed";
    const isTheirs = error instanceof VendorError && error.status !== undefined && error.status < 500 && error.status !== 429;
    return { name, state, message: explainError(error), fix: isTheirs ? NEW_KEY : NETWORK };
  }
}

async function checkCost(client: AnthropicClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "Anthropic usage and cost";
  const to = fromInstant(client.now());
  const span = { starting_at: `${addDays(to, -1)}T00:00:00Z`, ending_at: `${to}T00:00:00Z`, limit: 1 };
  const headers = { "anthropic-beta": "analytics-usage-cost-2026-08-24" };
  try {
    await client.get({ path: "/analytics/cost", query: span, headers, operation: "read cost" }, anyPage, signal);
    return { name, state: "ok", message: "Cost and usage can be read by model, workspace, key and product." };
  } catch (error) {
    if (!isRefused(error))
      return { name, state: "warning", message: `Cost and usage will be missing. ${explainError(error)}`, fix: NETWORK };
  }
  try {
    await client.get({ path: "/cost_report", query: span, operation: "read cost" }, anyPage, signal);
    return {
      ...{
        name,
        state: "warning",
        message: "Only the older reports can be read: costs are not split by key or product, and requests are missing.",
      },
      fix: "Give the organisation access to the Usage and Cost Analytics API, or use an Admin API key made anew in ANTHROPIC_ADMIN_KEY.",
    };
  } catch (error) {
    return {
      name,
      state: "warning",
      message: `Cost and usage will be missing. ${explainError(error)}`,
      fix: isRefused(error) ? NEW_KEY : NETWORK,
    };
  }
}

async function checkClaudeCode(client: AnthropicClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "Claude Code";
  const request: Get = {
    path: "/usage_report/claude_code",
    query: { starting_at: addDays(fromInstant(client.now()), -1), limit: 1 },
    operation: "read Claude Code",
  };
  try {
    await client.get(request, anyPage, signal);
    return { name, state: "ok", message: "The days of those who use it can be read." };
  } catch (error) {
    return {
      ...{ name, state: isRefused(error) ? "off" : "warning", message: `Who uses Claude Code will be missing. ${explainError(error)}` },
      fix: isRefused(error) ? `If Claude Code is used through the API: ${NEW_KEY.replace("Make", "make")}` : NETWORK,
    };
  }
}
