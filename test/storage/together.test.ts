import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { createTogether, type Together } from "../../src/storage/together.ts";

let database: Database;
let together: Together;
beforeEach(async () => {
  database = await openDatabase("sqlite::memory:");
  await migrate(database);
  await sql`create table things (name text primary key)`.execute(database.kysely);
  together = createTogether(database.kysely);
});
afterEach(() => database.close());

const add = (name: string) => together((trx) => sql`insert into things values (${name})`.execute(trx).then(() => name));
const names = async () =>
  (await sql<{ name: string }>`select name from things order by name`.execute(database.kysely)).rows.map((r) => r.name);

describe("writing together", () => {
  it("gives each its own value, in the order they came", async () => {
    const all = Array.from({ length: 450 }, (_, i) => `n${String(i).padStart(3, "0")}`);

    expect(await Promise.all(all.map(add))).toEqual(all);
    expect(await names()).toEqual(all);
  });

  it("undoes one that throws, alone and whole", async () => {
    const half = together(async (trx) => {
      await sql`insert into things values ('half')`.execute(trx);
      throw new Error("no more");
    });
    const outcomes = await Promise.allSettled([add("a"), half, add("b"), add("a"), add("c")]);

    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]);
    expect(await names()).toEqual(["a", "b", "c"]);
  });

  it("is visible to others once it has resolved", async () => {
    await add("first");

    expect(await names()).toEqual(["first"]);
  });
});
