import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/errors.ts";
import { createKeys } from "../../../src/records/keys.ts";
import { projects } from "../../../src/records/projects.ts";
import { createRecords } from "../../../src/records/record-store.ts";
import type { Resource } from "../../../src/records/resource.ts";
import { appSecret } from "../../../src/records/secrets.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

export function keysSuite(store: StoreUnderTest): void {
  describe("keys", () => {
    const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 9, 0, seconds));
    const keysAt = (seconds: number) => createKeys(store.database, () => at(seconds));
    const listed = async (id: string) => (await keysAt(0).listKeys()).find((key) => key.id === id);

    it("knows a key by its secret and keeps only a hash of it", async () => {
      const { id, secret } = await keysAt(0).createKey({ name: "CI 🚀", role: "viewer" });

      expect(secret).toMatch(/^fm_[\w-]{43}$/);
      expect(await keysAt(0).verifyKey(secret)).toEqual({ id, name: "CI 🚀", role: "viewer" });
      const row = await store.database.kysely.selectFrom("api_keys").selectAll().where("id", "=", id).executeTakeFirst();
      expect(JSON.stringify(row)).not.toContain(secret.slice(3));
      expect(JSON.stringify(await keysAt(0).listKeys())).not.toContain(row?.hash);
    });

    it("refuses everything that is no key", async () => {
      const { secret } = await keysAt(0).createKey({ name: "k", role: "admin" });
      const wrong = [
        "",
        "fm_",
        secret.slice(0, -1),
        `${secret}a`,
        secret.slice(3),
        secret.toUpperCase(),
        `${secret}\0`,
        ` ${secret}`,
        `fm_${"A".repeat(43)}`,
      ];

      for (const candidate of wrong) expect(await keysAt(0).verifyKey(candidate)).toBeNull();
    });

    it("refuses a key from the instant it expires", async () => {
      const { id, secret } = await keysAt(0).createKey({ name: "k", role: "analyst", expiresAt: at(30) });

      expect(await keysAt(29).verifyKey(secret)).toMatchObject({ id });
      expect(await keysAt(30).verifyKey(secret)).toBeNull();
    });

    it("refuses a revoked key for good and keeps the first time of revoking", async () => {
      const { id, secret } = await keysAt(0).createKey({ name: "k", role: "analyst" });

      expect(await keysAt(5).revokeKey(id)).toBe(true);
      expect(await keysAt(9).revokeKey(id)).toBe(true);

      expect(await keysAt(10).verifyKey(secret)).toBeNull();
      expect(await listed(id)).toMatchObject({ revokedAt: at(5), createdAt: at(0), expiresAt: null, lastUsedAt: null });
      expect(await keysAt(0).revokeKey(store.unique("none"))).toBe(false);
    });

    it("refuses at once what was revoked here, and soon what another process revoked", async () => {
      let now = at(0).getTime();
      const [here, there] = [createKeys(store.database, () => new Date(now)), createKeys(store.database, () => new Date(now))];
      const first = await here.createKey({ name: "k", role: "viewer" });
      const second = await here.createKey({ name: "k", role: "viewer" });
      await here.verifyKey(first.secret);
      await here.verifyKey(second.secret);

      await here.revokeKey(first.id);
      await there.revokeKey(second.id);

      expect(await here.verifyKey(first.secret)).toBeNull();
      now += 50;
      expect(await here.verifyKey(second.secret)).toBeNull();
    });

    it("is for one project alone when it was made so, as the project is now, and opens nothing while that is archived", async () => {
      const records = createRecords(store.database, () => at(0), randomUUID);
      const by = { id: "key:a", sight: "all" } as const;
      const made = await records.create(projects as unknown as Resource, { name: "Keyed Atlas" }, by);
      const id = made.state === "done" ? made.record.id : "";
      const { id: key, secret } = await keysAt(0).createKey({ name: "k", role: "analyst", project: "keyed atlas " });
      const again = await keysAt(0).createKey({ name: "k", role: "viewer", project: id });

      const apply = (data: Readonly<Record<string, unknown>>) => ({ ...data, owner: "Ada" });
      await records.change(projects as unknown as Resource, id, { action: "update", apply }, by);

      expect(await keysAt(0).verifyKey(secret)).toEqual({
        ...{ id: key, name: "k", role: "analyst" },
        project: { id, fields: { name: "Keyed Atlas", owner: "Ada" } },
      });
      expect(await keysAt(0).verifyKey(again.secret)).toMatchObject({ role: "viewer", project: { id } });
      expect(await listed(key)).toMatchObject({ project: id });
      await records.setArchived(projects as unknown as Resource, id, true, by);
      expect(await keysAt(0).verifyKey(secret)).toBeNull();
      await records.setArchived(projects as unknown as Resource, id, false, by);
      expect(await keysAt(0).verifyKey(secret)).toMatchObject({ project: { id } });
    });

    it("is not made for a project there is not, nor for an admin of one", async () => {
      const before = (await keysAt(0).listKeys()).length;

      for (const project of ["Nowhere", "", "\0"])
        await expect(keysAt(0).createKey({ name: "k", role: "viewer", project })).rejects.toThrow(UserError);
      await expect(keysAt(0).createKey({ name: "k", role: "admin", project: "Keyed Atlas" })).rejects.toThrow(/viewer's or an analyst's/);
      expect((await keysAt(0).listKeys()).length).toBe(before);
    });

    it("notes the last use at most once a minute", async () => {
      const { id, secret } = await keysAt(0).createKey({ name: "k", role: "viewer" });

      await keysAt(1).verifyKey(secret);
      await keysAt(60).verifyKey(secret);
      expect((await listed(id))?.lastUsedAt).toEqual(at(1));

      await keysAt(61).verifyKey(secret);
      expect((await listed(id))?.lastUsedAt).toEqual(at(61));
    });
  });

  describe("the deployment's secrets", () => {
    it("are made once, whoever asks first, and differ by name", async () => {
      const name = store.unique("signing");

      const values = await Promise.all(Array.from({ length: 20 }, () => appSecret(store.database, name)));

      expect(new Set(values).size).toBe(1);
      expect(values[0]).toMatch(/^[\w-]{43}$/);
      expect(await appSecret(store.database, store.unique("other"))).not.toBe(values[0]);
    });
  });
}
