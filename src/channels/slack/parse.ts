/** Slack's payloads, as far as we use them, into gestures. Nothing of Slack's shape leaves this folder. */

export interface Place {
  team: string;
  channel: string;
  /** The thread that is answered in; the message's own ts when it began none. */
  thread: string;
  direct: boolean;
}

export interface Gesture {
  /** The ids one gesture may come under; one seen before is enough. */
  ids: readonly string[];
  user: string;
  /** The workspace of the person, when Slack says so. */
  userTeam?: string;
  place: Place;
  text: string;
  /** Slack Connect: people of other companies read along. */
  shared: boolean;
}

/** for: answer it. ignored: not for us, with the reason for the log. */
export type Parsed = { kind: "message"; gesture: Gesture } | { kind: "ignored"; why: string };

type Fields = Readonly<Record<string, unknown>>;

/** An Events API envelope whose event is a message or a mention. */
export function parseEvent(envelope: unknown): Parsed {
  const outer = fieldsOf(envelope);
  const event = fieldsOf(outer.event);
  const type = text(event.type);
  if (type !== "app_mention" && type !== "message") return ignored(`event ${type || "without type"}`);
  if (event.bot_id !== undefined || text(event.subtype) === "bot_message") return ignored("another bot");
  const subtype = text(event.subtype);
  if (subtype && subtype !== "file_share" && subtype !== "thread_broadcast") return ignored(subtype);
  const direct = event.channel_type === "im" || text(event.channel).startsWith("D");
  if (type === "message" && !direct) return ignored("a message that does not mention us");
  const user = text(event.user);
  const channel = text(event.channel);
  const ts = text(event.ts);
  if (!user || !channel || !ts) return ignored("fields missing");
  const authorization = fieldsOf(Array.isArray(outer.authorizations) ? outer.authorizations[0] : undefined);
  const team = text(authorization.team_id) || text(outer.team_id);
  if (user === text(authorization.user_id)) return ignored("ourselves");
  const app = `${text(outer.api_app_id)}:${team}:${channel}`;
  const client = text(event.client_msg_id);
  const userTeam = text(event.user_team) || text(event.team);
  return {
    kind: "message",
    gesture: {
      ids: [`${app}:${ts}`, ...(client ? [`${app}:${client}`] : [])],
      user,
      ...(userTeam ? { userTeam } : {}),
      place: { team, channel, thread: text(event.thread_ts) || ts, direct },
      text: plainText(text(event.text), text(authorization.user_id)),
      shared: outer.is_ext_shared_channel === true,
    },
  };
}

/** A slash command's form. `/firstmate costs …` and `/ask …` lose their first word. */
export function parseCommand(form: unknown): Parsed {
  const fields = fieldsOf(form);
  const user = text(fields.user_id);
  const channel = text(fields.channel_id);
  const trigger = text(fields.trigger_id);
  if (!user || !channel || !trigger) return ignored("fields missing");
  const name = text(fields.command).replace(/^\//, "");
  const words = plainText(text(fields.text), "");
  const asked = name === "ask" ? words : name === "firstmate" ? firstmate(words) : `/${name} ${words}`;
  const team = text(fields.team_id);
  const thread = `command-${trigger}`;
  return {
    kind: "message",
    gesture: {
      ids: [`command:${trigger}`],
      user,
      ...(text(fields.user_team_id) ? { userTeam: text(fields.user_team_id) } : {}),
      place: { team, channel, thread, direct: channel.startsWith("D") },
      text: asked.trim(),
      shared: false,
    },
  };
}

function firstmate(words: string): string {
  return words === "" ? "/help" : `/${words}`;
}

/** `<@U1|ada>` of ourselves goes; other mentions, channels and links become what a person sees. */
export function plainText(raw: string, bot: string): string {
  return raw
    .replace(/<@([A-Z0-9]+)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => (id === bot || !name ? "" : name))
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, "#$1")
    .replace(/<(?:https?:[^|>]*)\|([^>]*)>/g, "$1")
    .replace(/<(https?:[^>]*)>/g, "$1")
    .replace(/<![^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}

export function conversationOf(place: Place): string {
  return `slack:${place.team}:${place.channel}:${place.thread}`;
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function ignored(why: string): Parsed {
  return { kind: "ignored", why };
}
