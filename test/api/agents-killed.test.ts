import { expect, it } from "vitest";
import { remove, type Served, serve, temporaryFolder } from "../kit/app.ts";

const SENDERS = 16;
const KILLED_AFTER = 200;

/** Sends one event a request from several senders until the process is gone; gives the ids that were answered with 202. */
async function sendUntilKilled(app: Served, headers: Record<string, string>, round: number): Promise<string[]> {
  const taken: string[] = [];
  const work = async (sender: number) => {
    for (let n = 0; ; n++) {
      const id = `${round}-${sender}-${n}`;
      const body = { id, timestamp: Date.now(), type: "response", tokens: 1 };
      const answered = await app.post("/api/v1/agents/helper/events", body, headers).catch(() => undefined);
      if (!answered) return;
      if (answered.status === 202) taken.push(id);
      if (taken.length >= KILLED_AFTER) app.signal("SIGKILL");
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, (_, sender) => work(sender)));
  await app.ended;
  return taken;
}

it("loses no event it has answered for, wherever it is killed, and counts each once", async () => {
  const dataDir = await temporaryFolder();
  try {
    let app = await serve({ args: [], dataDir });
    const headers = { authorization: `Bearer ${await app.key("analyst")}` };
    const taken: string[] = [];
    for (let round = 0; round < 2; round++) {
      taken.push(...(await sendUntilKilled(app, headers, round)));
      app = await serve({ args: [], dataDir });
    }

    const again = taken.map((id) => ({ id, timestamp: Date.now(), type: "response", tokens: 1 }));
    const { json } = await app.post("/api/v1/agents/helper/events", { events: again }, headers);

    expect(taken.length).toBeGreaterThanOrEqual(2 * KILLED_AFTER);
    expect(json.data).toEqual({ accepted: 0, duplicates: taken.length });
    const { total } = (await app.get("/api/v1/agents/helper/metrics", headers)).json.data;
    // Some were stored and their answer lost with the process: more than were answered for, and never a half.
    expect(total.events).toBeGreaterThanOrEqual(taken.length);
    expect(total.tokens).toBe(total.events);
    await app.stop();
  } finally {
    await remove(dataDir);
  }
});
