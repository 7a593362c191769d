import { z } from "zod";
import { defineIntegration } from "../../core/integration.ts";

/** Pull requests, reviews, issues, deployments, releases and Actions runs of one organisation; Copilot's use where the token may see it. */
export const github = defineIntegration({
  name: "github",
  title: "GitHub",
  topics: [
    "pull requests",
    "PRs",
    "code reviews",
    "merges",
    "commits",
    "repositories",
    "releases",
    "deployments",
    "CI runs",
    "GitHub Actions",
    "GitHub issues",
    "Copilot",
  ],
  kinds: ["pulls", "deploys", "issues", "pipelines", "ai_usage"],
  settings: z.object({
    GITHUB_TOKEN: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe(
        "A token that reads the organisation: classic with repo and read:org, or fine-grained with read access to Actions, Contents, Deployments, Issues, Metadata, Pull requests, Members and Copilot metrics.",
      ),
    GITHUB_ORG: z
      .string()
      .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?$/, "must be an organisation's name as in its address on GitHub")
      .describe("The organisation's name as in its address on GitHub."),
    GITHUB_API_URL: z
      .url({ protocol: /^https?$/ })
      .default("https://api.github.com")
      .describe("Only for GitHub Enterprise Server: https://HOST/api/v3."),
  }),
  requires: ["GITHUB_TOKEN", "GITHUB_ORG"],

  async connect(settings, context) {
    const { connectGithub } = await import("./connection.ts");
    return connectGithub(settings, context);
  },
});
