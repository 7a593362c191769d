import { describe, expect, it } from "vitest";
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
