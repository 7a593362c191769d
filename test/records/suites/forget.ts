import { describe, expect, it } from "vitest";
import { createAudit } from "../../../src/records/audit.ts";
import { createConversations } from "../../../src/records/conversations.ts";
import { aCall, aMessage, aReply, aUser } from "../../kit/conversation.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

export function forgetSuite(store: StoreUnderTest): void {
  describe("forgetting a person", () => {
    const answered = async (person: string, conversation: string, audience: "direct" | "group", text = "secret words") => {
      const conversations = createConversations(store.database, store.now);
      const turnId = store.unique("turn");
      const message = aMessage({ id: turnId, conversation, audience, user: aUser(person), text, at: store.now() });
      await conversations.begin({ message, turnId });
      await conversations.recordCall(turnId, 0, aCall());
      await conversations.finish(turnId, aReply(), "done");
      return turnId;
    };

    it("deletes every row of theirs and no row of others", async () => {
      const conversations = createConversations(store.database, store.now);
      const [ada, eve] = [store.unique("local:ada"), store.unique("local:eve")];
      const [own, others] = [store.unique("own"), store.unique("others")];
      const gone = await answered(ada, own, "direct");
      const kept = await answered(eve, others, "direct");

      await conversations.forget(ada);
      await conversations.forget(ada);

      expect(await conversations.read(own, ada)).toBeNull();
      expect(await conversations.list(ada, 10)).toEqual([]);
      for (const table of ["tool_calls", "receipts"] as const)
        expect(await store.database.kysely.selectFrom(table).select("id").where("turn_id", "=", gone).execute()).toEqual([]);
      expect(await conversations.reply(gone)).toBeNull();
      expect(await conversations.reply(kept)).not.toBeNull();
    });

    it("leaves others' turns in a shared conversation, without the person's words in its name", async () => {
      const conversations = createConversations(store.database, store.now);
      const [ada, eve] = [store.unique("local:ada"), store.unique("local:eve")];
      const shared = store.unique("shared");
      await answered(ada, shared, "group");
      await answered(eve, shared, "group", "what broke?");

      await conversations.forget(ada);

      const left = await conversations.read(shared, eve);
      expect(left?.title).toBe("what broke?");
      expect(left?.turns.map((turn) => turn.userId)).toEqual([eve]);
    });

    it("takes one conversation alone when only that is deleted, and what the audit log says of it", async () => {
      const conversations = createConversations(store.database, store.now);
      const [ada, eve] = [store.unique("local:ada"), store.unique("local:eve")];
      const [first, second, shared] = [store.unique("first"), store.unique("second"), store.unique("shared")];
      await answered(ada, first, "direct", store.unique("words of the first"));
      await answered(ada, second, "direct");
      await answered(ada, shared, "group");
      await answered(eve, shared, "group", "what broke?");

      expect(await conversations.remove(first, eve)).toBe(false);
      expect(await conversations.remove(first, ada)).toBe(true);
      expect(await conversations.remove(first, ada)).toBe(false);
      expect(await conversations.remove(shared, ada)).toBe(true);

      expect((await conversations.list(ada, 10)).map(({ id }) => id)).toEqual([second]);
      expect((await conversations.read(shared, eve))?.turns.map((turn) => turn.userId)).toEqual([eve]);
      const lines = await store.database.kysely.selectFrom("audit").select(["target", "detail"]).where("actor", "=", ada).execute();
      expect(lines.filter(({ detail }) => detail !== null).map(({ target }) => target)).toEqual([second]);
      expect((await createAudit(store.database, store.now).verify()).ok).toBe(true);
    });

    it("renames a conversation for who began it alone, on one line", async () => {
      const conversations = createConversations(store.database, store.now);
      const [ada, eve] = [store.unique("local:ada"), store.unique("local:eve")];
      const own = store.unique("own");
      await answered(ada, own, "direct");

      expect(await conversations.rename(own, eve, "Mine")).toBe(false);
      expect(await conversations.rename(own, ada, "Costs\n of May")).toBe(true);

      expect((await conversations.read(own, ada))?.title).toBe("Costs of May");
    });

    it("is not undone by an answer that comes later", async () => {
      const conversations = createConversations(store.database, store.now);
      const ada = store.unique("local:ada");
      const turnId = store.unique("turn");
      await conversations.begin({ message: aMessage({ id: turnId, conversation: store.unique("late"), user: aUser(ada) }), turnId });
      await conversations.forget(ada);

      await conversations.recordCall(turnId, 0, aCall());
      await conversations.finish(turnId, aReply(), "done");

      expect(await conversations.reply(turnId)).toBeNull();
    });
  });
}
