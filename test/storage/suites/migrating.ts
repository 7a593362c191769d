import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { type Database, openDatabase } from "../../../src/storage/database.ts";
import { MIGRATIONS, migrate } from "../../../src/storage/migrations.ts";
import { startChild } from "../../kit/child.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

export function migratingSuite(store: StoreUnderTest): void {
  const onFresh = async (work: (database: Database) => Promise<void>) => {
    const database = await openDatabase(await store.fresh());
    await work(database).finally(() => database.close());
  };
  const all = MIGRATIONS.map((migration) => migration.name);
  const later = { name: "9999-later", up: ["create table later (id text primary key, size integer not null)"] };

  describe("migrating", () => {
    it("takes every step once and says which", () =>
      onFresh(async (database) => {
        expect(await migrate(database)).toEqual(all);
        expect(await migrate(database)).toEqual([]);
      }));

    it("takes only the steps an older database lacks and keeps its rows", () =>
      onFresh(async (database) => {
        await migrate(database);
        await database.kysely.insertInto("app_secrets").values({ name: "kept", value: "v" }).execute();

        expect(await migrate(database, { migrations: [...MIGRATIONS, later] })).toEqual([later.name]);

        expect(await database.kysely.selectFrom("app_secrets").select("value").executeTakeFirst()).toMatchObject({ value: "v" });
      }));

    it("counts who used an agent of an older database once a day, whatever models they used", () =>
      onFresh(async (database) => {
        const at = MIGRATIONS.findIndex(({ name }) => name === "0014-counted-users");
        await migrate(database, { migrations: MIGRATIONS.slice(0, at) });
        const time = "2026-11-20T09:00:00.000Z";
        await database.kysely
          .insertInto("agents")
          .values({ id: "a", registered_at: time, first_event_at: time, last_event_at: time })
          .execute();
        const user = (day: string, model: string, user_id: string) => ({ agent_id: "a", day, model, user_id });
        await database.kysely
          .insertInto("agent_day_users")
          .values([
            user("2026-11-20", "x", "ada"),
            user("2026-11-20", "y", "ada"),
            user("2026-11-20", "", "eve"),
            user("2026-11-21", "x", "ada"),
          ])
          .execute();

        await migrate(database);

        const counts = await database.kysely.selectFrom("agent_day_user_counts").select(["day", "users"]).orderBy("day").execute();
        expect(counts.map(({ day, users }) => [day, users])).toEqual([
          ["2026-11-20", 2],
          ["2026-11-21", 1],
        ]);
      }));

    it("leaves the database as it was when a step fails half-way", () =>
      onFresh(async (database) => {
        const broken = { name: "9999-broken", up: [...later.up, "create table nonsense ("] };
        await migrate(database);

        await expect(migrate(database, { migrations: [...MIGRATIONS, broken] })).rejects.toThrow();

        expect(await migrate(database, { migrations: [...MIGRATIONS, later] })).toEqual([later.name]);
      }));

    it("refuses a database written by a newer version and says what to do", () =>
      onFresh(async (database) => {
        await migrate(database, { migrations: [...MIGRATIONS, later] });

        const refused = migrate(database);

        await expect(refused).rejects.toThrow(ConfigError);
        await expect(refused).rejects.toThrow(/newer Firstmate \(it has 9999-later\).*DATABASE_URL/);
      }));

    it.skipIf(!store.shared)("is done by exactly one of several processes that start together", async () => {
      const url = await store.fresh();
      const children = [0, 1, 2].map(() => startChild("migrate", url));
      // Together at both doors: making the file, and changing it.
      for (const door of ["ready", "opened"]) {
        await Promise.all(children.map((child) => child.line(door)));
        for (const child of children) child.say("go");
      }
      const lines = await Promise.all(children.map((child) => child.line("migrated ")));

      expect(lines.sort()).toEqual(["migrated ", "migrated ", `migrated ${all.join(",")}`]);
      expect(await Promise.all(children.map((child) => child.ended))).toEqual([0, 0, 0]);
    });
  });
}
