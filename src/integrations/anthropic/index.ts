import { z } from "zod";
import { defineIntegration } from "../../core/integration.ts";

/** What an organisation uses of Claude and what it costs; who works with Claude Code. */
export const anthropic = defineIntegration({
  name: "anthropic",
  title: "Anthropic",
  topics: [
    "AI spend",
    "LLM costs",
    "Claude costs",
    "Claude usage",
    "tokens",
    "models",
    "API keys of Claude",
    "Claude Code",
    "coding assistants",
  ],
  kinds: ["ai_usage"],
  settings: z.object({
    ANTHROPIC_ADMIN_KEY: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe(
        "An Admin API key of the organisation (sk-ant-admin…), which reads usage, cost and Claude Code; an ordinary API key may not. Made at platform.claude.com/settings/admin-keys.",
      ),
    ANTHROPIC_ADMIN_URL: z
      .url({ protocol: /^https?$/ })
      .default("https://api.anthropic.com")
      .describe("Only for a gateway or a stand-in before Anthropic's API."),
  }),
  requires: ["ANTHROPIC_ADMIN_KEY"],

  async connect(settings, context) {
    const { connectAnthropic } = await import("./connection.ts");
    return connectAnthropic(settings, context);
  },
});
