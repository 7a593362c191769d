/** Slack's payloads, as far as we use them, into gestures. Nothing of Slack's shape leaves this folder. */

export interface Place {
  team: string;
  channel: string;
  /** The thread that is answered in: its first message's ts. Absent where there is none yet: commands, the home tab. */
  thread?: string;
  /** Only the asker reads along. */
  direct: boolean;
}

export interface Gesture {
  /** The ids one gesture may come under; one seen before is enough. */
  ids: readonly string[];
  /** The same for every press of this button by this person. */
  pressed?: string;
  /** The message of ours whose approval was decided. */
  card?: { channel: string; ts: string };
  user: string;
  /** The workspace of the person, when Slack says so. */
  userTeam?: string;
  /** The payload itself says that this is a guest or a stranger. */
  guest: boolean;
  place: Place;
  text: string;
  /** Slack Connect: people of other companies read along. */
  shared: boolean;
}

/** message: answer it. ignored: not for us, with the reason for the log. */
export type Parsed = { kind: "message"; gesture: Gesture } | { kind: "ignored"; why: string };

export type Fields = Readonly<Record<string, unknown>>;

/** An Events API envelope whose event is a message or a mention. `bot` is our own id, "" while it is unknown. */
export function parseEvent(envelope: unknown, bot: string): Parsed {
  const outer = fieldsOf(envelope);
  const event = fieldsOf(outer.event);
  const authorization = fieldsOf(listOf(outer.authorizations)[0]);
  const we = text(authorization.user_id) || bot;
  const why = reasonToIgnore(event, we, bot);
  if (why) return ignored(why);
  const [user, channel, ts] = [text(event.user), text(event.channel), text(event.ts)];
  if (!user || !channel || !isTs(ts)) return ignored("fields missing");
  const team = text(authorization.team_id) || text(outer.team_id);
  const app = `${text(outer.api_app_id)}:${team}:${channel}`;
  const client = text(event.client_msg_id);
  const userTeam = text(event.user_team) || text(event.team);
  const thread = text(event.thread_ts);
  return {
    kind: "message",
    gesture: {
      ids: [`${app}:${ts}`, ...(client ? [`${app}:${client}`] : [])],
      user,
      ...(userTeam ? { userTeam } : {}),
      guest: isGuest(fieldsOf(event.user_profile)),
      place: { team, channel, thread: isTs(thread) ? thread : ts, direct: isDirect(event) },
      text: plainText(text(event.text), we),
      shared: outer.is_ext_shared_channel === true,
    },
  };
}

/** Filters come before any claim of an id: a twin that is not for us must not use up the id of the one that is. */
function reasonToIgnore(event: Fields, we: string, bot: string): string | undefined {
  const type = text(event.type);
  const subtype = text(event.subtype);
  if (type !== "app_mention" && type !== "message") return `event ${type || "without type"}`;
  if (bot && we !== bot) return "meant for another app";
  if (event.bot_id !== undefined || subtype === "bot_message") return "another bot";
  if (subtype && subtype !== "file_share" && subtype !== "thread_broadcast") return subtype;
  if (event.hidden === true) return "hidden";
  if (event.user === we && we !== "") return "ourselves";
  if (type === "message" && !isDirect(event)) return "a message that does not mention us";
  return undefined;
}

function isDirect(event: Fields): boolean {
  return event.channel_type === "im" || text(event.channel).startsWith("D");
}

/** From `users.info`, or from the profile that comes with some events. */
export function isGuest(profile: Fields): boolean {
  return [profile.is_restricted, profile.is_ultra_restricted, profile.is_stranger].includes(true);
}

/** `<@U1|ada>` of ourselves goes; other mentions, channels and links become what a person sees. */
export function plainText(raw: string, bot: string): string {
  return raw
    .replace(/<@([A-Z0-9]+)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => (id === bot || !name ? "" : name))
    .replace(/<#[A-Z0-9]+(?:\|([^>]*))?>/g, (_, name?: string) => (name ? `#${name}` : ""))
    .replace(/<(?:https?|mailto):[^|>]*\|([^>]*)>/g, "$1")
    .replace(/<(?:mailto:)?([^>\s]*)>/g, (whole, inner: string) => (inner.startsWith("!") ? whole : inner))
    .replace(/<![^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}

/** Slack refuses a thread_ts that is none. */
export function isTs(value: string): boolean {
  return /^\d+\.\d+$/.test(value);
}

export function conversationOf({ team, channel }: Place, thread: string): string {
  return `slack:${team}:${channel}:${thread}`;
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function ignored(why: string): { kind: "ignored"; why: string } {
  return { kind: "ignored", why };
}
