import { channelKinds } from "../channels/index.ts";
import type { CoreSettings } from "../config/settings.ts";
import type { Limits, Policy } from "../identity/rate-limit.ts";
import type { RouterOptions } from "../router/index.ts";

type PerMinute = Pick<CoreSettings, "USER_REQUESTS_PER_MINUTE" | "CHANNEL_REQUESTS_PER_MINUTE">;

/** What people ask in chats is limited per person and per place; requests over HTTP were counted at the door. */
export function chatLimits(limits: Limits, most: PerMinute, onLimited: (limit: string) => void): NonNullable<RouterOptions["refuse"]> {
  const rooms = new Map(channelKinds.map(({ name, room }) => [name, room]));
  const user = { name: "user", perMinute: most.USER_REQUESTS_PER_MINUTE };
  const channel = { name: "channel", perMinute: most.CHANNEL_REQUESTS_PER_MINUTE };

  async function over(subject: string, policy: Policy, who: string): Promise<string | undefined> {
    const { exceeded, resetS } = await limits.take(subject, policy);
    if (!exceeded) return undefined;
    onLimited(policy.name);
    return `${who} more than ${policy.perMinute} questions in a minute. Please ask again in ${resetS} seconds.`;
  }

  return async (message) => {
    const room = rooms.get(message.channel);
    if (!room) return undefined;
    const place = room(message.conversation);
    // Who asks too much does not use up what the others may ask.
    return (await over(message.user.id, user, "You ask")) ?? (place === undefined ? undefined : over(place, channel, "This channel asks"));
  };
}
