import { describe, expect, it } from "vitest";
import { createRegistry } from "../../src/telemetry/metrics.ts";

describe("the metrics page", () => {
  it("counts by label and says what each figure is", async () => {
    const registry = createRegistry();
    const calls = registry.counter("calls_total", "Calls made.", ["vendor", "outcome"]);
    registry.counter("faults_total", "Faults.");

    calls({ vendor: "AWS", outcome: "ok" });
    calls({ vendor: "AWS", outcome: "ok" }, 4);
    calls({ outcome: "failed", vendor: "AWS" });

    expect((await registry.text()).split("\n")).toEqual([
      "# HELP calls_total Calls made.",
      "# TYPE calls_total counter",
      'calls_total{vendor="AWS",outcome="ok"} 5',
      'calls_total{vendor="AWS",outcome="failed"} 1',
      "# HELP faults_total Faults.",
      "# TYPE faults_total counter",
      "faults_total 0",
      "",
    ]);
    expect(registry.sums("calls_total", "outcome")).toEqual({ ok: 5, failed: 1 });
  });

  it("puts times into buckets that hold all below them", async () => {
    const registry = createRegistry();
    const time = registry.histogram("turn_seconds", "Time.", ["channel"], [0.1, 1]);

    for (const seconds of [0.1, 0.4, 30]) time({ channel: "slack" }, seconds);

    expect((await registry.text()).split("\n").slice(2)).toEqual([
      'turn_seconds_bucket{channel="slack",le="0.1"} 1',
      'turn_seconds_bucket{channel="slack",le="1"} 2',
      'turn_seconds_bucket{channel="slack",le="+Inf"} 3',
      'turn_seconds_sum{channel="slack"} 30.5',
      'turn_seconds_count{channel="slack"} 3',
      "",
    ]);
  });

  it("leaves out what cannot be read, and says so", async () => {
    const faults: unknown[] = [];
    const registry = createRegistry((error) => faults.push(error));
    registry.gauge("waiting", "What waits.", async () => {
      throw new Error("the database is away");
    });
    registry.gauge("up", "1 when up.", () => [{ labels: { name: "database" }, value: 0 }]);

    expect(await registry.text()).toBe('# HELP up 1 when up.\n# TYPE up gauge\nup{name="database"} 0\n');
    expect(faults).toHaveLength(1);
  });

  it("keeps a label's text one value, whatever is in it", async () => {
    const registry = createRegistry();
    registry.counter("calls_total", "Calls.", ["tool"])({ tool: 'a"} 1\nfake_total 9\\' });

    expect((await registry.text()).split("\n")[2]).toBe('calls_total{tool="a\\"} 1\\nfake_total 9\\\\"} 1');
  });

  it("is bounded: beyond three hundred values the rest are one", async () => {
    const registry = createRegistry();
    const calls = registry.counter("calls_total", "Calls.", ["tool"]);

    for (let i = 0; i < 5_000; i++) calls({ tool: `tool ${i}` });

    const lines = (await registry.text()).split("\n").filter((line) => line.startsWith("calls_total"));
    expect(lines).toHaveLength(301);
    expect(lines.at(-1)).toBe('calls_total{tool="other"} 4700');
  });
});
