import { z } from "zod";
import { defineIntegration } from "../../core/integration.ts";

/** What Dynatrace knows of one environment: problems, services, and what real users see. */
export const dynatrace = defineIntegration({
  name: "dynatrace",
  title: "Dynatrace",
  topics: [
    "problems",
    "services",
    "response times",
    "failure rates",
    "throughput",
    "user experience",
    "page load times",
    "Apdex",
    "real users",
    "incidents",
    "outages",
  ],
  kinds: ["metrics", "incidents"],
  settings: z.object({
    DYNATRACE_URL: z
      .url({ protocol: /^https?$/ })
      .describe("Address of the environment: https://abc12345.live.dynatrace.com, or https://HOST/e/ENVIRONMENT where it is Managed."),
    DYNATRACE_TOKEN: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe("An access token with the scopes problems.read, metrics.read and entities.read."),
  }),
  requires: ["DYNATRACE_URL", "DYNATRACE_TOKEN"],

  async connect(settings, context) {
    const { connectDynatrace } = await import("./connection.ts");
    return connectDynatrace(settings, context);
  },
});
