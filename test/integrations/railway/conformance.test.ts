import { railway } from "../../../src/integrations/railway/index.ts";
import { testVendor, type VendorUnderTest } from "../../kit/vendor-conformance.ts";
import { contextOf, feedOf } from "../../kit/vendor-connection.ts";
import { deployment, page, routesOf, SCRIPT } from "./answers.ts";

/** Of the connection made last. */
let now = (): Date => new Date(0);

const base = {
  credentials: "RAILWAY_TOKEN",
  graphql: true,
  connect({ baseUrl, secret, context }) {
    now = context.now;
    return railway.connect({ RAILWAY_TOKEN: secret, RAILWAY_API_URL: baseUrl }, context);
  },
  real: routesOf(),
} satisfies Partial<VendorUnderTest>;

testVendor({
  ...base,
  name: "Railway (deployments)",
  ask: (connection, signal) =>
    feedOf(connection, "railway_deploys").query(
      { by: ["project", "service", "author"], period: { from: "2026-11-01", to: "2026-11-20" } },
      signal,
    ),
  empty: routesOf({ ...SCRIPT, "deployments(input": () => ({ deployments: page([]) }) }),
  endless: routesOf({
    ...SCRIPT,
    "deployments(input": ({ after }) => ({
      deployments: page([deployment(`d${after ?? 0}`, "2026-11-20T09:00:00.000Z")], `${Number(after ?? 0) + 1}`),
    }),
  }),
});

testVendor({
  ...base,
  name: "Railway (services and usage)",
  async ask(connection, signal) {
    const [tool] = connection.tools;
    if (!tool) throw new Error("there is no tool");
    return tool.run(tool.input.parse({}), { ...contextOf(connection, now()), signal });
  },
  empty: routesOf({ ...SCRIPT, "projects(workspaceId": () => ({ projects: page([]) }) }),
  endless: { none: "usage comes whole; deployments are read to their limit by the feed" },
});
