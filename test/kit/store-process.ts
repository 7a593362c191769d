import { once } from "node:events";
import { createConversations } from "../../src/records/conversations.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { aMessage, aReply } from "./conversation.ts";

/** Jobs for a second process: `node store-process.ts JOB URL …`. Says what it has done, one line each. */
const JOBS: Record<string, (url: string, conversation: string) => Promise<void>> = {
  async migrate(url) {
    await import("../../src/storage/sqlite.ts");
    console.log("ready");
    await once(process.stdin, "data");
    const database = await openDatabase(url);
    console.log("opened");
    await once(process.stdin, "data");
    console.log(`migrated ${(await migrate(database)).join(",")}`);
    await database.close();
    process.stdin.destroy();
  },

  /** Begins a turn and never ends it. */
  async begin(url, conversation) {
    const conversations = createConversations(await openDatabase(url), () => new Date());
    await conversations.begin({ message: aMessage({ id: `${conversation}-open`, conversation }), turnId: `${conversation}-open` });
    await conversations.recordCall(`${conversation}-open`, 0, {
      call: { name: "get_costs", input: {} },
      durationMs: 1,
      outcome: { error: "none" },
    });
    console.log("begun");
    await once(process.stdin, "data");
  },

  /** Answers turns as fast as it can and says each one that is kept. */
  async answer(url, conversation) {
    const conversations = createConversations(await openDatabase(url), () => new Date());
    for (let turn = 0; ; turn++) {
      const turnId = `${conversation}-${turn}`;
      await conversations.begin({ message: aMessage({ id: turnId, conversation, text: `question ${turn}` }), turnId });
      await conversations.finish(turnId, aReply({ text: `answer ${turn}` }), "done");
      console.log(`kept ${turn}`);
    }
  },
};

const [job = "", url = "", conversation = ""] = process.argv.slice(2);
await JOBS[job]?.(url, conversation);
