import type { ChannelOptions } from "../channels/index.ts";
import { type Running, renderPng } from "./context.ts";
import { homeOf } from "./home.ts";
import { publishPicture } from "./pictures.ts";
import { signInLink } from "./sign-in.ts";

/** What channels get of the house. */
export async function channelOptions(running: Running): Promise<ChannelOptions> {
  const { store, now, log, onFault } = running;
  const { core } = running.config;
  const { keepFeedback } = await import("../records/feedback.ts");
  const { keepPlace, placeOf } = await import("../records/places.ts");
  const { isLoopback } = await import("../identity/access.ts");
  return {
    renderPng: (spec, size) => renderPng(spec, size ?? {}),
    keepPlace: (conversation, reference, until) => keepPlace(store.database, conversation, reference, now(), until),
    placeOf: (conversation) => placeOf(store.database, conversation),
    loopback: isLoopback(core.HOST),
    production: core.NODE_ENV === "production",
    rolesOf: ({ id, email }) => [core.ROLES.get(id.toLowerCase()) ?? core.ROLES.get(email?.toLowerCase() ?? "") ?? "viewer"],
    timeZone: core.TIME_ZONE,
    now,
    wait: (ms) => new Promise((done) => setTimeout(done, ms)),
    onFeedback: (feedback) => keepFeedback(store.database, feedback, now()),
    home: (user) => homeOf(user, running),
    history: (user, limit) => store.conversations.questions(user, limit),
    forget: (user) => store.conversations.forget(user),
    onDelivered: (message) => store.conversations.delivered(message),
    answerOf: async (turn) => (await store.conversations.reply(turn))?.reply ?? null,
    signIn: async (person) => signInLink(person, await running.signIn(), core),
    ...(core.PUBLIC_URL ? { publicUrl: core.PUBLIC_URL } : {}),
    publishChart: (png) => publishPicture(png, running),
    commands: running.tools.flatMap(({ command }) => (command ? [command.name] : [])),
    onFault,
    onIgnored: (why) => log.debug("ignored", { why }),
  };
}
