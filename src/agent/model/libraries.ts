/**
 * The heavy libraries, imported when first needed (about a second cold) and kept.
 * This folder is their only home.
 */
export async function loadLibraries() {
  silenceTracing();
  const [messages, tools, anthropic, sdk] = await Promise.all([
    import("@langchain/core/messages"),
    import("@langchain/core/tools"),
    import("@langchain/anthropic"),
    import("@anthropic-ai/sdk"),
  ]);
  await stayHome();
  return {
    tool: tools.tool,
    AIMessage: messages.AIMessage,
    HumanMessage: messages.HumanMessage,
    SystemMessage: messages.SystemMessage,
    ToolMessage: messages.ToolMessage,
    ChatAnthropic: anthropic.ChatAnthropic,
    Anthropic: sdk.Anthropic,
  };
}

const CHARACTERS_PER_TOKEN = 4;

/**
 * To estimate what every service counts by itself, LangChain would download a tokenizer from a third party in the middle of an answer,
 * and wait for it where that is not reachable.
 */
async function stayHome(): Promise<void> {
  const { BaseLanguageModel } = await import("@langchain/core/language_models/base");
  BaseLanguageModel.prototype.getNumTokens = async (content) => Math.ceil(JSON.stringify(content ?? "").length / CHARACTERS_PER_TOKEN);
}

export type Libraries = Awaited<ReturnType<typeof loadLibraries>>;

/** LangChain reads these by itself, from anywhere in its code; there is no option that overrules them. */
const TRACING_VARIABLES = [
  "LANGSMITH_TRACING",
  "LANGSMITH_TRACING_V2",
  "LANGCHAIN_TRACING",
  "LANGCHAIN_TRACING_V2",
  "LANGSMITH_API_KEY",
  "LANGCHAIN_API_KEY",
  "LANGSMITH_ENDPOINT",
  "LANGCHAIN_ENDPOINT",
  "LANGSMITH_RUNS_ENDPOINTS",
  "LANGSMITH_GATEWAY",
  "LANGSMITH_GATEWAY_API_KEY",
  "LANGCHAIN_VERBOSE",
] as const;

/**
 * No conversation leaves for a tracing service, whatever the environment holds. The one place besides src/config
 * that touches the environment, and it only deletes: it reads nothing.
 */
export function silenceTracing(): void {
  for (const name of TRACING_VARIABLES) delete process.env[name];
}
