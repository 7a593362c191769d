import { testChannel } from "../../kit/channel-conformance.ts";
import { openSlack } from "./world.ts";

/** What only a live mention, link or picture has in it. */
const LIVE = /<[!@#]|<https?:|\]\(\s*https?:|!\[|https?:\/\/evil/;

for (const socket of [false, true])
  testChannel({
    name: "slack",
    forbidden: LIVE,
    open: async () => {
      const world = await openSlack(undefined, { socket });
      const { slack, http } = world;
      return {
        channel: world.channel,
        async say(text) {
          const gesture = slack.gestures.direct({ user: "U0ADA", text });
          await (socket ? slack.socket.send(gesture) : http.send(gesture));
        },
        seen: () =>
          slack
            .transcript("D0ADA")
            .filter((message) => message.own)
            .map((message) => message.shown)
            .join("\n"),
        close: world.close,
      };
    },
  });
