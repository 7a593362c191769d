import type { ChannelOptions } from "../channels/index.ts";
import { type Running, renderPng } from "./context.ts";
import { startPage } from "./start-page.ts";

/** What channels get of the house. */
export async function channelOptions(running: Running): Promise<ChannelOptions> {
  const { store, now, log, onFault } = running;
  const { core } = running.config;
  const { keepFeedback } = await import("../records/feedback.ts");
  const { keepPlace, placeOf } = await import("../records/places.ts");
  const { isLoopback } = await import("../identity/access.ts");
  return {
    renderPng: (spec, size) => renderPng(spec, size ?? {}),
    keepPlace: (conversation, reference) => keepPlace(store.database, conversation, reference, now()),
    placeOf: (conversation) => placeOf(store.database, conversation),
    loopback: isLoopback(core.HOST),
    production: core.NODE_ENV === "production",
    rolesOf: ({ id, email }) => [core.ROLES.get(id.toLowerCase()) ?? core.ROLES.get(email?.toLowerCase() ?? "") ?? "viewer"],
    timeZone: core.TIME_ZONE,
    now,
    wait: (ms) => new Promise((done) => setTimeout(done, ms)),
    onFeedback: (feedback) => keepFeedback(store.database, feedback, now()),
    home: (user) => homeOf(user, running),
    onFault,
    onIgnored: (why) => log.debug("ignored", { why }),
  };
}

const NEWEST_QUESTIONS = 5;

/** A person's own page in a chat: what is connected, what they asked last, what to ask next. */
async function homeOf(user: string, { sources: { feeds }, isDemo, store }: Running) {
  const page = await startPage(isDemo, feeds.length > 0);
  const asked = await store.conversations.list(user, NEWEST_QUESTIONS);
  const lines = [
    ...(page.label ? [page.label] : []),
    page.greeting,
    ...feeds.map((feed) => `Connected: ${feed.name}`),
    ...asked.map((c) => `You asked: ${c.title}`),
  ];
  return { title: "Firstmate", lines, suggestions: page.suggestions };
}
