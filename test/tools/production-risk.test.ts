import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { productionRisk } from "../../src/tools/production-risk.ts";
import { RISK_WEIGHTS, riskScores } from "../../src/tools/production-risk-score.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { fc } from "../kit/property.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, ledger, refusalOf, run, wordsOf } from "./world.ts";

function incident(id: string, day: string, service: string | undefined, severity: string, open = false): FeedRecord {
  const created = new Date(`${day}T09:00:00Z`);
  const times = { created, ...(open ? {} : { resolved: new Date(`${day}T10:00:00Z`) }) };
  return { id, at: created, labels: { ...(service ? { service } : {}), severity, status: open ? "open" : "resolved" }, numbers: {}, times };
}

function deploy(id: string, service: string, status: string, environment = "production"): FeedRecord {
  const started = new Date("2026-11-10T09:00:00Z");
  return { id, at: started, labels: { service, status, environment }, numbers: {}, times: { started } };
}

const INCIDENTS = [
  incident("I1", "2026-10-10", "checkout", "low"),
  incident("I2", "2026-11-05", "checkout", "critical"),
  incident("I3", "2026-11-06", "checkout", "high", true),
  incident("I4", "2026-11-07", "search", "low"),
  incident("I5", "2026-11-08", undefined, "medium"),
];
const DEPLOYS = [deploy("D1", "search", "failure"), deploy("D2", "search", "success"), deploy("D3", "checkout", "failure", "staging")];
const errors = ledger(
  "apm",
  daily({ from: "2026-09-01", to: "2026-11-20" }, { service: "search" }, (day) => (day >= "2026-10-22" ? 20 : 10)),
  { kind: "metrics", measure: "errors", unit: "count" },
);
const incidents = fixtureRecords("incidents", INCIDENTS, ["service", "severity"]);
const deploys = fixtureRecords("deploys", DEPLOYS, ["service"]);
const context = contextOf([incidents, deploys, errors]);

testTool(productionRisk, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a period, a severity and a top", input: { period: "last month", severity: "low", top: 1 } },
    { name: "a period without a sign", input: { period: "2025" } },
  ],
  bad: [
    { name: "a severity nobody has", input: { severity: "huge" }, says: /critical/ },
    { name: "words that are no period", input: { period: "sometime" }, says: /Write it like “last month”/ },
  ],
});

interface Data {
  unnamed: number;
  services: {
    service: string;
    score: number;
    incidents: number;
    incidentsBefore: number;
    open: number;
    failedDeploys: number | null;
    points: Record<string, number>;
  }[];
}

describe("production risk", () => {
  it("ranks services by what they had, and leaves nothing out silently", async () => {
    const finding = await run(productionRisk, {}, context);
    const { services, unnamed } = finding.data as Data;

    expect(services.map((s) => s.service)).toEqual(["checkout", "search"]);
    expect(services[0]).toMatchObject({ score: 65, incidents: 2, incidentsBefore: 1, open: 1, failedDeploys: null });
    expect(services[1]).toMatchObject({ failedDeploys: 1, points: { failedDeploys: 20, errorRise: 15 } });
    expect(services[1]?.score).toBeCloseTo(35 + 40 / 7);
    expect(unnamed).toBe(1);
    expect(wordsOf(finding)).toContain("1 incidents name no service");
  });

  it("says which signs it lacks, and gives their points to the others", async () => {
    const finding = await run(productionRisk, {}, contextOf([incidents]));

    expect(wordsOf(finding)).toContain("Not connected: deployments and errors by service");
    expect((finding.data as Data).services[0]?.score).toBeCloseTo(100);
  });

  it("names what to connect when there is neither incident nor deployment", async () => {
    expect((await refusalOf(run(productionRisk, {}, contextOf([errors])))).message).toContain("No connected source has incidents");
  });

  it("scores between 0 and 100, the worst in everything 100", () => {
    const signs = fc.record(
      { incidents: fc.nat(50), open: fc.nat(5), failedDeploys: fc.nat(9), errorRise: fc.nat(100) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 8 }), (list) => {
        const scores = riskScores(new Map(list.map((of, i) => [String(i), of])));
        for (const { score } of scores.values()) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(100 + 1e-9);
        }
      }),
    );
    expect(Object.values(RISK_WEIGHTS).reduce((a, b) => a + b)).toBe(100);
  });
});
