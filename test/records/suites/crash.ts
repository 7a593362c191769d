import { describe, expect, it } from "vitest";
import { createConversations } from "../../../src/records/conversations.ts";
import { type Database, openDatabase } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { startChild } from "../../kit/child.ts";
import { aMessage, aReply } from "../../kit/conversation.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

export function crashSuite(store: StoreUnderTest): void {
  const onFresh = async (work: (url: string, database: Database) => Promise<void>) => {
    const url = await store.fresh();
    const database = await openDatabase(url);
    await migrate(database);
    await work(url, database).finally(() => database.close());
  };

  describe("a process that dies", () => {
    it("marks turns left running, only those of before the given instant", () =>
      onFresh(async (_url, database) => {
        const conversations = createConversations(database, store.now);
        const begin = (id: string, at: string) =>
          conversations.begin({ message: aMessage({ id, conversation: id, at: new Date(at) }), turnId: id });
        await begin("old", "2026-11-20T08:00:00Z");
        await begin("new", "2026-11-20T09:00:00Z");

        expect(await conversations.interrupted(new Date("2026-11-20T09:00:00Z"))).toBe(1);
        expect(await conversations.interrupted()).toBe(1);
        expect(await conversations.interrupted()).toBe(0);
      }));

    it.skipIf(!store.shared)("leaves an interrupted turn and loses no earlier one", () =>
      onFresh(async (url, database) => {
        const conversations = createConversations(database, store.now);
        await conversations.begin({
          message: aMessage({ id: "first", conversation: "c", at: new Date("2026-01-01T00:00:00Z") }),
          turnId: "first",
        });
        await conversations.finish("first", aReply(), "done");
        const child = startChild("begin", url, "c");
        await child.line("begun");

        child.kill();
        await child.ended;

        expect(await conversations.interrupted()).toBe(1);
        const turns = (await conversations.read("c", aMessage().user.id))?.turns ?? [];
        expect(new Map(turns.map((turn) => [turn.id, turn.state]))).toEqual(
          new Map([
            ["first", "done"],
            ["c-open", "interrupted"],
          ]),
        );
        expect((await conversations.reply("first"))?.reply).toEqual(aReply());
        expect(await conversations.history("c", 10)).toHaveLength(1);
      }),
    );

    it.skipIf(!store.shared)("loses nothing it has said to have kept, wherever it is killed", () =>
      onFresh(async (url, database) => {
        const child = startChild("answer", url, "busy");
        for (let turn = 0; turn <= 40; turn++) await child.line(`kept ${turn}`);

        child.kill();
        await child.ended;

        const kept = await database.kysely.selectFrom("turns").select(["id", "answer_text"]).where("state", "=", "done").execute();
        const answers = new Map(kept.map((row) => [row.id, row.answer_text]));
        for (let turn = 0; turn <= 40; turn++) expect(answers.get(`busy-${turn}`)).toBe(`answer ${turn}`);
        const open = await database.kysely.selectFrom("turns").select("id").where("state", "=", "running").execute();
        expect(open.length).toBeLessThanOrEqual(1);
      }),
    );
  });
}
