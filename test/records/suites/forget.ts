import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { activities } from "../../../src/records/activities.ts";
import { createAgents } from "../../../src/records/agents/index.ts";
import { createAudit } from "../../../src/records/audit.ts";
import { createConversations } from "../../../src/records/conversations.ts";
import { createPeople } from "../../../src/records/people.ts";
import { createRecords } from "../../../src/records/record-store.ts";
import type { Resource } from "../../../src/records/resource.ts";
import { createSessions } from "../../../src/records/sessions.ts";
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

    it("by an admin takes all their names: turns, sign-ins, and the words but not the figures of activities and events", async () => {
      const { kysely } = store.database;
      const conversations = createConversations(store.database, store.now);
      const people = createPeople(store.database, store.now);
      const records = createRecords(store.database, store.now, randomUUID);
      const agents = createAgents(store.database, { now: store.now, content: "keep", eventDays: 90, summaryDays: 400 });
      const sessions = createSessions(store.database, store.now);
      const chat = store.unique("slack:T1:U");
      const address = `${store.unique("Ada_50%")}@Example.com`;
      const agent = store.unique("agent");
      const own = store.unique("own");
      await answered(chat, own, "direct");
      await sessions.openFor({ user: store.unique("oidc:x"), name: "Ada", email: address });
      const activity = { tool: "IDE", user: address, prompt: "my words", cost: { amount: 2, currency: "EUR" } };
      const report = {
        ...{
          digest: "cost",
          channel: "slack",
          conversation: own,
          pattern: "0 9 * * *",
          schedule: "daily",
          time_zone: "UTC",
          options: "{}",
        },
        ...{ owner: chat, origin: "chat" as const, paused: 0, since: store.now().toISOString(), created_at: store.now().toISOString() },
      };
      const reports = [store.unique("direct"), store.unique("group")] as const;
      await kysely
        .insertInto("digest_subscriptions")
        .values({ ...report, id: reports[0], audience: "direct" })
        .execute();
      await kysely
        .insertInto("digest_subscriptions")
        .values({ ...report, id: reports[1], audience: "group" })
        .execute();
      const made = await records.create(activities as unknown as Resource, activity, { id: "key:a", sight: "all" });
      const other = { ...activity, user: `x${address}`, externalId: store.unique("own id") };
      await records.create(activities as unknown as Resource, other, { id: "key:a", sight: "all" });
      const said = { type: "response", content: `${address} asked`, metadata: { who: address }, tokens: 10 };
      await agents.ingest([
        { agent, event: { ...said, id: "1", at: store.now(), userId: address } },
        { agent, event: { ...said, id: "2", at: store.now(), userId: address.toLowerCase() } },
        { agent, event: { ...said, id: "3", at: store.now(), userId: "somebody else" } },
      ]);

      expect(await people.forget([chat.toUpperCase(), address], "key:admin")).toEqual({ activities: 1, events: 2 });
      expect(await people.forget([address], "key:admin")).toEqual({ activities: 0, events: 0 });

      expect(await conversations.read(own, chat)).toBeNull();
      const left = await kysely.selectFrom("digest_subscriptions").select("id").where("owner", "=", chat).execute();
      expect(left.map(({ id }) => id)).toEqual([reports[1]]);
      expect(await kysely.selectFrom("sessions").select("id").where("email", "=", address).execute()).toEqual([]);
      const id = made.state === "done" ? made.record.id : "";
      const standIn = await people.standIn(address);
      expect((await records.get(activities as unknown as Resource, id, "all"))?.data).toEqual({
        ...{ tool: "IDE", cost: activity.cost, user: standIn },
      });
      const events = await kysely.selectFrom("agent_events").selectAll().where("agent_id", "=", agent).orderBy("id").execute();
      expect(events.map(({ user_id, content, tokens }) => [user_id, content, tokens])).toEqual([
        [standIn, null, 10],
        [standIn, null, 10],
        ["somebody else", `${address} asked`, 10],
      ]);
      const day = store.now().toISOString().slice(0, 10);
      expect((await agents.metrics(agent, { from: day, to: day }))?.days[0]).toMatchObject({ uniqueUsers: 2, tokens: 30 });
      expect(await people.standIn("somebody else")).toBeUndefined();
      expect((await createAudit(store.database, store.now).verify()).ok).toBe(true);
    });
  });
}
