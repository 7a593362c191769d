import { describe, expect, it } from "vitest";
import { claim, dropClaims } from "../../../src/storage/claims.ts";
import { openDatabase } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

export function transactionsSuite(store: StoreUnderTest): void {
  describe("transactions", () => {
    it("keeps nothing of a transaction that throws", async () => {
      const { kysely } = store.database;
      const key = store.unique("claim");

      const failing = kysely.transaction().execute(async (trx) => {
        await claim(trx, [[key]], store.now());
        throw new Error("half-way");
      });

      await expect(failing).rejects.toThrow("half-way");
      expect(await claim(kysely, [[key]], store.now())).toEqual([true]);
    });

    it("tells the error that matters when a statement fails inside a transaction, and works on", async () => {
      const { kysely } = store.database;
      const orphan = { id: store.unique("receipt"), turn_id: "no such turn", position: 0, receipt: "{}" };

      const failing = kysely.transaction().execute((trx) => trx.insertInto("receipts").values(orphan).execute());

      await expect(failing).rejects.toThrow(/foreign key/i);
      await store.database.ping();
    });

    it("gives a claim to exactly one of many callers at once", async () => {
      const { kysely } = store.database;
      const keys = [store.unique("b"), store.unique("a")];

      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          kysely.transaction().execute((trx) => claim(trx, [i % 2 ? keys : [...keys].reverse()], store.now())),
        ),
      );

      expect(outcomes.flat().filter(Boolean)).toHaveLength(1);
    });

    it("drops claims of before an instant and keeps the others", async () => {
      const { kysely } = store.database;
      const [old, young] = [store.unique("old"), store.unique("young")];
      await claim(kysely, [[old]], new Date("2020-01-01T00:00:00Z"));
      await claim(kysely, [[young]], new Date("2020-01-02T00:00:00Z"));

      expect(await dropClaims(store.database, new Date("2020-01-02T00:00:00Z"))).toBe(1);

      expect(await claim(kysely, [[young]], store.now())).toEqual([false]);
      expect(await claim(kysely, [[old]], store.now())).toEqual([true]);
    });

    it("answers a ping, and stops waiting when the signal aborts", async () => {
      await store.database.ping();
      await store.database.ping(AbortSignal.timeout(10_000));

      await expect(store.database.ping(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
    });

    it("closes twice without an error and refuses to work afterwards", async () => {
      const database = await openDatabase(await store.fresh());

      await database.close();
      await database.close();

      await expect(database.ping()).rejects.toThrow();
    });

    it.skipIf(!store.shared)("lets two connections write to one database at the same time", async () => {
      const url = await store.fresh();
      const databases = await Promise.all([openDatabase(url), openDatabase(url)]);
      await Promise.all(databases.map((database) => migrate(database)));
      const keys = Array.from({ length: 20 }, () => store.unique("both"));

      const outcomes = await Promise.all(
        databases.flatMap(({ kysely }) => keys.map((key) => kysely.transaction().execute((trx) => claim(trx, [[key]], store.now())))),
      );

      expect(outcomes.flat().filter(Boolean)).toHaveLength(keys.length);
      await Promise.all(databases.map((database) => database.close()));
    });
  });
}
