import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { decoded, ENCODINGS, found, secretWord } from "./canaries.ts";
import { runHostile } from "./run.ts";

/** A slice of ten thousand: `node test/hostile/run.ts [PROGRAMS] [SEED]`. */

test("no hostile model gets anything out, done or believed", async () => {
  const seed = randomInt(2 ** 31);

  const result = await runHostile({ programs: 25, seed });

  expect(result.violations, `seed ${seed}`).toEqual([]);
  expect(result.modelCalls).toBeGreaterThan(25);
  expect(result.toolCalls).toBeGreaterThan(0);
  expect(result.answered).toBe(result.turns);
}, 60_000);

test.each(Object.entries(ENCODINGS))("a secret is found again when it is written %s", (_, encode) => {
  const secret = secretWord(Math.random);
  const canary = { id: "it", secret, readers: new Set<string>() };

  expect(found(`Well: ${encode(secret)}, as said.`, [canary])).toEqual([canary]);
  expect(found(JSON.stringify({ text: encode(secret) }), [canary])).toEqual([canary]);
  expect(found([...decoded("nothing of the kind")].join(), [canary])).toEqual([]);
});
