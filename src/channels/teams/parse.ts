/** Bot Framework activities, as far as we use them. Nothing of their shape leaves this folder. */

export interface TeamsGesture {
  ids: readonly string[];
  user: { id: string; name: string };
  conversation: string;
  kind: "personal" | "group" | "channel";
  text: string;
}

export type Parsed =
  | { kind: "message"; gesture: TeamsGesture }
  | { kind: "feedback"; turn: string; user: string; verdict: "good" | "bad" }
  | { kind: "ignored"; why: string };

type Fields = Readonly<Record<string, unknown>>;

export function parseActivity(activity: unknown): Parsed {
  const a = fieldsOf(activity);
  if (a.type === "invoke") return parseInvoke(a);
  if (a.type !== "message") return ignored(`activity ${text(a.type) || "without type"}`);
  const conversation = fieldsOf(a.conversation);
  const from = fieldsOf(a.from);
  const id = text(a.id);
  const place = text(conversation.id);
  const user = text(from.aadObjectId) || text(from.id);
  if (!id || !place || !user) return ignored("fields missing");
  if (text(from.role) === "bot" || text(from.id) === text(fieldsOf(a.recipient).id)) return ignored("another bot");
  const type = text(conversation.conversationType);
  const kind = type === "channel" ? "channel" : type === "groupChat" || conversation.isGroup === true ? "group" : "personal";
  const words = withoutMention(text(a.text) || text(fieldsOf(a.value).question), a);
  return {
    kind: "message",
    gesture: { ids: [`${place}:${id}`], user: { id: user, name: text(from.name) || "someone" }, conversation: place, kind, text: words },
  };
}

/** `<at>Firstmate</at> costs` → `costs`; other people's names stay as names. */
function withoutMention(raw: string, activity: Fields): string {
  const bot = text(fieldsOf(activity.recipient).id);
  let out = raw;
  for (const entity of Array.isArray(activity.entities) ? activity.entities : []) {
    const { type, mentioned, text: marked } = fieldsOf(entity);
    if (type === "mention" && text(fieldsOf(mentioned).id) === bot && text(marked)) out = out.replace(text(marked), "");
  }
  return out
    .replace(/<at[^>]*>([^<]*)<\/at>/gi, "$1")
    .replace(/&nbsp;|\u00a0/g, " ")
    .trim();
}

function parseInvoke(a: Fields): Parsed {
  const value = fieldsOf(a.value);
  const action = fieldsOf(value.actionValue);
  const reaction = text(action.reaction);
  const turn = text(fieldsOf(fieldsOf(a.channelData).feedbackLoop).turn) || text(a.replyToId);
  if (a.name !== "message/submitAction" || value.actionName !== "feedback" || !reaction) return ignored(`invoke ${text(a.name)}`);
  return {
    kind: "feedback",
    turn,
    user: text(fieldsOf(a.from).aadObjectId) || text(fieldsOf(a.from).id),
    verdict: reaction === "like" ? "good" : "bad",
  };
}

export function tenantOf(activity: unknown): string {
  const a = fieldsOf(activity);
  return text(fieldsOf(a.conversation).tenantId) || text(fieldsOf(fieldsOf(a.channelData).tenant).id);
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
