import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";
import { ANTHROPIC_URL, createClient, type ModelOptions } from "./client.ts";
import type { ToolDefinition } from "./definitions.ts";
import type { Libraries } from "./libraries.ts";
import type { ModelLimits } from "./limits.ts";
import { type OtherChat, readModel } from "./providers.ts";

/** One call of the model. */
export interface Ask {
  /** The conversation so far, the system's words first. */
  messages: BaseMessage[];
  /** The same array for the same tools. */
  tools: readonly ToolDefinition[];
  /** False when it must answer from what it has. */
  mayUseTools: boolean;
  /** What it reads now comes again with the next call: worth keeping in the vendor's cache. */
  comesAgain: boolean;
  signal: AbortSignal;
}

/** Asks the model; its message comes in pieces. Rejects, at once or while the pieces come, as the provider's client does. */
export type AskModel = (ask: Ask) => Promise<AsyncIterable<AIMessageChunk>>;

/** Anthropic's models over our own client, all others over their provider's package; one for all turns. */
export function createChat(libraries: Libraries, options: ModelOptions, limits: ModelLimits, other: OtherChat | undefined): AskModel {
  return other ? ofOther(libraries, limits, other) : ofAnthropic(libraries, options, limits);
}

type Chat = InstanceType<Libraries["ChatAnthropic"]>;

function ofAnthropic(libraries: Libraries, options: ModelOptions, limits: ModelLimits): AskModel {
  const client = createClient(libraries, options, limits);
  const chat = new libraries.ChatAnthropic({
    model: readModel(options.model).name,
    apiKey: options.apiKey ?? "",
    // Given even when it is the default: without it LangChain looks for one, and for a gateway, in the environment.
    anthropicApiUrl: options.baseUrl ?? ANTHROPIC_URL,
    maxTokens: limits.outputTokens,
    streaming: true,
    maxRetries: 0,
    // LangChain brings an older SDK; ours stands in for it.
    createClient: () => client as never,
  });
  return ({ messages, tools, mayUseTools, comesAgain, signal }) =>
    chat.stream(messages, {
      signal,
      ...(tools.length > 0 ? { tools: [...tools] } : {}),
      ...(tools.length > 0 && !mayUseTools ? { tool_choice: "none" } : {}),
      ...(comesAgain ? { cache_control: { type: "ephemeral" } } : {}),
    } as Parameters<Chat["stream"]>[1]);
}

function ofOther(libraries: Libraries, limits: ModelLimits, { Chat, name, longest }: OtherChat): AskModel {
  const fields = { model: name, streaming: true, [longest]: limits.outputTokens, maxRetries: limits.retries };
  // Every provider's class is a chat model of LangChain; their own types differ in what we do not use.
  const chat = new Chat(fields) as Chat;
  const known = new WeakMap<readonly ToolDefinition[], ReturnType<typeof plainTool>[]>();
  return ({ messages, tools, mayUseTools, signal }) => {
    const plain = known.get(tools) ?? tools.map((definition) => plainTool(libraries, definition));
    known.set(tools, plain);
    const model = plain.length === 0 ? chat : chat.bindTools(plain, mayUseTools ? {} : { tool_choice: "none" });
    return model.stream(messages, { signal });
  };
}

/** In LangChain's own form, which every provider's package knows. Never run: we answer the calls. */
function plainTool({ tool }: Libraries, { name, description, input_schema: schema }: ToolDefinition) {
  return tool(async () => "", { name, description, schema: { ...schema } });
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
