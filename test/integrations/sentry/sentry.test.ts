import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sentry } from "../../../src/integrations/sentry/index.ts";
import { testVendor } from "../../kit/vendor-conformance.ts";
import { patience, startVendor } from "../../kit/vendor-connection.ts";
import type { RecordedRequest, Routes } from "../../kit/vendor-server.ts";

interface Recorded {
  issues: readonly { firstSeen: string }[];
  organisation: object;
}
const recorded = JSON.parse(readFileSync(new URL("../../fixtures/sentry/issues.json", import.meta.url), "utf8")) as Recorded;
const LIST = "GET /api/0/organizations/acme/issues/";

function issues({ query }: RecordedRequest) {
  const [, from = "", before = ""] = /^firstSeen:>=(\S+) firstSeen:<(\S+)$/.exec(query.get("query") ?? "") ?? [];
  const isWithin = ({ firstSeen }: { firstSeen: string }) => from === "" || (firstSeen >= from && firstSeen < before);
  return { json: recorded.issues.filter(isWithin) };
}

const REAL: Routes = { [LIST]: issues, "GET /api/0/organizations/acme/": { json: recorded.organisation } };

testVendor({
  name: "Sentry",
  credentials: "SENTRY_TOKEN",
  connect: ({ baseUrl, secret, context }) => sentry.connect({ SENTRY_TOKEN: secret, SENTRY_ORG: "acme", SENTRY_URL: baseUrl }, context),
  async ask({ feeds: [feed] }, signal) {
    if (!feed) throw new Error("there is no feed");
    return feed.query({ by: ["project", "level"], grain: "month" }, signal);
  },
  real: REAL,
  empty: { ...REAL, [LIST]: { json: [] } },
  endless: {
    [LIST]: ({ query }) => {
      const [first] = recorded.issues;
      const full = (query.get("query") ?? "").includes("2026-11-01");
      return { json: full ? Array.from({ length: 100 }, (_, i) => ({ ...first, shortId: `E-${query.get("cursor")}-${i}` })) : [] };
    },
  },
});

async function start() {
  const { server, connection } = await startVendor(
    (url, context) => sentry.connect({ SENTRY_TOKEN: "token-for-a-test", SENTRY_ORG: "acme", SENTRY_URL: url }, context),
    REAL,
  );
  const [feed] = connection.feeds;
  if (!feed) throw new Error("there is no feed");
  return { server, connection, feed };
}

describe("Sentry's errors", () => {
  it("count by the day they were first seen, and their events by project", async () => {
    const { feed } = await start();
    const fresh = await feed.query({ by: ["project"] }, patience());
    const events = await feed.query({ measure: "error_events", period: { from: "2026-11-01", to: "2026-11-20" } }, patience());

    expect(fresh.facts.map(({ labels, value }) => [labels.project, value])).toEqual([
      ["web", 1],
      ["checkout", 1],
    ]);
    expect(events.facts.map(({ value }) => value)).toEqual([150]);
    expect(events.receipts).toMatchObject([{ status: "live", source: "Sentry (acme)", window: { from: "2026-11-01", to: "2026-11-20" } }]);
  });

  it("are asked of all projects by month, and link to Sentry alone", async () => {
    const { server, feed } = await start();
    const answer = await feed.records?.({ period: { from: "2026-10-01", to: "2026-11-20" } }, patience());

    expect(server.requests.map(({ query }) => [query.get("query"), query.get("project")])).toEqual([
      ["firstSeen:>=2026-10-01T00:00:00 firstSeen:<2026-11-01T00:00:00", "-1"],
      ["firstSeen:>=2026-11-01T00:00:00 firstSeen:<2026-12-01T00:00:00", "-1"],
    ]);
    expect(answer?.records.map(({ id }) => id)).toEqual(["WEB-7", "CHECKOUT-1"]);
    expect(answer?.records[0]).not.toHaveProperty("url");
  });

  it("tell doctor what the token reads", async () => {
    const { connection } = await start();

    expect(await connection.check(patience())).toEqual([{ name: "Sentry", state: "ok", message: "The token reads the errors of Acme" }]);
  });
});
