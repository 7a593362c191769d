import type { Handler } from "../../../src/core/channel.ts";
import { testChannel } from "../../kit/channel-conformance.ts";
import { openTeamsWorld } from "./world.ts";

testChannel({
  name: "teams",
  forbidden: /<(?!:)|\]\(|https?:\/\//,
  async open() {
    const world = await openTeamsWorld({ unstarted: true });
    let answering = 0;
    /** The channel asks for the next reply when the last one is posted, card and all. */
    const counted = (handle: Handler): Handler =>
      async function* (message, signal) {
        answering++;
        yield* handle(message, signal);
        answering--;
      };
    return {
      channel: { ...world.channel, start: (handle) => world.channel.start(counted(handle)) },
      async say(text) {
        const { status, body } = await world.deliver(world.teams.activities.message(text));
        if (status !== 200) throw new Error(`answered ${status}: ${body}`);
      },
      seen: () => (answering > 0 ? "" : world.teams.seen()),
      async close() {
        await world.close();
        if (world.teams.violations.length > 0) throw new Error(world.teams.violations.join("\n"));
        if (world.faults.length > 0) throw world.faults[0];
      },
    };
  },
});
