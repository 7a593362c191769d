import { createHash } from "node:crypto";

/** Bot Framework activities, as far as we use them. Nothing of their shape leaves this folder. */

export interface TeamsGesture {
  ids: readonly string[];
  /** `account` is the id within Teams, by which rosters know a person. */
  user: { id: string; name: string; account: string };
  conversation: string;
  /** What makes it the same message under another id; absent for buttons, whose `ids` tell. */
  typed?: readonly string[];
  kind: "personal" | "group" | "channel";
  text: string;
  /** The message of ours whose button was pressed. */
  card?: string;
  /** Why this person is not answered; absent when they are. */
  refusal?: string;
}

export type Parsed =
  | { kind: "message"; gesture: TeamsGesture }
  | { kind: "feedback"; conversation: string; message: string; user: string; verdict: "good" | "bad" }
  /** The bot was put into a conversation; `user` did it. */
  | { kind: "installed"; conversation: string; user: TeamsGesture["user"]; personal: boolean; refused: boolean }
  | { kind: "removed"; conversation: string }
  /** A button of a card of ours that no code knows any more. */
  | { kind: "strange button"; id: string; invoked: boolean }
  | { kind: "ignored"; why: string };

type Fields = Readonly<Record<string, unknown>>;

const COPY_MS = 60_000;
const STEP_MS = 15_000;

/** `at` is when it came: Teams gives the copies of a click new ids and new times. */
export function parseActivity(activity: unknown, at: Date): Parsed {
  const a = fieldsOf(activity);
  const conversation = fieldsOf(a.conversation);
  const from = fieldsOf(a.from);
  if (isBot(from) || text(from.id) === text(fieldsOf(a.recipient).id)) return ignored("another bot, or ourselves");
  const place = text(conversation.id);
  const user = text(from.aadObjectId) || text(from.id);
  if (!place || !text(from.id) || !text(a.id) || !text(fieldsOf(a.recipient).id))
    return ignored(`${text(a.type)} without id, conversation, sender or recipient`);
  const refusal = refusalFor(a);
  const kind = kindOf(conversation);
  const question = questionOf(a);
  if (question === undefined) return parseOther(a, { place, user, personal: kind === "personal", refused: refusal !== undefined });
  return {
    kind: "message",
    gesture: {
      ids: [`${place}:${text(a.id)}`, ...(a.value === undefined || a.value === null ? [] : clickKeys(a, place, user, at))],
      user: { id: user, name: text(from.name) || "someone", account: text(from.id) },
      conversation: place,
      ...(a.value === undefined || a.value === null ? { typed: [place, user, text(a.text), text(a.replyToId)] } : {}),
      kind,
      text: question,
      ...(a.value !== undefined && a.value !== null && text(a.replyToId) ? { card: text(a.replyToId) } : {}),
      ...(refusal ? { refusal } : {}),
    },
  };
}

function kindOf(conversation: Fields): TeamsGesture["kind"] {
  const type = text(conversation.conversationType);
  if (type === "channel") return "channel";
  return type === "groupChat" || conversation.isGroup === true ? "group" : "personal";
}

interface Asker {
  place: string;
  user: string;
  personal: boolean;
  refused: boolean;
}

/** What asks nothing. */
function parseOther(a: Fields, { place, user, personal, refused }: Asker): Parsed {
  if (a.type === "installationUpdate" && a.action === "add")
    return { kind: "installed", conversation: place, user: { id: user, name: "", account: text(fieldsOf(a.from).id) }, personal, refused };
  if ((a.type === "installationUpdate" && a.action === "remove") || isRemoval(a)) return { kind: "removed", conversation: place };
  const strange = { kind: "strange button", id: `${place}:${text(a.id)}` } as const;
  if (a.type === "message" && a.value) return { ...strange, invoked: false };
  if (a.type === "invoke") return a.name === "adaptiveCard/action" ? { ...strange, invoked: true } : parseFeedback(a, place, user);
  return ignored(`activity ${text(a.type)}`);
}

function isRemoval(a: Fields): boolean {
  const bot = text(fieldsOf(a.recipient).id);
  return a.type === "conversationUpdate" && Array.isArray(a.membersRemoved) && a.membersRemoved.some((m) => text(fieldsOf(m).id) === bot);
}

/** What was typed, or what a button of ours asks; undefined when the activity asks nothing. */
function questionOf(a: Fields): string | undefined {
  const value = fieldsOf(a.value);
  // A button of a card that is not ours.
  if (a.type === "message" && !text(a.text) && a.value && !text(value.question)) return undefined;
  if (a.type === "message") return withoutMention(text(a.text) || text(value.question), a);
  if (a.type !== "invoke" || a.name !== "adaptiveCard/action") return undefined;
  const action = fieldsOf(value.action);
  return action.verb === "ask" ? text(fieldsOf(action.data).question) || undefined : undefined;
}

/** A copy of a click comes within a minute under another id. Two clicks share a key when at most that lies between them. */
function clickKeys(a: Fields, place: string, user: string, at: Date): string[] {
  const what = createHash("sha256")
    .update(JSON.stringify([place, user, a.value, text(a.replyToId)]))
    .digest("base64url");
  const step = Math.floor(at.getTime() / STEP_MS);
  return Array.from({ length: COPY_MS / STEP_MS + 1 }, (_, i) => `click:${what}:${step + i}`);
}

/** `<at>Firstmate</at> costs` → `costs`; other people's names stay as names. */
function withoutMention(raw: string, activity: Fields): string {
  const bot = text(fieldsOf(activity.recipient).id);
  let out = raw;
  for (const entity of Array.isArray(activity.entities) ? activity.entities : []) {
    const { type, mentioned, text: marked } = fieldsOf(entity);
    if (type === "mention" && text(fieldsOf(mentioned).id) === bot && text(marked)) out = out.replaceAll(text(marked), "");
  }
  return out
    .replace(/<at[^>]*>([^<]*)<\/at>/gi, "$1")
    .replace(/&nbsp;|\u00a0/g, " ")
    .trim();
}

/** The thumbs under an answer; the click names the message it belongs to. */
function parseFeedback(a: Fields, conversation: string, user: string): Parsed {
  const value = fieldsOf(a.value);
  const reaction = text(fieldsOf(value.actionValue).reaction);
  if (a.name !== "message/submitAction" || value.actionName !== "feedback" || (reaction !== "like" && reaction !== "dislike"))
    return ignored(`invoke ${text(a.name)}`);
  return { kind: "feedback", conversation, message: text(a.replyToId), user, verdict: reaction === "like" ? "good" : "bad" };
}

/** Every tenant an activity names: of the conversation, of the place it came from, of the sender. */
export function tenantsOf(activity: unknown): { home: string; sender: readonly string[] } {
  const a = fieldsOf(activity);
  const conversation = text(fieldsOf(a.conversation).tenantId);
  const data = text(fieldsOf(fieldsOf(a.channelData).tenant).id);
  const sender = text(fieldsOf(a.from).tenantId);
  return { home: conversation || data, sender: [data, sender].filter(Boolean) };
}

/** Everyone in the place reads the answer, so doubt means no. */
function refusalFor(a: Fields): string | undefined {
  const from = fieldsOf(a.from);
  const { home, sender } = tenantsOf(a);
  if (home && sender.some((tenant) => tenant !== home)) return "I only answer members of the organisation I belong to.";
  if (/guest|anonymous/i.test(text(from.userRole)) || /#ext#/i.test(text(from.userPrincipalName)))
    return "I only answer full members of this organisation. Ask one of them to put the question.";
  if (home && !text(from.aadObjectId)) return "I only answer people who are signed in to this organisation.";
  return undefined;
}

/** Teams gives bots ids that begin with 28. */
function isBot(from: Fields): boolean {
  return text(from.role) === "bot" || text(from.role) === "skill" || text(from.id).startsWith("28:");
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
