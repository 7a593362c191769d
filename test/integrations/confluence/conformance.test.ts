import type { Connection } from "../../../src/core/integration.ts";
import { confluence } from "../../../src/integrations/confluence/index.ts";
import { testVendor, type VendorUnderTest } from "../../kit/vendor-conformance.ts";
import { contextOf, toolOf } from "../../kit/vendor-connection.ts";
import { hit, page, results, SPACES, WHO } from "./world.ts";

const connect: VendorUnderTest["connect"] = ({ baseUrl, secret, context }) =>
  confluence.connect({ CONFLUENCE_URL: baseUrl, CONFLUENCE_EMAIL: "bot@acme.example", CONFLUENCE_TOKEN: secret }, context);
const ask = (name: string, input: Record<string, unknown>) => (connection: Connection, signal: AbortSignal) => {
  const tool = toolOf(connection, name);
  return tool.run(tool.input.parse(input), { ...contextOf(connection), signal });
};
const search = {
  "GET /wiki/rest/api/search": { json: results([hit("11", "Gate fails", "What to do when the @@@hl@@@gate@@@endhl@@@ fails")]) },
};
const found = { "GET /wiki/api/v2/pages/11": { json: page("11", "Gate fails", "<h1>Signs</h1><p>It <strong>squeaks</strong>.</p>") } };

testVendor({
  name: "Confluence, the search",
  credentials: "CONFLUENCE_TOKEN",
  connect,
  ask: ask("search_pages", { query: "gate", space: "RUN" }),
  real: { ...WHO, ...SPACES, ...search },
  empty: { ...WHO, ...SPACES, "GET /wiki/rest/api/search": { json: results([]) } },
  endless: { none: "a search shows its best results only" },
});

testVendor({
  name: "Confluence, a page",
  credentials: "CONFLUENCE_TOKEN",
  connect,
  // A page that is not there is for the person to mend, so the list of that title is asked first.
  ask: ask("read_page", { page: "Gate fails" }),
  real: { ...WHO, ...SPACES, ...search, "GET /wiki/api/v2/pages": { json: { results: [page("11", "Gate fails")], _links: {} } }, ...found },
  empty: {
    ...WHO,
    ...SPACES,
    "GET /wiki/api/v2/pages": { json: { results: [page("11", "Gate fails")], _links: {} } },
    "GET /wiki/api/v2/pages/11": { json: page("11", "Gate fails") },
  },
  endless: { none: "it is one page" },
});
