import { z } from "zod";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";
import { createVendorHttp } from "../../../src/integrations/http.ts";
import { seededRandom } from "../../kit/random.ts";
import { failures, startVendorServer, type VendorServer } from "../../kit/vendor-server.ts";
import { inLanes } from "../probe.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

const DEMAND = 600;
const LANES = 16;
const TURN_S = 30;
const RECOVERY_S = 30;
/** What stands for a vendor's stall where no time is to be lost; multiplied by how slow the machine is. */
const STALL_MS = 200;
const MOST_SLOWER = 10;

/** A way to call the vendor, and its clock. */
interface Client {
  read(path: string): Promise<unknown>;
  /** Time goes by for the breaker. */
  pass(ms: number): void;
  close(): Promise<void>;
}

export const brownoutTarget: Target = {
  id: "B1",
  test: "a vendor of which half answers 503 and a tenth never answers; then it recovers",
  good: `attempts ≤ 1.5 × questions; nobody waits over ${TURN_S} s; it is asked again within ${RECOVERY_S} s of its recovery`,
  run: (scale) => brownout(scale, ours),
  control: { what: "two layers of three tries each, no breaker", run: (scale) => brownout(scale, stacked) },
};

/** Waits cost no time, but move the clock by which the breaker opens and closes. */
function ours(url: string, attemptMs: number): Client {
  let time = Date.parse("2026-11-21T08:42:00Z");
  const context: HttpContext = {
    now: () => new Date(time),
    random: seededRandom(3),
    attemptMs,
    async wait(ms) {
      time += ms;
    },
  };
  const http = createVendorHttp({ vendor: "Acme", baseUrl: url, credentials: "ACME_TOKEN", address: "ACME_URL", headers: {}, context });
  return {
    read: (path) => http.json({ path, operation: "read things" }, z.unknown(), AbortSignal.timeout(TURN_S * 1000)),
    pass: (ms) => {
      time += ms;
    },
    close: () => http.close(),
  };
}

function stacked(url: string, attemptMs: number): Client {
  const once = async (path: string) => {
    const answer = await fetch(`${url}/${path}`, { signal: AbortSignal.timeout(attemptMs) });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const thrice = (read: Client["read"]) => async (path: string) => {
    for (let left = 2; ; left--)
      try {
        return await read(path);
      } catch (error) {
        if (left === 0) throw error;
      }
  };
  return { read: thrice(thrice(once)), pass: () => {}, close: async () => {} };
}

async function brownout(scale: Scale, open: (url: string, attemptMs: number) => Client): Promise<Outcome> {
  const server = await startVendorServer({ "GET /things": { json: [1] } });
  const random = seededRandom(17);
  const client = open(server.url, Math.round(STALL_MS * Math.min(scale.slower, MOST_SLOWER)));
  try {
    server.misbehave(() => (random() < 0.6 ? (random() < 5 / 6 ? failures.unavailable : failures.silent) : { json: [1] }));
    const demand = partOf(DEMAND, scale, 60);
    await inLanes(Array(demand).keys(), LANES, async (i) => {
      await client.read(`things?n=${i}`).catch(() => undefined);
      client.pass(100);
    });
    const ratio = server.requests.length / demand;
    server.misbehave(undefined);
    const recoveredS = await recovery(client);
    const longestS = scale.share === 1 ? await longestWait(server) : 0;
    return {
      figure: `${ratio.toFixed(2)} attempts a question, well again after ${recoveredS} s${longestS > 0 ? `, longest wait ${longestS.toFixed(1)} s` : ""}`,
      good: ratio <= 1.5 && recoveredS <= RECOVERY_S && longestS <= TURN_S,
    };
  } finally {
    await client.close();
    await server.close();
  }
}

async function recovery({ read, pass }: Client): Promise<number> {
  for (let seconds = 0; seconds <= 2 * RECOVERY_S; seconds++) {
    if (await read(`things?well=${seconds}`).then(always(true), always(false))) return seconds;
    pass(1_000);
  }
  return Number.POSITIVE_INFINITY;
}

function always<T>(value: T): () => T {
  return () => value;
}

/** By the real clock, with the real limits, of a vendor that never answers. */
async function longestWait(server: VendorServer): Promise<number> {
  const context = { now: () => new Date() };
  const http = createVendorHttp({ vendor: "Acme", baseUrl: server.url, credentials: "A", address: "B", headers: {}, context });
  let longest = 0;
  server.misbehave(failures.silent);
  await inLanes(Array(20).keys(), 20, async (i) => {
    const began = performance.now();
    await http.json({ path: `things?slow=${i}`, operation: "read things" }, z.unknown(), AbortSignal.timeout(120_000)).catch(always(0));
    longest = Math.max(longest, performance.now() - began);
  });
  await http.close();
  return longest / 1000;
}
