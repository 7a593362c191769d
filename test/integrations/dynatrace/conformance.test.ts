import { UserError } from "../../../src/errors.ts";
import { dynatrace } from "../../../src/integrations/dynatrace/index.ts";
import { testVendor } from "../../kit/vendor-conformance.ts";
import { contextOf, feedOf, toolOf } from "../../kit/vendor-connection.ts";
import { problem, problems, routesOf } from "./answers.ts";

const period = { from: "2026-11-01", to: "2026-11-20" };
const nothing = { json: { totalCount: 0, nextPageKey: null, result: [], entities: [] } };

testVendor({
  name: "Dynatrace",
  credentials: "DYNATRACE_TOKEN",
  connect: ({ baseUrl, secret, context }) => dynatrace.connect({ DYNATRACE_URL: baseUrl, DYNATRACE_TOKEN: secret }, context),
  async ask(connection, signal) {
    const list = await feedOf(connection, "dynatrace_problems").query({ by: ["service", "cause"], period }, signal);
    const rate = await feedOf(connection, "dynatrace_services").query({ measure: "error_rate", by: ["service"], period }, signal);
    const tool = toolOf(connection, "problem_details");
    const asked = tool.run(tool.input.parse({}), { ...contextOf(connection), signal });
    const details = await asked.catch((error: unknown) => {
      // Without any problem there are no details of one.
      if (error instanceof UserError) return undefined;
      throw error;
    });
    return {
      ...(details ?? { content: "none", blocks: [] }),
      facts: [...list.facts, ...rate.facts],
      receipts: [...list.receipts, ...rate.receipts, ...(details?.receipts ?? [])],
    };
  },
  real: routesOf(),
  empty: routesOf({
    "GET /api/v2/problems": { json: problems([]) },
    "GET /api/v2/metrics/query": nothing,
    "GET /api/v2/entities": nothing,
  }),
  endless: routesOf({
    "GET /api/v2/problems": ({ query }) => {
      const page = Number(query.get("nextPageKey") ?? 0);
      return { json: problems([problem(page)], String(page + 1)) };
    },
  }),
});
