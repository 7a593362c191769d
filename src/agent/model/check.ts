import type { CheckResult } from "../../core/integration.ts";
import { createClient, type ModelOptions } from "./client.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { asUnavailable, REASONS } from "./unavailable.ts";

const TIMEOUT_MS = 15_000;

/** Whether the key is good for the model: asks for the model's description, which costs nothing. Throws the signal's reason alone. */
export async function checkModel(options: ModelOptions, signal: AbortSignal): Promise<CheckResult> {
  const { Anthropic } = await import("@anthropic-ai/sdk");
  const client = createClient({ Anthropic }, options, { ...DEFAULT_LIMITS, retries: 0, turnMs: TIMEOUT_MS });
  try {
    const { deprecated_at } = await client.models.retrieve(options.model, {}, { signal });
    if (!deprecated_at) return { name: "model", state: "ok", message: `the key is good for ${options.model}` };
    return {
      name: "model",
      state: "warning",
      message: `${options.model} answers, but it has been deprecated since ${deprecated_at.slice(0, 10)}`,
      fix: "Set MODEL to a newer one.",
    };
  } catch (error) {
    signal.throwIfAborted();
    return explain(asUnavailable(error).reason, options);
  }
}

function explain(reason: string, { model, baseUrl }: ModelOptions): CheckResult {
  // Gateways pass messages on and need not describe models.
  if (baseUrl && reason === REASONS.unknownModel)
    return { name: "model", state: "ok", message: `${model} is set up to answer; the gateway does not tell of models` };
  const fix = FIXES[reason];
  if (fix) return { name: "model", state: "failed", message: `${model} cannot answer: ${reason}`, fix };
  return { name: "model", state: "warning", message: `${model} could not be tried: ${reason}`, fix: "Try again in a few minutes." };
}

const FIXES: Readonly<Record<string, string>> = {
  [REASONS.key]: "Check ANTHROPIC_API_KEY.",
  [REASONS.forbidden]: "Check ANTHROPIC_API_KEY and which models its workspace allows.",
  [REASONS.unpaid]: "Add credit to the account of ANTHROPIC_API_KEY.",
  [REASONS.unknownModel]: "Check MODEL.",
  [REASONS.unreachable]: "Check the network, and ANTHROPIC_BASE_URL where it is set.",
  [REASONS.rejected]: "Check MODEL, and ANTHROPIC_BASE_URL where it is set.",
};
