import type { Anthropic, ClientOptions, Middleware } from "@anthropic-ai/sdk";
import type { Libraries } from "./libraries.ts";
import type { ModelLimits } from "./limits.ts";

export interface ModelOptions {
  /** Anthropic's; other providers' classes read the variables their vendors name. */
  apiKey?: string;
  /** Defaults to Anthropic's own. Never taken from the environment. */
  baseUrl?: string;
  /** As in the setting MODEL: a name of Anthropic's, or PROVIDER:NAME. */
  model: string;
}

export const ANTHROPIC_URL = "https://api.anthropic.com";

/** One client of Anthropic's for all turns. It is the only layer that retries, and it writes and traces nothing. */
export function createClient({ Anthropic }: Pick<Libraries, "Anthropic">, options: ModelOptions, limits: ModelLimits): Anthropic {
  return new Anthropic({
    apiKey: options.apiKey ?? "",
    baseURL: options.baseUrl ?? ANTHROPIC_URL,
    maxRetries: limits.retries,
    timeout: limits.turnMs,
    logLevel: "off",
    openTelemetry: false,
    middleware: [impatient(limits.retryWaitMs)],
  } satisfies ClientOptions);
}

/** The SDK waits as long as the service says; nobody waits that long for a chat answer. */
function impatient(longestMs: number): Middleware {
  return async (request, next) => {
    const response = await next(request);
    if (response.ok || Number(response.headers.get("retry-after") ?? 0) * 1000 <= longestMs) return response;
    const headers = new Headers(response.headers);
    headers.set("x-should-retry", "false");
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  };
}
