import { z } from "zod";
import { defineIntegration } from "../../core/integration.ts";

/** What New Relic measures of one account: services, hosts, errors, and the issues it raised. */
export const newrelic = defineIntegration({
  name: "newrelic",
  title: "New Relic",
  topics: [
    "services",
    "response times",
    "latency",
    "error rates",
    "errors",
    "exceptions",
    "throughput",
    "Apdex",
    "hosts",
    "incidents",
    "outages",
    "APM",
  ],
  kinds: ["metrics", "incidents"],
  settings: z.object({
    NEW_RELIC_API_KEY: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe("A user key (it begins with NRAK) of a user who may read the account. License keys and ingest keys do not work."),
    NEW_RELIC_ACCOUNT_ID: z
      .string()
      .regex(/^\d{1,9}$/, "must be the account's number")
      .describe("The account's number, as in the addresses of its pages."),
    NEW_RELIC_API_URL: z
      .url({ protocol: /^https?$/ })
      .default("https://api.newrelic.com/graphql")
      .describe("Only for accounts in the EU: https://api.eu.newrelic.com/graphql."),
  }),
  requires: ["NEW_RELIC_API_KEY", "NEW_RELIC_ACCOUNT_ID"],

  async connect(settings, context) {
    const { connectNewRelic } = await import("./connection.ts");
    return connectNewRelic(settings, context);
  },
});
