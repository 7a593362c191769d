import { afterAll, beforeAll, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../kit/postgres.ts";
import { ADA, openWorld, sign } from "./world.ts";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());

it("is one card from its first sign to its end on PostgreSQL too, with several processes", async () => {
  const url = await server.fresh();
  const world = await openWorld({ url });
  try {
    await Promise.allSettled([
      world.take(sign()),
      world.take(sign()),
      world.take(sign({ fingerprint: "generic:2", at: new Date("2026-11-20T08:58:00Z") })),
    ]);
    await world.take(sign());
    await world.take(sign({ fingerprint: "generic:2", at: new Date("2026-11-20T08:58:00Z") }));
    await world.step();
    expect((await world.desk.list(ADA)).flatMap(({ members }) => members.map(({ fingerprint }) => fingerprint)).toSorted()).toEqual([
      "generic:1",
      "generic:2",
    ]);
    const standing = world.posts.length;

    for (const { id } of await world.desk.list(ADA)) await world.desk.acknowledge(id, ADA);
    await world.step();
    await world.desk.feedback();
    for (const fingerprint of ["generic:1", "generic:2"]) await world.take(sign({ fingerprint, state: "recovered", at: world.now() }));
    await world.step();
    expect(world.posts).toHaveLength(standing);
    expect(world.posts.every(({ reply }) => reply.text.includes("Recovered"))).toBe(true);
    expect(world.faults).toEqual([]);
  } finally {
    await world.close();
  }
}, 60_000);
