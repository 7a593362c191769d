import { z } from "zod";
import { isTimeZone } from "../core/civil-date.ts";
import { ROLES, type Role } from "../core/message.ts";

/** What belongs to no single integration or channel; those describe their own. */
export const coreSettings = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000).describe("Port of the one HTTP server; 0 picks a free one."),
  HOST: z.string().default("127.0.0.1").describe("Address to bind. Anything but loopback closes the key-less local viewer."),
  DATA_DIR: z.string().default("./data").describe("Folder for the database, the demo's bills and caches."),
  DATABASE_URL: z
    .string()
    .optional()
    .describe("sqlite:PATH or postgres://…; defaults to sqlite:DATA_DIR/firstmate.db.")
    .meta({ secret: true }),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe("Where people reach this deployment, e.g. https://firstmate.example.com. Closes the local viewer."),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, "is not an IANA time zone such as Europe/Berlin")
    .default("UTC")
    .describe("Zone for people whose own zone is not known (IANA name)."),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info").describe("Least level of log lines."),
  NODE_ENV: z.string().optional().describe("production closes the local viewer."),
  ANTHROPIC_API_KEY: z
    .string()
    .min(1)
    .optional()
    .describe("Turns the model agent on. Without it the deterministic agent answers.")
    .meta({ secret: true }),
  ANTHROPIC_BASE_URL: z.url().optional().describe("Other address of the Messages API (gateway, test server)."),
  MODEL: z
    .string()
    .min(1)
    .default("claude-sonnet-5-5")
    .describe(
      "The model that answers: one of Anthropic's, or PROVIDER:NAME (openai, bedrock, ollama) with LangChain's package for it installed.",
    ),
  ANSWER_SECONDS: z.coerce.number().min(1).max(600).default(60).describe("Longest time one answer may take."),
  MODEL_CALLS: z.coerce.number().int().min(1).max(50).default(8).describe("Most model calls in one answer."),
  TOOL_CALLS: z.coerce.number().int().min(1).max(100).default(16).describe("Most tool calls in one answer."),
  ANSWER_TOKENS: z.coerce.number().int().min(1000).default(200_000).describe("Most tokens, in and out, one answer may use."),
  DAILY_TOKENS: z.coerce
    .number()
    .int()
    .min(0)
    .default(5_000_000)
    .describe("Most tokens all answers of a day (UTC) may use; beyond it the deterministic agent answers. 0 turns the model off."),
  MODEL_SMALL: z
    .string()
    .min(1)
    .optional()
    .describe("A cheaper model that answers when 80 % of a day's budget are used or MODEL itself fails, written like MODEL."),
  ANSWER_USD: z.coerce.number().positive().optional().describe("Most an answer may cost, in US dollars at list prices."),
  DAILY_USD: z.coerce.number().min(0).optional().describe("Most all answers of a day (UTC) may cost, in US dollars at list prices."),
  USER_DAILY_TOKENS: z.coerce.number().int().min(0).optional().describe("Most tokens the answers to one person may use in a day (UTC)."),
  USER_DAILY_USD: z.coerce.number().min(0).optional().describe("Most the answers to one person may cost in a day (UTC), in US dollars."),
  CHANNEL_DAILY_TOKENS: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Most tokens the answers in one channel may use in a day (UTC), all its threads together."),
  CHANNEL_DAILY_USD: z.coerce
    .number()
    .min(0)
    .optional()
    .describe("Most the answers in one channel may cost in a day (UTC), in US dollars."),
  ROLES: z
    .string()
    .default("")
    .transform((text, context) => parseRoles(text, (message) => context.addIssue({ code: "custom", message })))
    .describe("Who may do more than read, by chat id or e-mail: admin=U123,ada@example.com; analyst=U456."),
  OIDC_ISSUER: z
    .url()
    .optional()
    .describe("Sign-in to the console with the company's account: the OpenID Connect issuer. Needs PUBLIC_URL."),
  OIDC_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe("Our id at the issuer; its redirect address is PUBLIC_URL/api/v1/auth/oidc/callback."),
  OIDC_CLIENT_SECRET: z.string().min(1).optional().describe("Our secret at the issuer; none for a public client.").meta({ secret: true }),
  OIDC_DOMAINS: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim().toLowerCase().replace(/^@/, ""))
        .filter((part) => part !== ""),
    )
    .describe(
      "Whoever has a verified address of these domains is let in by OIDC: example.com,example.org. Others only when ROLES names them.",
    ),
  TELEMETRY_CONTENT: z
    .enum(["keep", "redact", "drop"])
    .default("drop")
    .describe("Prompts and responses in agent events and traces: keep, redact (secrets and addresses removed) or drop."),
  IMPORT_HOURS: z.coerce
    .number()
    .min(0)
    .max(168)
    .default(6)
    .describe("Hours between imports of activities (Claude Code, Copilot) and pipelines (GitHub) from connected sources; 0 asks never."),
  TELEMETRY_EVENT_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe("Days that agent events are kept one by one; older ones are refused."),
  TELEMETRY_SUMMARY_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(1095)
    .describe("Days that the daily sums of agent events are kept."),
  KNOWLEDGE_DIR: z
    .string()
    .optional()
    .describe("Folders with your own documents (markdown, text, PDF, Word), comma separated; they join the ones shipped."),
  SKILLS_DIR: z
    .string()
    .optional()
    .describe("Folders with your own skills, comma separated; theirs win over shipped ones of the same name."),
  EMBEDDINGS: z
    .enum(["embedded", "hosted", "local"])
    .default("embedded")
    .describe(
      "How passages are compared: embedded (needs nothing), hosted (a service at EMBEDDINGS_URL), local (a model on this machine).",
    ),
  EMBEDDINGS_URL: z
    .url()
    .optional()
    .describe("For hosted: an address that takes {model, input}, e.g. https://api.voyageai.com/v1/embeddings."),
  EMBEDDINGS_KEY: z.string().min(1).optional().describe("For hosted: its key.").meta({ secret: true }),
  EMBEDDINGS_MODEL: z.string().min(1).optional().describe("For hosted: the model's name. For local: a folder with an ONNX sentence model."),
  WEBHOOK_DYNATRACE_SECRET: webhookSecret("Dynatrace", "bearer token or basic password"),
  WEBHOOK_NEWRELIC_SECRET: webhookSecret("New Relic", "bearer token or basic password"),
  WEBHOOK_ALERTMANAGER_SECRET: webhookSecret("Alertmanager", "bearer token or basic password"),
  WEBHOOK_GITHUB_SECRET: webhookSecret("GitHub", "the webhook's secret, with which it signs"),
  WEBHOOK_SNS_SECRET: webhookSecret("AWS SNS", "the topics' ARNs, comma separated, or the password in the subscription's address"),
  WEBHOOK_GENERIC_SECRET: webhookSecret("anything else", "bearer token, basic password, or the secret of Standard Webhooks"),
  ALERT_DAYS: z.coerce
    .number()
    .int()
    .min(7)
    .max(36_500)
    .default(400)
    .describe("Days that alerts which are over, and what became of each digest, are kept."),
  WEBHOOK_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe("Days that deliveries of webhooks are known by their ids, so that the same is not taken twice. Their bodies go at once."),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe("Where our own traces are sent, by OTLP over HTTP, e.g. http://127.0.0.1:4318. None are made without it."),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .min(1)
    .optional()
    .describe("Headers sent along with traces: name=value,name=value.")
    .meta({ secret: true }),
  REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(60)
    .describe("Questions and tool calls per minute and key."),
  USER_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(100)
    .describe("Questions and tool calls per minute and person, in chat and in the console."),
  CHANNEL_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(300)
    .describe("Questions per minute in one channel of a chat."),
});

/** "admin=U1,ada@example.com; analyst=U2" → id or e-mail (lower case) → role. */
function parseRoles(text: string, refuse: (message: string) => void): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const part of text.split(";").filter((p) => p.trim())) {
    const [name = "", people = ""] = part.split("=").map((p) => p.trim());
    const role = ROLES.find((r) => r === name);
    if (!role || people === "")
      refuse(`“${part.trim().slice(0, 60)}” must be like admin=U123,ada@example.com, with one of ${ROLES.join(", ")}`);
    else for (const person of people.split(",")) roles.set(person.trim().toLowerCase(), role);
  }
  return roles;
}

export type CoreSettings = z.output<typeof coreSettings>;

function webhookSecret(source: string, how: string) {
  return z.string().min(8).optional().describe(`Takes webhooks of ${source}: ${how}. Unset, they are answered 404.`).meta({ secret: true });
}
