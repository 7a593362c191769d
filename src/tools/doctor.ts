import { z } from "zod";
import type { CheckResult } from "../core/integration.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type Finding } from "../core/tool.ts";

const check = z.object({
  name: z.string(),
  state: z.enum(["ok", "warning", "failed", "off"]),
  message: z.string(),
  fix: z.string().optional(),
});
const output = z.object({ ok: z.boolean(), checks: z.array(check) });

const STATE_WORDS = { ok: "ok", warning: "warning", failed: "failed", off: "off" } as const;

/** The same findings as `firstmate doctor`, in chat, for admins. */
export const doctor = defineTool({
  name: "doctor",
  title: "Doctor",
  description:
    "Checks every connection and setting: the database, the model, each source; says what fails, what is switched off, and the exact fix. Use it when something does not work or to see what is connected.",
  examples: [
    "doctor",
    "run a self check",
    "is everything connected and working?",
    "which integrations are broken?",
    "check the connections",
    "are all integrations working?",
    "is Jira connected?",
    "which vendors are connected?",
    "what is not configured?",
    "is the GitHub token still valid?",
    "which sources are down?",
    "what integrations do we have?",
    "status of the connections",
    "why do I see no data from New Relic?",
    "the GitHub connection is broken",
    "something is wrong with the Jira connection",
    "can you reach AWS?",
    "is our Slack bot set up right?",
  ],
  effect: "read",
  role: "admin",
  command: { name: "doctor", hint: "" },
  input: z.strictObject({}),
  output,

  async run(_input, context): Promise<Finding> {
    const found = (await context.checks?.(context.signal)) ?? [];
    const off = (context.absent ?? []).map(
      ({ title, requires, topics }): CheckResult => ({
        name: title,
        state: "off",
        message: `not connected: ${listWords(topics, 3)}`,
        fix: `Set ${listWords(requires)} to turn it on.`,
      }),
    );
    const checks = [...found, ...off];
    const text = summary(found);
    const rows = checks.map(({ name, state, message, fix }) => [name, STATE_WORDS[state], message, fix ?? null]);
    return {
      content: `${text}\n${checks.map((c) => `- ${c.name}: ${c.state}, ${c.message}${c.fix ? `. ${c.fix}` : ""}`).join("\n")}`,
      data: { ok: !found.some(({ state }) => state === "failed"), checks },
      blocks: [
        { type: "markdown", text },
        { type: "table", columns: ["part", "state", "what", "fix"].map((label) => ({ label, type: "text" as const })), rows },
      ],
      receipts: [],
    };
  },
});

function summary(found: readonly CheckResult[]): string {
  const named = (state: CheckResult["state"]) => found.filter((c) => c.state === state).map((c) => c.name);
  const [failed, warned] = [named("failed"), named("warning")];
  if (failed.length > 0) return `**${listWords(failed)}** ${failed.length > 1 ? "fail" : "fails"}. The fix stands beside each.`;
  if (warned.length > 0) return `Everything answers; **${listWords(warned)}** ${warned.length > 1 ? "want" : "wants"} attention.`;
  return "Everything that is connected answers.";
}
