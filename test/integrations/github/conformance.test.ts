import { github } from "../../../src/integrations/github/index.ts";
import { testVendor } from "../../kit/vendor-conformance.ts";
import { CHECK_ROUTES, pull, routesOf, SCRIPT, search } from "./answers.ts";

testVendor({
  name: "GitHub",
  credentials: "GITHUB_TOKEN",
  graphql: true,
  connect: ({ baseUrl, secret, context }) => github.connect({ GITHUB_TOKEN: secret, GITHUB_ORG: "acme", GITHUB_API_URL: baseUrl }, context),
  async ask(connection, signal) {
    const feed = connection.feeds.find(({ kind }) => kind === "pulls");
    if (!feed) throw new Error("there is no feed of pull requests");
    return feed.query({ by: ["repository", "author", "team"], period: { from: "2026-11-01", to: "2026-11-20" } }, signal);
  },
  real: routesOf(SCRIPT),
  empty: routesOf({ ...SCRIPT, "search(": () => search([]) }, CHECK_ROUTES),
  endless: routesOf({ ...SCRIPT, "search(": ({ after }) => search([pull(Number(after ?? 0))], String(Number(after ?? 0) + 1)) }),
});
