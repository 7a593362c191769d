import { z } from "zod";

/** Without SLACK_BOT_TOKEN there is no Slack. With it, either the signing secret (HTTP) or the app token (socket mode) is needed. */
export const slackSettings = z.object({
  SLACK_BOT_TOKEN: z
    .string()
    .startsWith("xoxb-", "must begin with xoxb-")
    .describe("Bot token of the Slack app (OAuth & Permissions).")
    .meta({ secret: true }),
  SLACK_SIGNING_SECRET: z
    .string()
    .min(8)
    .optional()
    .describe("Signing secret of the Slack app (Basic Information); for events over HTTP.")
    .meta({ secret: true }),
  SLACK_APP_TOKEN: z
    .string()
    .startsWith("xapp-", "must begin with xapp-")
    .optional()
    .describe("App-level token with connections:write; turns socket mode on.")
    .meta({ secret: true }),
  SLACK_API_URL: z.url().optional().describe("Other address of the Slack Web API (test server)."),
});

export type SlackSettings = z.output<typeof slackSettings>;
