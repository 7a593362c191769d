import { channelKinds } from "../channels/index.ts";
import type { Config } from "../config/index.ts";

/** Why nothing can be posted in a chat's channel, in words; undefined when it can, or when it is none of ours. */
export function whyOff(channel: string, { groups }: Pick<Config, "groups">): string | undefined {
  const kind = channelKinds.find(({ name }) => name === channel);
  return kind && !groups.has(channel) ? `${kind.title} is not set up here, so nothing would arrive there.` : undefined;
}
