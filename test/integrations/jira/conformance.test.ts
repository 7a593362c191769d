import { jira } from "../../../src/integrations/jira/index.ts";
import { testVendor } from "../../kit/vendor-conformance.ts";
import { BOARDS, COUNT, change, found, histories, issue, NAMES, SETUP, searching } from "./world.ts";

const history = histories({ 1: [change("2026-11-11T09:00:00.000+0100", "status", "1", "3")] });
const rest = { ...SETUP, ...NAMES, ...BOARDS, ...COUNT };

testVendor({
  name: "Jira",
  credentials: "JIRA_TOKEN",
  connect: ({ baseUrl, secret, context }) =>
    jira.connect({ JIRA_URL: baseUrl, JIRA_EMAIL: "bot@acme.example", JIRA_TOKEN: secret }, context),
  async ask(connection, signal) {
    const feed = connection.feeds.find(({ kind }) => kind === "issues");
    if (!feed) throw new Error("there is no feed of issues");
    return feed.query({ measure: "points", by: ["project", "assignee", "epic"], period: { from: "2026-11-01", to: "2026-11-20" } }, signal);
  },
  real: { ...rest, ...searching(found([issue(1), issue(2)]), history) },
  empty: { ...rest, ...searching(found([])) },
  endless: {
    ...rest,
    ...searching(({ body }) => {
      const at = Number((body as { nextPageToken?: string }).nextPageToken ?? 0);
      return found([issue(at + 1)], String(at + 1));
    }, history),
  },
});
