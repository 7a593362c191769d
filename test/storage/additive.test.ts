import { expect, it } from "vitest";
import { MIGRATIONS } from "../../src/storage/migrations.ts";

/** In a rolling restart the old version works on while the new one has migrated: it must find all it knows, and be able to insert its rows. */
const TAKES_AWAY = /\bdrop (?:table|column|index)\b|\brename\b|\balter column\b|\badd column (?!.*\bdefault\b).*\bnot null\b/i;

it.each(MIGRATIONS.map(({ name, up }) => ({ name, up })))("$name takes nothing away from a version that still runs", ({ up }) => {
  expect(up.filter((sql) => TAKES_AWAY.test(sql))).toEqual([]);
});
