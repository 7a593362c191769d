import type { ChannelOptions } from "../channels/index.ts";
import { type Running, renderPng } from "./context.ts";

/** What channels get of the house. */
export async function channelOptions({ config: { core }, store, now, log, onFault }: Running): Promise<ChannelOptions> {
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
    onFault,
    onIgnored: (why) => log.debug("ignored", { why }),
  };
}
