import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/core/tool.ts";
import { judgeHealth, poissonLimit } from "../../src/digests/health-judge.ts";
import type { HealthRead } from "../../src/digests/health-read.ts";
import { kpisOf, pointOf, quietLine, summaryLines } from "../../src/digests/health-words.ts";

const NOW = new Date("2026-11-03T08:00:00Z");
const YESTERDAY = "2026-11-02";
const finding = (data: unknown): Finding => ({ content: "", data, blocks: [], receipts: [] });
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

const incident = (changes: object = {}) => ({
  ...{ id: "i", title: "Failure rate increase", service: "gate-api", severity: "medium", status: "resolved", created: hoursAgo(10) },
  ...changes,
});
const deploy = (hours: number, status = "success", service = "acme/gate-api", environment: string | null = "production") => ({
  ...{ service, environment, status, started: hoursAgo(hours + 0.1), finished: hoursAgo(hours) },
});

function read(changes: Partial<Record<"incidents" | "before" | "deploys", readonly object[]>> = {}): HealthRead {
  const { incidents = [], before = [], deploys = [] } = changes;
  return {
    incidents: finding({ n: incidents.length, incidents }),
    before: finding({ n: before.length, incidents: before }),
    deploys: finding({ deployments: deploys }),
    ...{ pipelines: undefined, waiting: undefined, brief: undefined, errors: [] },
  };
}

describe("the health digest", () => {
  it("is quiet about a failed deployment that another one put right", () => {
    const facts = judgeHealth(read({ deploys: [deploy(5, "failure"), deploy(4)] }), NOW, YESTERDAY);

    expect(facts.quiet).toBe(true);
    expect(quietLine(facts)).toContain("2 production deployments, 1 failed, put right since");
  });

  it("tells of a service whose newest deployment failed, and of more failures than are usual", () => {
    const broken = judgeHealth(read({ deploys: [deploy(5), deploy(4, "failure")] }), NOW, YESTERDAY);
    const many = judgeHealth(
      read({ deploys: [...Array.from({ length: 40 }, () => deploy(100)), ...[6, 5, 4].map((h) => deploy(h, "failure")), deploy(3)] }),
      NOW,
      YESTERDAY,
    );

    expect(pointOf(broken)).toBe("the last deployment of gate-api failed");
    expect(summaryLines(broken, read(), YESTERDAY)).toContain(
      "- **1 of 2 production deployments failed.** The newest one of gate-api did.",
    );
    expect(pointOf(many)).toBe("3 failed deployments");
    expect(kpisOf(many).items).toContainEqual({ label: "production deployments", value: "4, 3 failed", tone: "bad" });
  });

  it("does not forget an incident that has been open for longer than a day", () => {
    const old = incident({ status: "open", severity: "low", created: hoursAgo(200) });
    const facts = judgeHealth(read({ incidents: [incident()], before: [old, incident({ created: hoursAgo(100) })] }), NOW, YESTERDAY);

    expect(facts.quiet).toBe(false);
    expect(facts.incidents?.map(({ status }) => status)).toEqual(["open", "resolved"]);
    expect(pointOf(facts)).toBe("1 incident open");
  });

  it("puts the gravest first, and says what of the same service was deployed shortly before it", () => {
    const incidents = [incident({ severity: "low", title: "slow" }), incident({ severity: "critical", title: "down" })];
    const given = read({ incidents, deploys: [deploy(10.2), deploy(10.1, "success", "web-app"), deploy(9), deploy(17)] });

    const [line] = summaryLines(judgeHealth(given, NOW, YESTERDAY), given, YESTERDAY);

    expect(line).toBe(
      "- **2 incidents** (usually none), none open: “down” (critical, 12 min after a deployment of it) and “slow” (low, 12 min after a deployment of it).",
    );
  });

  it("ranks error rates by how far they are above their range, each service once, and leaves out those that are over", () => {
    const rate = (series: string, actual: number, high: number, to = YESTERDAY) => ({
      ...{ series, kind: "rise", from: YESTERDAY, to, actual, high },
    });
    const errors = [
      { feed: "a", finding: finding({ anomalies: [rate("web-app", 0.007, 0.003), rate("over", 0.5, 0.1, "2026-11-01")] }) },
      { feed: "b", finding: finding({ anomalies: [rate("gate-api", 0.019, 0.002), rate("web-app", 0.006, 0.003)] }) },
    ];
    const facts = judgeHealth({ ...read(), errors }, NOW, YESTERDAY);

    expect(facts.rates.map(({ series, feed }) => [series, feed])).toEqual([
      ["gate-api", "b"],
      ["web-app", "a"],
    ]);
    expect(summaryLines(facts, read(), YESTERDAY)).toContain("- Errors of **gate-api: 1.9%** yesterday, expected at most 0.2%.");
  });

  it("does not take what is not known for none", () => {
    const facts = judgeHealth({ ...read(), incidents: undefined, deploys: undefined }, NOW, YESTERDAY);

    expect(facts.quiet).toBe(false);
    expect(kpisOf(facts).items).toEqual([]);
  });
});

describe("what a day of many events is", () => {
  it("is beyond the number that 99 of a hundred days stay within", () => {
    // Tables of the Poisson distribution: P(X ≤ 4 | 1) = 0.9963, P(X ≤ 3 | 1) = 0.9810; P(X ≤ 2 | 0.5) = 0.9856, P(X ≤ 3 | 0.5) = 0.9982.
    expect([0, 0.5, 1].map(poissonLimit)).toEqual([0, 3, 4]);
  });
});
