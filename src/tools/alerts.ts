import { z } from "zod";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { changed } from "./alerts-changes.ts";
import { alertsOutput, learned, listed, noise, shown } from "./alerts-views.ts";
import { actionOf, meant } from "./alerts-words.ts";

export const alerts = defineTool({
  name: "alerts",
  title: "Alerts",
  description:
    "The alerts of our own rules and of vendors' webhooks: which fire now, one with its figure, normal range, chart and history, which rules make noise and how to loosen them, and what people marked as expected or snoozed. Use it when someone asks about alerts, warnings, alarms or noisy rules. A person acknowledges, snoozes or marks one as expected with the command /alerts.",
  examples: [
    "Which alerts are open?",
    "Are there any alerts?",
    "What is alerting right now?",
    "show me the alerts",
    "Which alert rules are too noisy?",
    "how noisy are our alerts this week?",
    "Which alerts were snoozed?",
    "who acknowledged the alert?",
    "how do I snooze an alert?",
    "any warnings I should know of?",
    "is anything alerting?",
    "what alerts are firing?",
    "which rules fire right now?",
    "which alarms are active?",
    "show active alarms",
    "did any alert fire today?",
    "what fired last night?",
    "which alerts are unacknowledged?",
    "list alert rules",
    "what is snoozed?",
    "which warnings are open?",
    "mute an alert",
    "what did people mark as expected?",
    "which rules are just noise?",
    "did a budget warning fire?",
    "who snoozed it?",
    "show what was marked as normal",
  ],
  effect: "read",
  role: "viewer",
  command: {
    name: "alerts",
    hint: "[list | all | show ID | acknowledge ID | snooze ID for 2 days | expected ID [note] | undo ID | noise | learned]",
  },
  input: z.strictObject({
    command: z
      .string()
      .max(600)
      .optional()
      .describe(
        'What to do: "list" (open ones), "all", "show 3f2a9c1b", "noise" (the rules and what to loosen), "learned". A change is made when a person types it.',
      ),
  }),
  output: alertsOutput,

  async run({ command = "" }, context): Promise<Finding> {
    const desk = context.alerts;
    if (!desk) throw new UserError("Alerts are not available here. Ask where the bot is serving.");
    const { action, rest } = command.trim() === "" ? meant(context.message?.text ?? "") : actionOf(command);
    if (action === "list" || action === "all") return listed(desk, action, context);
    if (action === "noise") return noise(desk);
    if (action === "learned") return learned(desk);
    if (action === "show") return shown(desk, rest, context);
    return changed(desk, action, rest, context);
  },
});
