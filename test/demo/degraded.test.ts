import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDeterministicAgent } from "../../src/agent/deterministic/index.ts";
import type { Turn } from "../../src/core/agent.ts";
import type { Connection, VendorCall } from "../../src/core/integration.ts";
import type { Fault } from "../../src/demo/faults.ts";
import { type Host, startHost } from "../../src/demo/host.ts";
import { simulators } from "../../src/demo/vendors/index.ts";
import { integrations } from "../../src/integrations/index.ts";
import { label } from "../../src/router/label.ts";
import { tools as sharedTools } from "../../src/tools/index.ts";
import { hear } from "../agent/model/world.ts";

/** Every vendor fails half of what it is asked, then all of it. */

let at = new Date("2026-11-21T12:00:00Z");
const now = () => at;
const faults = new Map<string, Fault>();
const calls: VendorCall[] = [];
let host: Host;
let connections: Connection[];

// Anew for each test: a circuit that is open stays so for a while.
beforeEach(async () => {
  faults.clear();
  calls.length = 0;
  at = new Date("2026-11-21T12:00:00Z");
  host = await startHost({ simulators, now, faults });
  const env: Readonly<Record<string, string>> = host.settings;
  const connected = integrations.filter(({ requires }) => requires.length > 0 && requires.every((name) => env[name] !== undefined));
  const context = { now, demoOrigins: [host.origin], onVendorCall: (call: VendorCall) => void calls.push(call) };
  connections = await Promise.all(connected.map((i) => i.connect(i.settings.parse(env), context)));
});
afterEach(async () => {
  for (const connection of connections) await connection.close();
  await host.close();
});

const bugs: unknown[] = [];
const agent = createDeterministicAgent({ onFault: (error) => void bugs.push(error) });

async function ask(text: string) {
  const user = { id: "test:lead", name: "Lead", timeZone: "UTC", roles: ["viewer" as const] };
  const { signal } = new AbortController();
  const tools = [...sharedTools, ...connections.flatMap((connection) => connection.tools)];
  const feeds = connections.flatMap((connection) => connection.feeds);
  const turn: Turn = {
    id: "turn-1",
    message: { id: "m-1", channel: "test", conversation: "c-1", audience: "direct", user, text, at },
    history: [],
    tools,
    context: { user, audience: "direct", now: at, signal, feeds, tools },
    record: () => undefined,
  };
  return (await hear(agent, turn, signal)).final;
}

function failAll(fault: Fault): void {
  for (const { name } of simulators) faults.set(name, fault);
}

const QUESTIONS = [
  "How much did we spend last month?",
  "Which services make up 80% of our cloud cost?",
  "Which pull requests are waiting for review?",
  "Which incidents happened last month?",
  "What do we spend on AI per model?",
];

describe("a company whose vendors fail", () => {
  it("half of the time: every question is answered, with at most half as many attempts again as calls", { timeout: 180_000 }, async () => {
    failAll("half-failing");

    for (const question of QUESTIONS) {
      const reply = await ask(question);
      expect(reply.text.length, question).toBeGreaterThan(20);
      expect(reply.text).not.toMatch(/Something went wrong|undefined|NaN/);
      for (const { status, outage } of reply.receipts ?? []) {
        expect(status).toBe("demo");
        if (outage !== undefined) expect(outage).toMatch(/\d+ (?:s|min|h) old/);
      }
    }

    const sent = calls.filter(({ outcome }) => outcome !== "cached" && outcome !== "stale");
    const first = sent.filter(({ attempt }) => attempt === 1);
    expect(first.length).toBeGreaterThan(20);
    expect(sent.length / first.length).toBeLessThanOrEqual(1.5);
    expect(bugs).toEqual([]);
  });

  it("all of the time: what was read before is shown with its age, and nothing is invented", { timeout: 180_000 }, async () => {
    // Read again after five minutes.
    const question = "Which incidents happened this week?";
    const before = await ask(question);
    failAll("failing");
    at = new Date("2026-11-21T12:40:00Z");

    const after = await ask(question);
    const count = /^\*\*\d+ incidents?\*\*/;
    expect(before.text).toMatch(count);
    expect(after.failed, after.text).toBeFalsy();
    expect(count.exec(after.text)?.[0]).toBe(count.exec(before.text)?.[0]);
    const outages = (after.receipts ?? []).map(({ outage }) => outage);
    expect(outages.length).toBeGreaterThan(0);
    for (const outage of outages) expect(outage).toMatch(/40 min old, because .+ failed/);
    expect(label(after).notice).toMatch(/^Demo data.+Stale: Dynatrace as of .+40 min old/);
    expect(bugs).toEqual([]);
  });
});
