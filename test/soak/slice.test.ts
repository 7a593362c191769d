import { expect, test } from "vitest";
import { startPostgres } from "../kit/postgres.ts";
import { soak } from "./run.ts";

/** A slice of `npm run soak`: real processes, real kills. */

test("no digest is lost or doubled when its process is killed again and again", async () => {
  const result = await soak({ store: "sqlite", way: "looks", slots: 40, replicas: 1, kills: 6, loseAnswer: 0.1, patienceMs: 60_000 });

  expect(result).toMatchObject({ slots: 40, posted: 40, lost: 0, doubled: 0, unknown: 0, kills: 6 });
}, 90_000);

test("and the test can fail: sending again without looking doubles", async () => {
  const result = await soak({ store: "sqlite", way: "naive", slots: 40, replicas: 1, kills: 3, loseAnswer: 0.3, patienceMs: 60_000 });

  expect(result.injected.afterAccept).toBeGreaterThan(0);
  expect(result.doubled).toBeGreaterThan(0);
}, 90_000);

test("nor when its PostgreSQL goes away and comes back", async (context) => {
  const missing = await startPostgres().then(
    (postgres) => postgres.stop().then(() => undefined),
    (error: Error) => error.message,
  );
  context.skip(missing !== undefined, missing);

  const result = await soak({
    store: "postgres",
    way: "looks",
    slots: 30,
    replicas: 2,
    kills: 4,
    restartEveryMs: 1_500,
    patienceMs: 80_000,
  });

  expect(result).toMatchObject({ slots: 30, posted: 30, lost: 0, doubled: 0, unknown: 0, kills: 4 });
  expect(result.restarts).toBeGreaterThan(0);
}, 100_000);
