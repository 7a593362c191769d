import type { Simulator } from "../simulator.ts";
import { ACCOUNT, KEY } from "./newrelic/names.ts";

/** New Relic as the company uses it: agents in the services behind the front ends, and on their hosts. */
export const newrelic: Simulator = {
  name: "newrelic",
  settings: (baseUrl) => ({
    NEW_RELIC_API_KEY: KEY,
    NEW_RELIC_ACCOUNT_ID: String(ACCOUNT),
    NEW_RELIC_API_URL: `${baseUrl}/graphql`,
  }),

  async handle(request, world) {
    if (request.path !== "/graphql" || request.method !== "POST") return { status: 404, body: { error: { title: "Not Found" } } };
    if (request.headers["api-key"] !== KEY) return { status: 401, body: { error: { title: "The API key provided is invalid" } } };
    return (await import("./newrelic/graphql.ts")).answerGraphql(request, world);
  },
};
