import type { Anthropic, ClientOptions, Middleware } from "@anthropic-ai/sdk";
import type { Libraries } from "./libraries.ts";
import type { ModelLimits } from "./limits.ts";
import { type ChatClass, readModel } from "./providers.ts";

export interface ModelOptions {
  /** Anthropic's; other providers' classes read the variables their vendors name. */
  apiKey?: string;
  /** Defaults to Anthropic's own. Never taken from the environment. */
  baseUrl?: string;
  /** As in the setting MODEL: a name of Anthropic's, or PROVIDER:NAME. */
  model: string;
}

const ANTHROPIC_URL = "https://api.anthropic.com";

/** One client of Anthropic's for all turns. It is the only layer that retries, and it writes and traces nothing. */
export function createClient({ Anthropic }: Libraries, options: ModelOptions, limits: ModelLimits): Anthropic {
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

/** What a stream of the model is made of, as we need it. */
export interface Chunk {
  text: string;
  /** Token counts, where the chunk carries some. */
  usage?: { input: number; output: number; cacheRead: number; cacheWrite: number };
  model?: string;
}

/** Makes the model of one turn, as LangChain wants it. `onChunk` sees every piece of every call in order. */
export type MakeChat = (onChunk: (chunk: Chunk) => void) => InstanceType<Libraries["ChatAnthropic"]>;

/** For Anthropic's models over our own client, for all others over their provider's package. */
export function chatMaker(libraries: Libraries, options: ModelOptions, limits: ModelLimits, other: OtherChat | undefined): MakeChat {
  if (!other) {
    const client = createClient(libraries, options, limits);
    return (onChunk) => anthropicChat(libraries, client, options, limits, onChunk);
  }
  const { Chat, name } = other;
  return (onChunk) => {
    const fields = {
      model: name,
      streaming: true,
      maxTokens: limits.outputTokens,
      maxRetries: limits.retries,
      callbacks: [tapOf(libraries, onChunk)],
    };
    // Every provider's class is a chat model of LangChain; their own types differ in what we do not use.
    return new Chat(fields) as InstanceType<Libraries["ChatAnthropic"]>;
  };
}

export interface OtherChat {
  Chat: ChatClass;
  name: string;
}

function tapOf({ BaseCallbackHandler }: Libraries, onChunk: (chunk: Chunk) => void) {
  class Tap extends BaseCallbackHandler {
    override readonly name = "firstmate_tap";
    // Awaited, else LangChain calls it some time later and statuses overtake texts.
    override awaitHandlers = true;

    override handleLLMNewToken(...args: Parameters<NonNullable<InstanceType<typeof BaseCallbackHandler>["handleLLMNewToken"]>>): void {
      const chunk = args[5]?.chunk;
      if (chunk && "message" in chunk) onChunk(readChunk(chunk.message));
    }
  }

  return new Tap();
}

function anthropicChat(
  libraries: Libraries,
  client: Anthropic,
  options: ModelOptions,
  limits: ModelLimits,
  onChunk: (chunk: Chunk) => void,
) {
  return new libraries.ChatAnthropic({
    model: readModel(options.model).name,
    apiKey: options.apiKey ?? "",
    // Given even when it is the default: without it LangChain looks for one, and for a gateway, in the environment.
    anthropicApiUrl: options.baseUrl ?? ANTHROPIC_URL,
    maxTokens: limits.outputTokens,
    streaming: true,
    maxRetries: 0,
    // LangChain brings an older SDK; ours stands in for it.
    createClient: () => client as never,
    callbacks: [tapOf(libraries, onChunk)],
  });
}

interface ChunkMessage {
  content: unknown;
  usage_metadata?: { input_tokens: number; output_tokens: number; input_token_details?: { cache_read?: number; cache_creation?: number } };
  additional_kwargs?: Record<string, unknown>;
}

function readChunk(message: object): Chunk {
  const { content, usage_metadata: usage, additional_kwargs: extra } = message as ChunkMessage;
  const chunk: Chunk = { text: textOf(content) };
  if (usage)
    chunk.usage = {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.input_token_details?.cache_read ?? 0,
      cacheWrite: usage.input_token_details?.cache_creation ?? 0,
    };
  if (typeof extra?.model === "string") chunk.model = extra.model;
  return chunk;
}

/** The words of a message's content; thinking and tool arguments are none. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((block: unknown) => (isText(block) ? block.text : "")).join("");
}

function isText(block: unknown): block is { type: "text"; text: string } {
  return (
    typeof block === "object" &&
    block !== null &&
    "type" in block &&
    block.type === "text" &&
    "text" in block &&
    typeof block.text === "string"
  );
}
