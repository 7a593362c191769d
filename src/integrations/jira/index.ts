import { z } from "zod";
import { defineIntegration } from "../../core/integration.ts";

/** Issues with their history, sprints and time in status of one Jira Cloud site. */
export const jira = defineIntegration({
  name: "jira",
  title: "Jira",
  topics: ["Jira", "tickets", "issues", "stories", "bugs", "backlog", "epics", "sprints", "velocity", "story points", "time in status"],
  kinds: ["issues", "sprints"],
  settings: z.object({
    JIRA_URL: z.url({ protocol: /^https?$/ }).describe("The site, https://COMPANY.atlassian.net."),
    JIRA_EMAIL: z.email().describe("Address of the account whose token it is; it sees what this account may see."),
    JIRA_TOKEN: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe("An API token of that account, from id.atlassian.com; the account needs to browse the projects and use Jira Software."),
  }),
  requires: ["JIRA_URL", "JIRA_EMAIL", "JIRA_TOKEN"],

  async connect(settings, context) {
    const { connectJira } = await import("./connection.ts");
    return connectJira(settings, context);
  },
});
