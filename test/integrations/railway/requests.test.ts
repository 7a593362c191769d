import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { SDL } from "../../../src/demo/vendors/railway/sdl.ts";
import { VendorError } from "../../../src/errors.ts";
import { DEPLOYMENTS, PROJECTS, usageDocument, WORKSPACES } from "../../../src/integrations/railway/queries.ts";
import { feedOf, patience } from "../../kit/vendor-connection.ts";
import { deployment, page, routesOf, SCRIPT } from "./answers.ts";
import { startRailway } from "./world.ts";

const NOVEMBER = { from: "2026-11-01", to: "2026-11-20" };
const textOf = (body: unknown) => (body as { query: string }).query;

describe("the documents sent to Railway", () => {
  it.each([WORKSPACES, PROJECTS, DEPLOYMENTS, usageDocument([{ day: "2026-11-01", end: "2026-11-02T00:00:00Z" }])])(
    "$operation is a query of its schema",
    ({ text }) => {
      expect(validate(buildSchema(SDL), parse(text)).map(({ message }) => message)).toEqual([]);
    },
  );
});

describe("Railway's deployments", () => {
  it("are records with service, repository, outcome and times, oldest first", async () => {
    const { connection } = await startRailway(routesOf());
    const answer = await feedOf(connection, "railway_deploys").records?.({ period: NOVEMBER }, patience());

    expect(answer?.records).toMatchObject([
      { id: "d1", labels: { status: "success" }, numbers: {}, times: { started: new Date("2026-11-02T09:00:00Z") } },
      {
        ...{ id: "d2", title: "Change d2", numbers: { minutes: 3 }, times: { finished: new Date("2026-11-10T09:03:00Z") } },
        labels: { project: "portal", service: "web", repository: "acme/web", environment: "production", commit: "c0ffeed2", author: "ann" },
      },
      { id: "d3", labels: { status: "failure" } },
    ]);
    // The moment of its removal is not the end of a deployment.
    expect(answer?.records[0]?.times).not.toHaveProperty("finished");
  });

  it.each([
    ["CRASHED", "failure"],
    ["SLEEPING", "success"],
    ["SKIPPED", "cancelled"],
    ["NEEDS_APPROVAL", "running"],
    ["A_NEW_WORD", undefined],
  ])("%s is told as %s", async (status, told) => {
    const one = () => ({
      deployments: page([deployment("d", "2026-11-10T09:00:00Z", { status, meta: "not what it was", creator: null })]),
    });
    const { connection } = await startRailway(routesOf({ ...SCRIPT, "deployments(input": one }));
    const answer = await feedOf(connection, "railway_deploys").records?.({ period: NOVEMBER }, patience());

    expect(answer?.records[0]?.labels.status).toBe(told);
    expect(answer?.records[0]?.labels).not.toHaveProperty("commit");
  });

  it("are read back to the first day asked and no further, and afterwards only the newest", async () => {
    const endless = ({ after }: Readonly<Record<string, unknown>>) => {
      const n = Number(after ?? 0);
      const at = new Date(Date.parse("2026-11-20T09:00:00Z") - n * 10 * 86_400_000).toISOString();
      return { deployments: page([deployment(`d${n}`, at)], `${n + 1}`) };
    };
    const { server, connection, advance } = await startRailway(routesOf({ ...SCRIPT, "deployments(input": endless }));
    const ask = () => feedOf(connection, "railway_deploys").query({ period: { from: "2026-10-01", to: "2026-11-20" } }, patience());
    const asked = () => server.requests.filter(({ body }) => textOf(body).includes("deployments(input")).length;
    const { facts, receipts } = await ask();
    const before = asked();
    advance(10 * 60_000);
    await ask();

    expect(facts[0]?.value).toBe(6);
    expect(receipts[0]?.truncated).toBeUndefined();
    expect([before, asked() - before]).toEqual([7, 2]);
  });
});

describe("Railway's usage", () => {
  it("is asked for day by day, in few requests, with an exclusive end that does not lie ahead", async () => {
    const { server, connection } = await startRailway(routesOf());
    await feedOf(connection, "railway_usage").query({ period: NOVEMBER }, patience());

    const texts = server.requests.map(({ body }) => textOf(body)).filter((text) => text.includes("usage(workspaceId"));
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain('startDate: "2026-11-01T00:00:00Z", endDate: "2026-11-02T00:00:00Z"');
    expect(texts[1]).toContain('startDate: "2026-11-21T00:00:00Z", endDate: "2026-11-21T09:30:00Z"');
    expect(server.requests[0]?.headers.authorization).toBe("Bearer token-for-a-test");
  });

  it("adds up by what it is split by, names what is gone, and marks the running day", async () => {
    const { connection } = await startRailway(routesOf());
    const feed = feedOf(connection, "railway_usage");
    const { facts, receipts } = await feed.query({ by: ["service"], period: { from: "2026-11-20", to: "2026-11-21" } }, patience());
    const daily = await feed.query({ grain: "day", filter: { service: ["web"] }, period: NOVEMBER }, patience());

    expect(facts.map(({ labels, value, unit }) => [labels.service, value, unit])).toEqual([
      ["web", 41, "vCPU minutes"],
      ["(deleted)", 1, "vCPU minutes"],
    ]);
    expect(receipts[0]?.provisional).toBe("since 2026-11-21");
    expect(daily.facts).toHaveLength(20);
  });

  it("has no measure in money", async () => {
    const { connection } = await startRailway(routesOf());
    const feed = feedOf(connection, "railway_usage");

    expect(feed.kind).toBe("metrics");
    await expect(feed.query({ measure: "cost" }, patience())).rejects.toThrow(/no measure “cost”.*cpu_minutes/);
    await expect(feed.query({ by: ["region"] }, patience())).rejects.toThrow(/project, service and environment/);
  });
});

describe("a token that Railway refuses with status 200", () => {
  it("is told as a refusal, and never covered up by an old answer", async () => {
    const { server, connection, advance } = await startRailway(routesOf());
    const ask = () => feedOf(connection, "railway_deploys").query({ period: NOVEMBER }, patience());
    await ask();
    advance(20 * 60_000);
    server.misbehave({ json: { data: null, errors: [{ message: "Not Authorized" }] } });

    await expect(ask()).rejects.toBeInstanceOf(VendorError);
    await expect(ask()).rejects.toThrow(/RAILWAY_TOKEN: it must be a workspace or account token/);
    expect(await connection.check(patience())).toMatchObject([{ state: "failed", fix: expect.stringContaining("workspace token") }]);
  });
});
