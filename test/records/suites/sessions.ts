import { describe, expect, it } from "vitest";
import { createAudit } from "../../../src/records/audit.ts";
import { createKeys } from "../../../src/records/keys.ts";
import { createSharedCount } from "../../../src/records/rate-windows.ts";
import { createSessions, LINK_MS, SESSION_MS } from "../../../src/records/sessions.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

export function sessionsSuite(store: StoreUnderTest): void {
  const START = Date.UTC(2026, 10, 21, 9);
  const at = (ms: number) => createSessions(store.database, () => new Date(START + ms));
  const ada = () => ({ user: store.unique("slack:T1:U1"), name: "Ada", email: "ada@example.com", timeZone: "Europe/Berlin" });
  const key = (expiresAt?: Date) =>
    createKeys(store.database, () => new Date(START)).createKey({ name: "CI", role: "analyst", ...(expiresAt ? { expiresAt } : {}) });

  describe("sign-in links", () => {
    it("open one session for the person who asked, and nothing the second time", async () => {
      const person = ada();
      const { secret, expiresAt } = await at(0).createLink(person);

      const opened = await at(LINK_MS - 1).openByLink(secret, "cookie");

      expect(expiresAt).toEqual(new Date(START + LINK_MS));
      expect(opened?.person).toEqual({ session: expect.any(String), ...person });
      expect(await at(LINK_MS - 1).openByLink(secret, "cookie")).toBeNull();
      expect(await at(LINK_MS - 1).openByLink(secret, "refresh")).toBeNull();
    });

    it("open once, however many use them at the same moment", async () => {
      const { secret } = await at(0).createLink(ada());

      const all = await Promise.all(Array.from({ length: 12 }, () => at(1).openByLink(secret, "cookie")));

      expect(all.filter((opened) => opened !== null)).toHaveLength(1);
    });

    it("open nothing after ten minutes, nor when they are something else", async () => {
      const { secret } = await at(0).createLink(ada());

      for (const wrong of ["", "fml_", `${secret}a`, secret.slice(0, -1), secret.replace("fml_", "fmr_"), `${secret}\0`])
        expect(await at(1).openByLink(wrong, "cookie")).toBeNull();
      expect(await at(LINK_MS).openByLink(secret, "cookie")).toBeNull();
    });

    it("keep no secret in the database", async () => {
      const person = ada();
      const { secret } = await at(0).createLink(person);
      const opened = await at(1).openByLink(secret, "cookie");

      const { kysely } = store.database;
      const rows = JSON.stringify([
        await kysely.selectFrom("sign_in_links").selectAll().where("user_id", "=", person.user).execute(),
        await kysely.selectFrom("session_tokens").selectAll().execute(),
        await createAudit(store.database, store.now).list(50, { actor: person.user }),
      ]);
      for (const s of [secret, opened?.secret ?? "none"]) expect(rows).not.toContain(s.slice(4));
    });
  });

  describe("sessions", () => {
    async function opened(by: "cookie" | "refresh") {
      const { secret } = await at(0).createLink(ada());
      const session = await at(0).openByLink(secret, by);
      if (!session) throw new Error("the link did not open");
      return session;
    }

    it("of a cookie know their person for seven days, and not from the end on", async () => {
      const { secret, person } = await opened("cookie");

      expect(await at(SESSION_MS - 1).byCookie(secret)).toEqual(person);
      expect(await at(SESSION_MS).byCookie(secret)).toBeNull();
      expect(await at(0).byCookie(secret.replace("fmc_", "fmr_"))).toBeNull();
      expect(await at(1).end(secret)).toBe(true);
      expect(await at(2).byCookie(secret)).toBeNull();
      expect(await at(2).byId(person.session)).toBeNull();
    });

    it("go on with each refresh token once", async () => {
      const first = await opened("refresh");

      const second = await at(1_000).refresh(first.secret);
      const third = await at(2_000).refresh(second?.secret ?? "");

      expect(third?.person).toEqual(first.person);
      expect(new Set([first.secret, second?.secret, third?.secret]).size).toBe(3);
      expect(await at(3_000).byId(first.person.session)).toEqual(first.person);
    });

    it("end for everyone when a refresh token comes a second time, with a line in the audit log", async () => {
      const first = await opened("refresh");
      const second = await at(1_000).refresh(first.secret);

      expect(await at(2_000).refresh(first.secret)).toBeNull();

      expect(await at(3_000).refresh(second?.secret ?? "")).toBeNull();
      expect(await at(3_000).byId(first.person.session)).toBeNull();
      const lines = await createAudit(store.database, store.now).list(50, { actor: first.person.user });
      expect(lines.map(({ action }) => action)).toEqual(["refresh replay", "sign in"]);
    });

    it("end when one refresh token is used by many at once", async () => {
      const first = await opened("refresh");

      const all = await Promise.all(Array.from({ length: 8 }, () => at(1_000).refresh(first.secret)));

      expect(all.filter((next) => next !== null)).toHaveLength(1);
      expect(await at(2_000).byId(first.person.session)).toBeNull();
    });

    it("take no refresh token after seven days, and end after thirty however often they are refreshed", async () => {
      const idle = await opened("refresh");
      expect(await at(SESSION_MS).refresh(idle.secret)).toBeNull();

      let { secret } = await opened("refresh");
      const step = 6 * 86_400_000;
      for (let day = 1; day <= 4; day++) secret = (await at(day * step).refresh(secret))?.secret ?? "";
      expect(await at(30 * 86_400_000).refresh(secret)).toBeNull();
    });

    it("opened with a key have its role as it is now, and end with it", async () => {
      const { id } = await key(new Date(START + 5_000));
      const session = await at(0).openByKey({ id, name: "CI" });
      const other = await key();
      const revoked = await at(0).openByKey({ id: other.id, name: "CI" });

      expect(session?.person).toMatchObject({ user: `key:${id}`, role: "analyst" });
      expect(await at(4_999).byId(session?.person.session ?? "")).toMatchObject({ role: "analyst" });
      expect(await at(5_000).byId(session?.person.session ?? "")).toBeNull();
      expect(await at(5_000).refresh(session?.secret ?? "")).toBeNull();
      await createKeys(store.database, () => new Date(START)).revokeKey(other.id);
      expect(await at(1).byId(revoked?.person.session ?? "")).toBeNull();
      expect(await at(1).openByKey({ id: other.id, name: "CI" })).toBeNull();
    });

    it("are forgotten when they are over", async () => {
      const { person } = await opened("cookie");

      await at(0).drop(new Date(START + SESSION_MS + 1));

      const { kysely } = store.database;
      expect(await kysely.selectFrom("sessions").selectAll().where("id", "=", person.session).execute()).toEqual([]);
      expect(await kysely.selectFrom("session_tokens").selectAll().where("session_id", "=", person.session).execute()).toEqual([]);
    });
  });

  describe("counts per minute", () => {
    it("add up over everyone who counts, each subject and minute for itself", async () => {
      const subject = store.unique("key:1");
      const replicas = [createSharedCount(store.database), createSharedCount(store.database)];
      const minute = 29_000_000;

      const counted = await Promise.all(Array.from({ length: 40 }, (_, i) => replicas[i % 2]?.(subject, minute)));

      expect(counted.toSorted((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
      expect(await replicas[0]?.(subject, minute + 1)).toBe(1);
      expect(await replicas[1]?.(store.unique("other"), minute + 1)).toBe(1);
    });
  });
}
