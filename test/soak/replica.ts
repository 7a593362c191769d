import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Delivery } from "../../src/core/channel.ts";
import type { Digest } from "../../src/core/digest.ts";
import { createDigestEngine } from "../../src/digests/engine.ts";
import { createPosting } from "../../src/posting/index.ts";
import { createDigestRuns } from "../../src/records/digest-runs.ts";
import { createDigestSubscriptions } from "../../src/records/digest-subscriptions.ts";
import { keepPlace, placeOf } from "../../src/records/places.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { openJobs } from "../../src/storage/jobs.ts";
import { contextOf } from "../tools/world.ts";

/**
 * One process of a soak: the real ledger, engine and posting loop in a tight circle, against the soak's platform.
 * Arguments: database URL, platform URL, "looks" | "blind" | "naive", lease in milliseconds.
 */
const [databaseUrl = "", platform = "", way = "looks", lease = "800"] = process.argv.slice(2);
const leaseMs = Number(lease);
const now = () => new Date();
const owner = randomUUID();
/** Long enough for a kill to meet it. */
const MAKING_MS = 100;
let begun = false;

async function send(_conversation: string, _reply: unknown, key: string, firstTried?: Date): Promise<Delivery> {
  try {
    if (firstTried && way === "looks" && (await (await fetch(`${platform}/look?key=${key}`)).text()) !== "0")
      return { state: "sent", id: key };
    const answer = await fetch(`${platform}/post?key=${key}`, { method: "POST" });
    if (answer.status === 429) return { state: "refused", reason: "429", retryAfterMs: 20 };
    return { state: "sent", id: key };
  } catch {
    return { state: "ambiguous", reason: "no answer" };
  }
}

/** As Teams does it: what is tried is written down first, and tried again only where it was refused. */
function blindSend(database: Database): typeof send {
  const keep = (slot: string, delivery: Delivery) => keepPlace(database, slot, delivery, now());
  return async (conversation, reply, key) => {
    const slot = `soak-slot:${key}`;
    const before = (await placeOf(database, slot)) as Delivery | null;
    if (before && before.state !== "refused") return before;
    await keep(slot, { state: "ambiguous", reason: "an earlier post may stand" });
    const delivery = await send(conversation, reply, key);
    await keep(slot, delivery);
    return delivery;
  };
}

const digest: Digest = {
  name: "soak",
  title: "Soak",
  summary: "A soak.",
  schedule: "every day at 9:00",
  async compose(_order, { now: at }) {
    await wait(Math.random() * MAKING_MS);
    return { reply: { text: at.toISOString(), final: true }, quiet: false, calls: [] };
  },
};

async function work(): Promise<never> {
  // The first request of a process loads its client: kills are to meet posts in flight, and not that.
  await fetch(`${platform}/look?key=`).catch(() => undefined);
  for (;;) {
    try {
      await run();
    } catch {
      // The database is being restarted: the next round finds it.
      await wait(100);
    }
  }
}

async function run(): Promise<void> {
  const database = await openDatabase(databaseUrl);
  try {
    const subscriptions = createDigestSubscriptions(database, now);
    const runs = createDigestRuns(database, now);
    const faults: unknown[] = [];
    const onFault = (error: unknown) => void faults.push(error);
    const jobs = openJobs(database, { queue: "digests", leaseMs, onFault });
    const engine = createDigestEngine({ ...common(), subscriptions, runs, jobs, now, onFault });
    const posting = createPosting({
      database,
      channels: [{ name: "soak", send: way === "blind" ? blindSend(database) : send }],
      now,
      owner,
      leaseMs,
      onFault,
    });
    const { signal } = new AbortController();
    while (faults.length === 0) {
      await jobs.drain(async () => {}, AbortSignal.abort());
      if (!begun) process.stdout.write("working\n");
      begun = true;
      await engine.makeDue(signal, () => void posting.drain(signal));
      await posting.drain(signal);
      await wait(5);
    }
  } finally {
    await database.close().catch(() => undefined);
  }
}

function common() {
  return {
    digests: [digest],
    context: (user: Parameters<Parameters<typeof createDigestEngine>[0]["context"]>[0], at: Date, stop: AbortSignal) => ({
      ...contextOf([]),
      user,
      now: at,
      signal: stop,
    }),
    owner,
    leaseMs,
    composeMs: 5_000,
    timeout: (ms: number) => AbortSignal.timeout(ms),
  };
}

await work();
