import { ConfigError } from "../../errors.ts";

/** LangChain's packages for models that are not Anthropic's. They are installed by who wants them: `npm install PACKAGE`. */
const PROVIDERS = {
  openai: { package: "@langchain/openai", chat: "ChatOpenAI", longest: "maxTokens" },
  azure: { package: "@langchain/openai", chat: "AzureChatOpenAI", longest: "maxTokens" },
  bedrock: { package: "@langchain/aws", chat: "ChatBedrockConverse", longest: "maxTokens" },
  ollama: { package: "@langchain/ollama", chat: "ChatOllama", longest: "numPredict" },
  google: { package: "@langchain/google-genai", chat: "ChatGoogleGenerativeAI", longest: "maxOutputTokens" },
  mistral: { package: "@langchain/mistralai", chat: "ChatMistralAI", longest: "maxTokens" },
} as const;

type OtherProvider = keyof typeof PROVIDERS;

export interface ModelName {
  provider: "anthropic" | OtherProvider;
  /** As the provider calls it. */
  name: string;
}

/** "claude-sonnet-5-5" and "anthropic:claude-sonnet-5-5" are Anthropic's; "bedrock:eu.anthropic.claude-…-v1:0" is Bedrock's. Throws ConfigError. */
export function readModel(setting: string): ModelName {
  const [, prefix, name] = /^([a-z][a-z-]*):(.+)$/.exec(setting.trim()) ?? [];
  if (prefix === undefined || name === undefined) return { provider: "anthropic", name: setting.trim() };
  if (prefix === "anthropic") return { provider: "anthropic", name };
  if (prefix in PROVIDERS) return { provider: prefix as OtherProvider, name };
  throw new ConfigError([
    `MODEL: there is no provider “${prefix}”. Write the name of one of Anthropic's models, or PROVIDER:NAME with anthropic, ${Object.keys(PROVIDERS).join(", ")}.`,
  ]);
}

/** A chat model of LangChain, as far as we call it. */
export type ChatClass = new (fields: Readonly<Record<string, unknown>>) => object;

export interface OtherChat {
  Chat: ChatClass;
  /** As the provider calls the model. */
  name: string;
  /** The field for the most tokens of one message: each class has its own. */
  longest: string;
}

/** undefined for Anthropic's models, which need no package. Throws ConfigError that names the package when it is not installed. */
export async function openOtherChat({ provider, name }: ModelName): Promise<OtherChat | undefined> {
  if (provider === "anthropic") return undefined;
  return { Chat: await loadChatClass(provider), name, longest: PROVIDERS[provider].longest };
}

/** The provider's class. Its key and address it takes from the variables its vendor names (OPENAI_API_KEY, AWS_REGION …). */
async function loadChatClass(provider: OtherProvider): Promise<ChatClass> {
  const { package: name, chat } = PROVIDERS[provider];
  try {
    const library = (await import(name)) as Readonly<Record<string, unknown>>;
    const found = library[chat];
    if (typeof found === "function") return found as ChatClass;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
  }
  throw new ConfigError([missingPackage(provider)]);
}

/** What to do for a provider whose package is not there; undefined when it is, or none is needed. Imports nothing. */
export function packageProblem({ provider }: ModelName): string | undefined {
  if (provider === "anthropic") return undefined;
  try {
    import.meta.resolve(PROVIDERS[provider].package);
    return undefined;
  } catch {
    return missingPackage(provider);
  }
}

function missingPackage(provider: OtherProvider): string {
  const { package: name } = PROVIDERS[provider];
  return `MODEL names ${provider}, whose package is not installed. Run: npm install --save-exact ${name}`;
}
