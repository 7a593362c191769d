import { z } from "zod";
import { defineIntegration } from "../../core/integration.ts";

/** The pages of one Confluence Cloud site: found by words, read as markdown. */
export const confluence = defineIntegration({
  name: "confluence",
  title: "Confluence",
  topics: ["Confluence", "wiki", "wiki pages", "runbooks", "post-mortems", "decisions", "handbook"],
  kinds: [],
  settings: z.object({
    CONFLUENCE_URL: z.url({ protocol: /^https?$/ }).describe("The site, https://COMPANY.atlassian.net."),
    CONFLUENCE_EMAIL: z.email().describe("Address of the account whose token it is; it sees what this account may see."),
    CONFLUENCE_TOKEN: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe("An API token of that account, from id.atlassian.com; the account needs to see the spaces."),
  }),
  requires: ["CONFLUENCE_URL", "CONFLUENCE_EMAIL", "CONFLUENCE_TOKEN"],

  async connect(settings, context) {
    const { connectConfluence } = await import("./connection.ts");
    return connectConfluence(settings, context);
  },
});
