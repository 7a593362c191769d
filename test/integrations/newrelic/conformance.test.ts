import { newrelic } from "../../../src/integrations/newrelic/index.ts";
import { testVendor } from "../../kit/vendor-conformance.ts";
import { contextOf, feedOf } from "../../kit/vendor-connection.ts";
import { EMPTY, issue, issues, routesOf, SCRIPT } from "./answers.ts";

const period = { from: "2026-11-01", to: "2026-11-20" };

testVendor({
  name: "New Relic",
  credentials: "NEW_RELIC_API_KEY",
  graphql: true,
  connect: ({ baseUrl, secret, context }) =>
    newrelic.connect({ NEW_RELIC_API_KEY: secret, NEW_RELIC_ACCOUNT_ID: "42", NEW_RELIC_API_URL: `${baseUrl}/graphql` }, context),
  async ask(connection, signal) {
    const incidents = await feedOf(connection, "newrelic_incidents").query({ by: ["service", "severity"], period }, signal);
    const metrics = feedOf(connection, "newrelic_metrics");
    const rate = await metrics.query({ measure: "error_rate", by: ["service"], grain: "day", period }, signal);
    const p95 = await metrics.query({ measure: "latency_p95", by: ["service"], period }, signal);
    const [tool] = connection.tools;
    const errors = await tool?.run(tool.input.parse({ period }), { ...contextOf(connection), signal });
    if (!errors) throw new Error("there is no tool for errors");
    return {
      ...errors,
      facts: [...incidents.facts, ...rate.facts, ...p95.facts],
      receipts: [...incidents.receipts, ...rate.receipts, ...p95.receipts, ...errors.receipts],
    };
  },
  real: routesOf(SCRIPT),
  empty: routesOf(EMPTY),
  endless: routesOf({ ...SCRIPT, issues: (cursor) => issues([issue(`i${cursor}`)], String(Number(cursor ?? 0) + 1)) }),
});
