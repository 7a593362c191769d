import { describe, expect, it } from "vitest";
import { testTool } from "../../kit/tool-conformance.ts";
import { contextOf, openVendor, toolOf } from "../../kit/vendor-connection.ts";
import { PROJECT, page, routesOf, SCRIPT } from "./answers.ts";
import { connectRailway, startRailway } from "./world.ts";

const vendor = await openVendor(connectRailway, routesOf());
const running = { context: contextOf(vendor.connection), tool: toolOf(vendor.connection, "railway_services"), stop: vendor.stop };

testTool(running.tool, {
  start: async () => running,
  good: [
    { name: "everything", input: {} },
    { name: "a project of a period", input: { project: "portal", period: "last month" } },
    { name: "a service in an environment", input: { project: "web", environment: "production" } },
  ],
  bad: [
    { name: "a project that is none", input: { project: "portl" }, says: /Did you mean “portal”/ },
    { name: "an environment that is none", input: { environment: "qa" }, says: /There is Production/ },
    { name: "days in the wrong order", input: { period: { from: "2026-11-20", to: "2026-11-01" } }, says: /not a range/ },
  ],
  reads: false,
});

describe("what railway_services says", () => {
  it("names what failed to deploy, and what each service used", async () => {
    const { content, data } = await running.tool.run({ period: { from: "2026-11-01", to: "2026-11-10" } }, running.context);

    expect(content).toContain("**1 service** in 1 project on Railway. The newest deployment **failed** for web (Production).");
    expect(content).toContain("Most memory: web (Production), 1 GB on average in 1–10 November 2026.");
    expect(content).toContain("| web | portal | Production | failure | 2026-11-20 09:00 | 55 | 14,400 | 0 |");
    expect(data).toMatchObject({ n: 1, services: [{ service: "web", status: "failure", commit: "c0ffeed3", url: null }] });
  });

  it("stays short when there are many, and says how many are not shown", async () => {
    const services = page(Array.from({ length: 100 }, (_, i) => ({ id: `s${i}`, name: `${"a-very-long-service-name-".repeat(4)}${i}` })));
    const used = (_: unknown, query: string) =>
      Object.fromEntries(
        [...query.matchAll(/(d\d+): usage/g)].map(([, alias]) => [
          alias,
          Array.from({ length: 100 }, (_, i) => ({
            ...{ measurement: "MEMORY_USAGE_GB", value: 10 + i },
            tags: { projectId: "p1", serviceId: `s${i}`, environmentId: "e1" },
          })),
        ]),
      );
    const { connection } = await startRailway(
      routesOf({ ...SCRIPT, "projects(workspaceId": () => ({ projects: page([{ ...PROJECT, services }]) }), "usage(workspaceId": used }),
    );
    const finding = await connection.tools[0]?.run({ top: 90 }, contextOf(connection));

    expect(finding?.content.length).toBeLessThanOrEqual(8_000);
    expect(finding?.content).toMatch(/10 more are not shown/);
    expect(finding?.content).toMatch(/… and \d+ more rows/);
  });
});
