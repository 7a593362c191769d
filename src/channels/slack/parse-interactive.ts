import { type Fields, fieldsOf, type Gesture, ignored, isTs, listOf, type Parsed, plainText, text } from "./parse.ts";
import { ACTIONS } from "./render-foot.ts";

/** Slash commands and buttons. Both are told apart by their trigger, which Slack makes anew for each press of a key. */

/** A slash command's form. `/firstmate costs …` and `/ask …` lose their first word. */
export function parseCommand(form: unknown): Parsed {
  const fields = fieldsOf(form);
  const [user, channel, trigger] = [text(fields.user_id), text(fields.channel_id), text(fields.trigger_id)];
  if (!user || !channel || !trigger) return ignored("fields missing");
  const name = text(fields.command).replace(/^\//, "");
  const words = plainText(text(fields.text), "");
  const asked = name === "ask" ? words : name === "firstmate" ? (words === "" ? "/help" : `/${words}`) : `/${name} ${words}`;
  const userTeam = text(fields.user_team_id);
  return {
    kind: "message",
    gesture: {
      ids: [`command:${trigger}`],
      user,
      ...(userTeam ? { userTeam } : {}),
      guest: false,
      place: { team: text(fields.team_id), channel, direct: channel.startsWith("D") },
      text: asked.trim(),
      shared: false,
    },
  };
}

export type ParsedAction =
  | Parsed
  | { kind: "feedback"; verdict: "good" | "bad"; turn: string; gesture: Gesture }
  /** All receipts of an answer, in a window of their own. `trigger` opens it, for three seconds. */
  | { kind: "maths"; turn: string; trigger: string; gesture: Gesture }
  /** The person confirmed that all they asked is to be deleted. `owner` is whom the button was made for. */
  | { kind: "clear"; owner: string; gesture: Gesture }
  /** A link was opened: nothing is to be done. */
  | { kind: "nothing" };

/** What a press of one of our buttons means. */
export function parseAction(body: unknown): ParsedAction {
  const payload = fieldsOf(body);
  const action = fieldsOf(listOf(payload.actions)[0]);
  const id = text(action.action_id);
  if (id.startsWith(ACTIONS.open)) return { kind: "nothing" };
  const value = text(action.value);
  const gesture = pressed(payload, action, value);
  if (!gesture) return ignored("fields missing");
  if (id.startsWith(ACTIONS.suggest) && value) return { kind: "message", gesture };
  if (id.startsWith(ACTIONS.decide) && value) return { kind: "message", gesture: { ...gesture, ...cardOf(payload) } };
  if (id === ACTIONS.maths && value) return { kind: "maths", turn: value, trigger: text(payload.trigger_id), gesture };
  if (id === ACTIONS.clear && value) return { kind: "clear", owner: value, gesture };
  const [verdict, ...turn] = value.split(":");
  if (id === ACTIONS.feedback && (verdict === "good" || verdict === "bad") && turn.join(":"))
    return { kind: "feedback", verdict, turn: turn.join(":"), gesture };
  return ignored(`action ${id || "without id"}`);
}

/** What only its reader sees cannot be edited, and the home tab is no message. */
function cardOf(payload: Fields): { card?: { channel: string; ts: string } } {
  const [message, container] = [fieldsOf(payload.message), fieldsOf(payload.container)];
  const [channel, ts] = [text(fieldsOf(payload.channel).id), text(message.ts)];
  return channel && isTs(ts) && container.is_ephemeral !== true ? { card: { channel, ts } } : {};
}

/** On the home tab there is no channel: the person's own id reaches them directly. */
function pressed(payload: Fields, action: Fields, value: string): Gesture | undefined {
  const [person, container, message] = [fieldsOf(payload.user), fieldsOf(payload.container), fieldsOf(payload.message)];
  const user = text(person.id);
  const atHome = text(container.type) === "view" || payload.view !== undefined;
  const channel = text(fieldsOf(payload.channel).id) || text(container.channel_id) || (atHome ? user : "");
  const trigger = text(payload.trigger_id) || text(action.action_ts);
  if (!user || !channel || !trigger) return undefined;
  const thread = [message.thread_ts, container.thread_ts, message.ts, container.message_ts].map(text).find(isTs);
  const userTeam = text(person.team_id);
  return {
    ids: [`action:${trigger}`],
    pressed: [channel, text(message.ts) || text(container.message_ts), text(action.action_id), value, user].join(" "),
    user,
    ...(userTeam ? { userTeam } : {}),
    guest: false,
    place: { team: text(fieldsOf(payload.team).id), channel, direct: atHome || channel.startsWith("D"), ...(thread ? { thread } : {}) },
    text: value,
    shared: false,
  };
}
