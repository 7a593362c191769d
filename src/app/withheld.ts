import type { Tool } from "../core/tool.ts";
import { createWithholder } from "../telemetry/withhold.ts";

/** The tool without secrets in what it finds: a ticket, a log line or an external server may hold a key, ours among them. */
export function withoutSecrets(secrets: readonly string[]): (tool: Tool) => Tool {
  const withhold = createWithholder(secrets);
  return (tool) => ({ ...tool, run: async (input, context) => withhold(await tool.run(input, context)) });
}
