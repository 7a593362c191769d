import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { listDeployments } from "../../src/tools/list-deployments.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf } from "./world.ts";

function deployment(id: string, day: string, status: string): FeedRecord {
  const started = new Date(`${day}T10:00:00Z`);
  const labels = { service: "api", environment: "production", status, author: "ann", commit: "0123456789abcdef" };
  return { id, at: started, labels, numbers: {}, times: { started, finished: new Date(`${day}T10:05:00Z`) } };
}

const DEPLOYMENTS = [deployment("1", "2026-11-19", "failure"), deployment("2", "2026-11-20", "success")];
const context = contextOf([fixtureRecords("deploys", DEPLOYMENTS, ["service", "environment", "status"])]);

testTool(listDeployments, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "only failed ones of an environment", input: { status: "failed", environment: "production", period: "this week" } },
    { name: "none", input: { period: "last year" } },
  ],
  bad: [{ name: "an outcome there is not", input: { status: "lost" }, says: /success/ }],
});

describe("deployments", () => {
  it("are listed newest first, with those that failed counted", async () => {
    const { data, blocks } = await listDeployments.run({}, context);

    expect(data).toMatchObject({ n: 2, failed: 1, deployments: [{ id: "2" }, { id: "1" }] });
    expect(blocks[0]).toMatchObject({
      text: expect.stringContaining("**2 deployments** of api in 23 October – 21 November 2026; **1 failed** (50%)"),
    });
    expect(blocks[1]).toMatchObject({
      rows: [["2026-11-20 10:05 UTC", "api", "0123456789", "production", "success", "ann"], expect.anything()],
    });
  });
});
