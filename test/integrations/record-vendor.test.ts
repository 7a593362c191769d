import { describe, expect, it } from "vitest";
import { z } from "zod";
import { recordVendor } from "../../src/integrations/record-vendor.ts";
import { testVendor } from "../kit/vendor-conformance.ts";
import { patience, startVendor } from "../kit/vendor-connection.ts";
import type { Routes } from "../kit/vendor-server.ts";

const ship = { id: "s1", service: "checkout", ok: true, at: "2026-11-12T09:00:00Z" };
const shipyard = recordVendor({
  name: "ship-yard",
  title: "Shipyard",
  kind: "deploys",
  path: "ships",
  answer: z.object({ ships: z.array(z.object({ id: z.string(), service: z.string(), ok: z.boolean(), at: z.string() })) }),
  dimensions: ["service", "status"],
  records: ({ ships }) => ships.map(({ id, service, ok, at }) => ({ id, at, labels: { service, status: ok ? "success" : "failure" } })),
});
const real: Routes = { "GET /ships": { json: { ships: [ship, { ...ship, id: "s2", ok: false }] } } };
const connect = (url: string, token: string) => ({ SHIP_YARD_URL: url, SHIP_YARD_TOKEN: token });

testVendor({
  name: "Shipyard",
  credentials: "SHIP_YARD_TOKEN",
  connect: ({ baseUrl, secret, context }) => shipyard.connect(connect(baseUrl, secret), context),
  async ask({ feeds: [feed] }, signal) {
    if (!feed) throw new Error("there is no feed");
    return feed.query({ by: ["service", "status"], grain: "month" }, signal);
  },
  real,
  empty: { "GET /ships": { json: { ships: [] } } },
  endless: { none: "it gives all at once" },
});

describe("a vendor of a few lines", () => {
  it("is turned on by its address and a token, which it sends as a bearer", async () => {
    const { server, connection } = await startVendor((url, context) => shipyard.connect(connect(url, "token-for-a-test"), context), real);
    const answer = await connection.feeds[0]?.records?.({ period: { from: "2026-11-01", to: "2026-11-20" } }, patience());

    expect(shipyard.requires).toEqual(["SHIP_YARD_URL", "SHIP_YARD_TOKEN"]);
    expect(answer?.records).toMatchObject([
      { id: "s1", labels: { service: "checkout", status: "success" }, times: { finished: new Date(ship.at) } },
      { id: "s2", labels: { status: "failure" } },
    ]);
    expect(server.requests[0]?.headers).toMatchObject({ authorization: "Bearer token-for-a-test" });
    expect([server.requests[0]?.query.get("from"), server.requests[0]?.query.get("to")]).toEqual(["2026-11-01", "2026-11-20"]);
    expect(answer?.receipts).toMatchObject([{ source: "Shipyard", query: "ships from 2026-11-01 to 2026-11-20", status: "live" }]);
  });

  it("does not take what is no date", async () => {
    const routes: Routes = { "GET /ships": { json: { ships: [{ ...ship, at: "soon" }] } } };
    const { connection } = await startVendor((url, context) => shipyard.connect(connect(url, "token-for-a-test"), context), routes);

    await expect(connection.feeds[0]?.records?.({}, patience())).rejects.toThrow("Shipyard gave a date that is none");
  });
});
