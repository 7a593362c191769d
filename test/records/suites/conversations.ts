import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/core/message.ts";
import { UserError } from "../../../src/errors.ts";
import { createConversations } from "../../../src/records/conversations.ts";
import { aCall, aMessage, aReceipt, aReply, aUser } from "../../kit/conversation.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

export function conversationsSuite(store: StoreUnderTest): void {
  const open = () => createConversations(store.database, store.now);
  /** A turn that has begun; asked a second after the one before. */
  const begin = async (fields: Partial<Message> = {}) => {
    const turnId = store.unique("turn");
    const message = aMessage({ id: turnId, conversation: store.unique("conversation"), at: store.now(), ...fields });
    expect(await open().begin({ message, turnId })).toBe("begun");
    return { turnId, message, conversation: message.conversation };
  };

  describe("beginning a turn", () => {
    it("gives the same message to exactly one of many callers at once", async () => {
      const message = aMessage({ id: store.unique("message"), conversation: store.unique("conversation") });

      const outcomes = await Promise.all(Array.from({ length: 50 }, () => open().begin({ message, turnId: store.unique("turn") })));

      expect(outcomes.filter((outcome) => outcome === "begun")).toHaveLength(1);
      expect((await open().read(message.conversation, message.user.id))?.turns).toHaveLength(1);
    });

    it("takes nothing when the turn cannot be kept, so the platform's next delivery is answered", async () => {
      const { turnId } = await begin();
      const message = aMessage({ id: store.unique("message"), conversation: store.unique("conversation") });

      await expect(open().begin({ message, turnId })).rejects.toThrow();

      expect(await open().owner(message.conversation)).toBeNull();
      await begin(message);
    });

    it("takes the same id again on another channel", async () => {
      const { message } = await begin();

      await begin({ id: message.id, channel: "slack" });
    });

    it("knows a gesture again by any of its ids, also by one it learned from a duplicate", async () => {
      const [ts, twin, client] = [store.unique("ts"), store.unique("twin"), store.unique("client")];
      const message = aMessage({ id: ts, conversation: store.unique("conversation") });
      const deliver = (id: string, aliases: string[]) =>
        open().begin({ message: { ...message, id }, turnId: store.unique("turn"), aliases });

      expect(await deliver(ts, [])).toBe("begun");
      expect(await deliver(ts, [client])).toBe("duplicate");
      expect(await deliver(twin, [client])).toBe("duplicate");
    });

    it("takes a burst as if its messages came one after the other, and refuses one of it alone", async () => {
      const [ts, client, shared] = [store.unique("ts"), store.unique("client"), store.unique("conversation")];
      const { conversation: foreign } = await begin({ audience: "direct", user: aUser("local:grace") });
      const conversations = open();
      const ask = (id: string, aliases: string[], fields: Partial<Message> = {}) =>
        conversations
          .begin({
            message: aMessage({ id, conversation: shared, at: store.now(), text: id, ...fields }),
            turnId: store.unique("turn"),
            aliases,
          })
          .catch((error: unknown) => (error instanceof UserError ? "refused" : error));
      const refused = store.unique("refused");

      const outcomes = await Promise.all([
        ask(ts, []),
        ask(ts, [client]),
        ask(store.unique("twin"), [client]),
        ask(refused, [], { conversation: foreign }),
        ask(store.unique("other"), []),
        ask(store.unique("alone"), [], { conversation: store.unique("conversation") }),
      ]);

      expect(outcomes).toEqual(["begun", "duplicate", "duplicate", "refused", "begun", "begun"]);
      expect((await conversations.read(shared, aMessage().user.id))?.title).toBe(ts);
      expect(await ask(refused, [])).toBe("begun");
    });

    it("names the conversation after its first question, cut at a word, and keeps that name", async () => {
      const text = `What did\nwe spend ${"on compute ".repeat(20)}`;
      const { conversation, message } = await begin({ text });
      await begin({ conversation, text: "And in May?" });

      const title = (await open().read(conversation, message.user.id))?.title ?? "";

      expect(title).toMatch(/^What did we spend on compute .*compute…$|^What did we spend on compute .*on…$/);
      expect([...title].length).toBeLessThanOrEqual(80);
    });

    it("never cuts a name inside a character", async () => {
      const { conversation, message } = await begin({ text: "🚀".repeat(200) });

      expect((await open().read(conversation, message.user.id))?.title).toBe(`${"🚀".repeat(79)}…`);
    });

    it.each([
      ["another person's", { user: aUser("local:eve") }],
      ["one of another channel", { channel: "api" }],
      ["a group's", { audience: "group" as const }],
    ])("does not lead into %s conversation, and takes nothing", async (_, difference) => {
      const { conversation, message } = await begin();
      const foreign = aMessage({ id: store.unique("message"), conversation, ...difference });

      await expect(open().begin({ message: foreign, turnId: store.unique("turn") })).rejects.toThrow(UserError);

      expect((await open().read(conversation, message.user.id))?.turns).toHaveLength(1);
      await begin({ ...difference, id: foreign.id });
    });

    it("lets everyone of a group ask in its conversation", async () => {
      const { conversation } = await begin({ audience: "group" });

      await begin({ conversation, audience: "group", user: aUser("local:grace") });
    });

    it("drops NUL characters from a question and refuses them in an id", async () => {
      const { conversation, message } = await begin({ text: "cost\0s of May" });

      expect((await open().read(conversation, message.user.id))?.turns[0]?.question).toBe("costs of May");
      await expect(begin({ conversation: "a\0b" })).rejects.toThrow(UserError);
      await expect(open().read("a\0b", message.user.id)).rejects.toThrow(UserError);
    });
  });

  describe("finishing a turn", () => {
    it("gives the whole reply back, with Dates where the contract has them", async () => {
      const { turnId, message, conversation } = await begin();
      const usage = { model: "m", inputTokens: 10, outputTokens: 2, cachedTokens: 0, modelCalls: 1 };
      const reply = aReply({ turn: { id: turnId, conversation, agent: "model", tools: [aCall().call], usage } });

      await open().finish(turnId, reply, "done");

      expect(await open().reply(turnId)).toEqual({ reply, userId: message.user.id });
      const turn = (await open().read(conversation, message.user.id))?.turns[0];
      expect(turn).toMatchObject({ state: "done", reply, agent: "model", usage, question: message.text, askedAt: message.at });
      expect(turn?.finishedAt).toBeInstanceOf(Date);
    });

    it("keeps an answer of one megabyte", async () => {
      const { turnId } = await begin();
      const text = "ünïcode 🚀 ".repeat(80_000);

      await open().finish(turnId, aReply({ text }), "done");

      expect((await open().reply(turnId))?.reply.text).toBe(text);
    });

    it("is safe to repeat, and the first final outcome stays", async () => {
      const { turnId } = await begin();
      await open().finish(turnId, aReply(), "done");

      await open().finish(turnId, aReply(), "done");
      await open().finish(turnId, aReply({ text: "no", receipts: [] }), "failed");

      expect((await open().reply(turnId))?.reply).toEqual(aReply());
      const receipts = await store.database.kysely.selectFrom("receipts").select("id").where("turn_id", "=", turnId).execute();
      expect(receipts).toHaveLength(2);
    });

    it("keeps the answer and its receipts together or not at all", async () => {
      const [{ turnId }, other] = [await begin(), await begin()];
      const inTheWay = { id: `${turnId}:1`, turn_id: other.turnId, position: 7, receipt: "{}" };
      await store.database.kysely.insertInto("receipts").values(inTheWay).execute();

      await expect(open().finish(turnId, aReply(), "done")).rejects.toThrow();
      expect(await open().reply(turnId)).toBeNull();

      await store.database.kysely.deleteFrom("receipts").where("id", "=", inTheWay.id).execute();
      await open().finish(turnId, aReply(), "done");
      expect((await open().reply(turnId))?.reply).toEqual(aReply());
    });

    it("replaces an interruption by the real outcome", async () => {
      const { turnId } = await begin();
      await open().finish(turnId, aReply({ text: "stopped", receipts: [aReceipt()] }), "interrupted");

      await open().finish(turnId, aReply(), "done");

      expect((await open().reply(turnId))?.reply).toEqual(aReply());
    });

    it("does nothing for a turn that is gone", async () => {
      const turnId = store.unique("gone");

      await open().recordCall(turnId, 0, aCall());
      await open().finish(turnId, aReply(), "done");

      expect(await open().reply(turnId)).toBeNull();
    });
  });

  describe("remembering", () => {
    it("gives the newest answered turns, oldest first, with their tool calls in order", async () => {
      const first = await begin({ text: "one" });
      const { conversation } = first;
      const second = await begin({ conversation, text: "two" });
      const third = await begin({ conversation, text: "three" });
      await begin({ conversation, text: "still running" });
      for (const { turnId } of [third, first, second]) await open().finish(turnId, aReply({ text: `to ${turnId}` }), "done");
      await open().recordCall(second.turnId, 1, aCall("pareto", { error: "no such service" }));
      await open().recordCall(second.turnId, 0, aCall("get_costs"));
      await open().recordCall(second.turnId, 0, aCall("get_costs"));

      const history = await open().history(conversation, 2);

      expect(history).toEqual([
        { question: "two", answer: `to ${second.turnId}`, calls: [aCall("get_costs").call, aCall("pareto").call] },
        { question: "three", answer: `to ${third.turnId}`, calls: [] },
      ]);
      expect(await open().history(store.unique("nowhere"), 5)).toEqual([]);
    });

    it("lists a person's conversations, the latest used first", async () => {
      const user = aUser(store.unique("local:lister"));
      const [a, b] = [await begin({ user }), await begin({ user })];
      await begin({ user, conversation: a.conversation });

      expect((await open().list(user.id, 10)).map(({ id }) => id)).toEqual([a.conversation, b.conversation]);
      expect(await open().list(user.id, 1)).toHaveLength(1);
      expect(await open().list(store.unique("nobody"), 10)).toEqual([]);
    });

    it("does not tell another person's conversation from one that does not exist", async () => {
      const { conversation, message } = await begin();

      expect(await open().read(conversation, "local:eve")).toBeNull();
      expect(await open().read(store.unique("nowhere"), "local:eve")).toBeNull();
      expect(await open().owner(conversation)).toBe(message.user.id);
      expect(await open().owner(store.unique("nowhere"))).toBeNull();
    });
  });
}
