import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/core/integration.ts";
import { pagerduty } from "../../../src/integrations/pagerduty/index.ts";
import { testVendor } from "../../kit/vendor-conformance.ts";
import { patience, startVendor } from "../../kit/vendor-connection.ts";
import type { RecordedRequest, Routes, VendorServer } from "../../kit/vendor-server.ts";

interface Recorded {
  incidents: readonly { id: string; created_at: string }[];
  services: object;
}
const recorded = JSON.parse(readFileSync(new URL("../../fixtures/pagerduty/incidents.json", import.meta.url), "utf8")) as Recorded;
const page = (incidents: readonly object[], more: boolean, offset = 0) => ({ incidents, limit: 100, offset, total: null, more });

/** Two of the window on the first page, the rest on the second. */
function incidents({ query }: RecordedRequest) {
  const [since, until] = [Date.parse(query.get("since") ?? ""), Date.parse(query.get("until") ?? "")];
  const there = recorded.incidents.filter(({ created_at: at }) => Date.parse(at) >= since && Date.parse(at) < until);
  const offset = Number(query.get("offset"));
  return { json: offset === 0 ? page(there.slice(0, 2), there.length > 2) : page(there.slice(2), false, offset) };
}

const REAL: Routes = { "GET /incidents": incidents, "GET /services": { json: recorded.services } };

testVendor({
  name: "PagerDuty",
  credentials: "PAGERDUTY_TOKEN",
  connect: ({ baseUrl, secret, context }) => pagerduty.connect({ PAGERDUTY_TOKEN: secret, PAGERDUTY_URL: baseUrl }, context),
  async ask({ feeds: [feed] }, signal) {
    if (!feed) throw new Error("there is no feed");
    return feed.query({ by: ["service", "severity", "team"], grain: "month" }, signal);
  },
  real: REAL,
  empty: { ...REAL, "GET /incidents": { json: page([], false) } },
  endless: {
    "GET /incidents": ({ query }) => ({ json: page(recorded.incidents.slice(0, 1), query.get("since") === "2026-10-01T00:00:00Z") }),
  },
});

async function start(routes: Routes): Promise<{ server: VendorServer; connection: Connection; feed: Connection["feeds"][number] }> {
  const { server, connection } = await startVendor(
    (url, context) => pagerduty.connect({ PAGERDUTY_TOKEN: "token-for-a-test", PAGERDUTY_URL: url }, context),
    routes,
  );
  const [feed] = connection.feeds;
  if (!feed) throw new Error("there is no feed");
  return { server, connection, feed };
}

describe("PagerDuty's incidents", () => {
  it("are read with all pages, in UTC, up to the end of the last day", async () => {
    const { server, feed } = await start(REAL);
    const answer = await feed.records?.({ period: { from: "2026-10-01", to: "2026-11-20" } }, patience());

    expect(answer?.records.map(({ id }) => id)).toEqual(["PT4KHLK", "PSEARCH1"]);
    expect(server.requests.map(({ query }) => [query.get("since"), query.get("until"), query.get("offset")])).toEqual([
      ["2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z", "0"],
      ["2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z", "100"],
    ]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: "Token token=token-for-a-test",
      accept: "application/vnd.pagerduty+json;version=2",
    });
    expect(answer?.receipts).toMatchObject([{ status: "live", query: "incidents opened, 2026-10-01 to 2026-11-20 (UTC days)" }]);
  });

  it("have the severity of their priority or else their urgency, their times, and links to PagerDuty alone", async () => {
    const { feed } = await start(REAL);
    const answer = await feed.records?.({}, patience());

    expect(answer?.records).toMatchObject([
      {
        url: "https://acme.pagerduty.com/incidents/PT4KHLK",
        labels: { service: "Checkout", severity: "high", status: "resolved", team: "Engineering" },
        numbers: { hours_to_resolve: 2 },
        times: { created: new Date("2026-10-06T21:30:42Z"), resolved: new Date("2026-10-06T23:30:42Z") },
      },
      { labels: { severity: "low", status: "open" }, numbers: {}, times: { acknowledged: new Date("2026-11-21T00:04:00Z") } },
      { labels: { severity: "critical", status: "open" } },
    ]);
    expect(answer?.records[0]?.times).not.toHaveProperty("acknowledged");
    expect(answer?.records[1]?.labels).not.toHaveProperty("team");
    expect(answer?.records[2]).not.toHaveProperty("url");
  });

  it("count by service, and average their hours only over the resolved", async () => {
    const { feed } = await start(REAL);
    const counted = await feed.query({ by: ["service"] }, patience());
    const hours = await feed.query({ measure: "hours_to_resolve" }, patience());

    expect(counted.facts.map(({ labels, value }) => [labels.service, value])).toEqual([
      ["Checkout", 2],
      ["Search", 1],
    ]);
    expect(hours.facts).toMatchObject([{ value: 2, average: true }]);
  });

  it("tell doctor what the key reads", async () => {
    const { connection } = await start(REAL);

    expect(await connection.check(patience())).toEqual([
      { name: "PagerDuty", state: "ok", message: "The key reads the incidents of 2 services" },
    ]);
  });
});
