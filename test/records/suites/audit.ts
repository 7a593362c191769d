import { describe, expect, it } from "vitest";
import { createAudit } from "../../../src/records/audit.ts";
import { createConversations } from "../../../src/records/conversations.ts";
import { createKeys } from "../../../src/records/keys.ts";
import { type Database, openDatabase } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { aMessage, aReply } from "../../kit/conversation.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

export function auditSuite(store: StoreUnderTest): void {
  /** A log of its own: what others write would be in the way. */
  const onFresh = async (work: (database: Database, audit: ReturnType<typeof createAudit>) => Promise<void>) => {
    const database = await openDatabase(await store.fresh());
    await migrate(database);
    await work(
      database,
      createAudit(database, () => store.now()),
    ).finally(() => database.close());
  };
  const entry = (n: number) => ({
    actor: "key:1",
    action: "create project",
    target: `p${n}`,
    detail: { fields: { name: `Project ${n} 🚀` } },
  });

  describe("the audit log", () => {
    it("is whole when it is empty, and after every line", () =>
      onFresh(async (_, audit) => {
        expect(await audit.verify()).toEqual({ ok: true, lines: 0, head: "" });
        for (let n = 1; n <= 3; n++) await audit.append(entry(n));

        const [newest, ...older] = await audit.list(10);
        expect(newest).toMatchObject({ seq: 3, ...entry(3) });
        expect(older.map(({ seq }) => seq)).toEqual([2, 1]);
        expect(await audit.verify()).toEqual({ ok: true, lines: 3, head: newest?.hash });
      }));

    it("gives lines of one person or one action, before a number", () =>
      onFresh(async (_, audit) => {
        await audit.append(entry(1));
        await audit.append({ ...entry(2), actor: "key:2" });
        await audit.append({ ...entry(3), action: "archive project" });

        const seqs = async (filter: object) => (await audit.list(10, filter)).map(({ seq }) => seq);
        expect(await seqs({ actor: "key:1" })).toEqual([3, 1]);
        expect(await seqs({ action: "create project" })).toEqual([2, 1]);
        expect(await seqs({ before: 3 })).toEqual([2, 1]);
        expect((await audit.list(1)).length).toBe(1);
      }));

    it("numbers lines without gaps when many write at once", () =>
      onFresh(async (_, audit) => {
        await Promise.all(Array.from({ length: 25 }, (__, n) => audit.append(entry(n))));

        expect((await audit.list(100)).map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (__, n) => 25 - n));
        expect(await audit.verify()).toMatchObject({ ok: true, lines: 25 });
      }));

    it.each([
      ["changed", { actor: "key:9" }, "it was changed"],
      ["given another detail", { detail: '{"fields":{}}' }, "its detail was changed"],
      ["given another time", { at: "2020-01-01T00:00:00.000Z" }, "it was changed"],
    ])("names a line that was %s", (_, change, problem) =>
      onFresh(async (database, audit) => {
        for (let n = 1; n <= 4; n++) await audit.append(entry(n));
        await database.kysely.updateTable("audit").set(change).where("seq", "=", 2).execute();

        expect(await audit.verify()).toEqual({ ok: false, seq: 2, problem });
      }),
    );

    it.each([1, 2, 4])("misses line %i when it was taken away", (seq) =>
      onFresh(async (database, audit) => {
        for (let n = 1; n <= 4; n++) await audit.append(entry(n));
        await database.kysely.deleteFrom("audit").where("seq", "=", seq).execute();

        expect(await audit.verify()).toEqual({ ok: false, seq, problem: "the line is missing" });
      }),
    );

    it("finds a whole new chain by a hash that was noted elsewhere", () =>
      onFresh(async (database, audit) => {
        await audit.append(entry(1));
        await audit.append(entry(2));
        const noted = (await audit.list(1))[0]?.hash ?? "";
        await audit.append(entry(3));
        expect(await audit.verify(noted)).toMatchObject({ ok: true, lines: 3 });

        await database.kysely.deleteFrom("audit").execute();
        await database.kysely.updateTable("audit_head").set({ seq: 0, hash: "" }).execute();
        await audit.append(entry(1));

        expect(await audit.verify()).toMatchObject({ ok: true });
        expect(await audit.verify(noted)).toMatchObject({ ok: false, problem: expect.stringContaining("you noted") });
      }));

    it("has who asked what and which tools ran, once, and stays whole when that is forgotten", () =>
      onFresh(async (database, audit) => {
        const conversations = createConversations(database, () => store.now());
        const message = aMessage({ id: "m1", conversation: "c1", text: "What did we spend?" });
        await conversations.begin({ message, turnId: "t1" });
        await conversations.recordCall("t1", 0, {
          call: { name: "get_costs", input: { top: 3 } },
          durationMs: 5,
          outcome: { error: "none" },
        });
        for (const _ of [1, 2]) await conversations.finish("t1", aReply({ text: "Much." }), "done");

        const asked = {
          turn: "t1",
          question: "What did we spend?",
          tools: [{ name: "get_costs", input: { top: 3 }, outcome: "error" }],
          outcome: "done",
        };
        expect(await audit.list(10)).toMatchObject([{ actor: message.user.id, action: "ask", target: "c1", detail: asked }]);

        await conversations.forget(message.user.id);

        expect(await audit.list(10)).toMatchObject([{ actor: message.user.id, action: "ask", detail: null }]);
        expect(await audit.verify()).toMatchObject({ ok: true, lines: 1 });
        const [row] = await database.kysely.selectFrom("audit").selectAll().execute();
        expect(JSON.stringify(row)).not.toContain("spend");
      }));

    it("has the keys that were made and revoked, without their secrets", () =>
      onFresh(async (database, audit) => {
        const keys = createKeys(database, () => store.now());
        const { id, secret } = await keys.createKey({ name: "CI", role: "viewer", by: "key:admin" });
        await keys.revokeKey(id);
        await keys.revokeKey(id);
        await keys.revokeKey("none");

        const lines = await audit.list(10);
        expect(lines.map(({ actor, action, target }) => [actor, action, target])).toEqual([
          ["local:cli", "revoke key", id],
          ["key:admin", "create key", id],
        ]);
        expect(JSON.stringify(lines)).not.toContain(secret.slice(3));
      }));
  });
}
