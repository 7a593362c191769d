import { expect, test } from "vitest";
import { createLru } from "../../src/core/lru.ts";

test("a small map forgets what was used longest ago", () => {
  const map = createLru<number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.get("a");
  map.set("c", 3);

  expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([1, undefined, 3]);
});

test("setting again renews the place and the value", () => {
  const map = createLru<number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.set("a", 9);
  map.set("c", 3);

  expect([map.get("a"), map.get("b")]).toEqual([9, undefined]);
});
