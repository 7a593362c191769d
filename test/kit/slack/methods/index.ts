import { refuse } from "../refusal.ts";
import { IDS } from "../sample.ts";
import { stringOf } from "../shapes.ts";
import { ASSISTANT } from "./assistant.ts";
import { CHAT } from "./chat.ts";
import { readableRoom } from "./checks.ts";
import { CONVERSATIONS } from "./conversations.ts";
import { type Method, method } from "./desk.ts";
import { FILES } from "./files.ts";
import { STREAM } from "./stream.ts";
import { VIEWS } from "./views.ts";

/** Every method the app may call. */
export const METHODS: Readonly<Record<string, Method>> = {
  ...CHAT,
  ...STREAM,
  ...ASSISTANT,
  ...CONVERSATIONS,
  ...FILES,
  ...VIEWS,
  "auth.test": method("", "", (_args, desk) => ({
    url: `${desk.origin()}/`,
    team: "Harbor",
    user: "firstmate",
    team_id: IDS.team,
    user_id: IDS.bot,
    bot_id: IDS.botId,
    is_enterprise_install: false,
  })),
  "reactions.add": method("channel timestamp name", "", (args, desk) => {
    const room = readableRoom(desk, stringOf(args.channel));
    const ts = stringOf(args.timestamp);
    if (!desk.workspace.find(room.id, ts)) refuse("message_not_found");
    const name = stringOf(args.name);
    if (desk.workspace.reactions.some((r) => r.channel === room.id && r.ts === ts && r.name === name)) refuse("already_reacted");
    desk.workspace.reactions.push({ channel: room.id, ts, name });
    return {};
  }),
  "apps.connections.open": method("", "", (_args, desk) => ({ url: desk.socketUrl() }), "app"),
};
