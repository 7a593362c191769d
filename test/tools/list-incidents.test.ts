import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { listIncidents } from "../../src/tools/list-incidents.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf } from "./world.ts";

function incident(id: string, created: string, resolved: string | undefined, severity: string): FeedRecord {
  const times = { created: new Date(created), ...(resolved ? { resolved: new Date(resolved) } : {}) };
  const labels = { service: "checkout", severity, status: resolved ? "resolved" : "open" };
  return { id, at: times.created, title: `Checkout ${id}\nfails | badly`, url: `https://pager.example/${id}`, labels, numbers: {}, times };
}

const INCIDENTS = [
  incident("P1", "2026-10-30T09:00:00Z", "2026-10-30T10:00:00Z", "high"),
  incident("P2", "2026-11-10T09:00:00Z", undefined, "critical"),
  incident("P3", "2026-11-12T09:00:00Z", "2026-11-12T12:00:00Z", "low"),
];
const context = contextOf([fixtureRecords("incidents", INCIDENTS, ["service", "severity"])]);

testTool(listIncidents, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a period, a severity and a status", input: { period: "this month", severity: "critical", status: "open" } },
    { name: "a filter", input: { filter: { service: "checkout" }, top: 1 } },
    { name: "a period without any", input: { period: "last year" } },
  ],
  bad: [
    { name: "a severity nobody has", input: { severity: "huge" }, says: /critical/ },
    { name: "words that are no period", input: { period: "sometime" }, says: /Write it like “last month”/ },
  ],
});

describe("incidents", () => {
  it("are counted, open ones first, and how long half of them took", async () => {
    const { data, blocks } = await listIncidents.run({}, context);

    expect(data).toMatchObject({ n: 3, open: 1, medianHours: 2 });
    expect(blocks[0]).toMatchObject({
      text: expect.stringContaining("**3 incidents** in 23 October – 21 November 2026: **1 still open**"),
    });
    const table = blocks[1]?.type === "table" ? blocks[1].rows.map((row) => row[1]) : [];
    expect(table).toEqual(["Checkout P2 fails | badly", "Checkout P3 fails | badly", "Checkout P1 fails | badly"]);
  });

  it("name what to connect when no source has any", async () => {
    const absent = [{ title: "Pager", requires: ["PAGER_TOKEN"], topics: [], kinds: ["incidents" as const] }];

    await expect(listIncidents.run({}, { ...contextOf([]), absent })).rejects.toThrow("Set PAGER_TOKEN (Pager)");
  });
});
