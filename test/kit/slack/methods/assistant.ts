import { blame } from "../refusal.ts";
import { type Fields, listOf, type RecordedCall, stringOf } from "../shapes.ts";
import { checkThread, writableRoom } from "./checks.ts";
import { type Desk, type Method, method } from "./desk.ts";
import { SESSION_STATES } from "./stream.ts";

/** The agent pane: status line, prompts, title, session. */

const LOADING_MESSAGES = 10;
const PROMPTS = 4;

export const ASSISTANT: Readonly<Record<string, Method>> = {
  "assistant.threads.setStatus": method("channel_id thread_ts status", "loading_messages", setStatus),
  "assistant.threads.setSuggestedPrompts": method("channel_id prompts", "title thread_ts", setPrompts),
  "assistant.threads.setTitle": method("channel_id thread_ts title", "", setTitle),
  "agents.sessions.setStatus": method("channel_id status", "thread_ts title initiator_user_id", setSession),
};

function setStatus(args: Fields, desk: Desk, call: RecordedCall): Fields {
  const room = writableRoom(desk, stringOf(args.channel_id));
  const thread = checkThread(desk, room, args.thread_ts, call) ?? "";
  const loading = Array.isArray(args.loading_messages) ? args.loading_messages.map(String) : [];
  if (loading.length > LOADING_MESSAGES) blame("invalid_arguments", `${loading.length} loading_messages`);
  desk.workspace.statuses.push({ channel: room.id, thread, status: stringOf(args.status), loading, at: desk.now() });
  return {};
}

function setPrompts(args: Fields, desk: Desk, call: RecordedCall): Fields {
  const room = writableRoom(desk, stringOf(args.channel_id));
  const prompts = listOf(args.prompts).map((p) => ({ title: stringOf(p.title), message: stringOf(p.message) }));
  if (prompts.length === 0 || prompts.length > PROMPTS) blame("invalid_arguments", `${prompts.length} prompts`);
  if (prompts.some((p) => p.title === "" || p.message === "")) blame("invalid_arguments", "a prompt without title or message");
  if (args.thread_ts !== undefined) {
    // Slack says ok and shows nothing.
    desk.complain("prompts for a thread: the agent view shows none", call);
    return {};
  }
  desk.workspace.prompts.push({
    channel: room.id,
    prompts,
    at: desk.now(),
    ...(args.title === undefined ? {} : { title: stringOf(args.title) }),
  });
  return {};
}

function setTitle(args: Fields, desk: Desk, call: RecordedCall): Fields {
  const room = writableRoom(desk, stringOf(args.channel_id));
  const thread = checkThread(desk, room, args.thread_ts, call) ?? "";
  desk.workspace.titles.push({ channel: room.id, thread, title: stringOf(args.title) });
  return {};
}

function setSession(args: Fields, desk: Desk, call: RecordedCall): Fields {
  const room = writableRoom(desk, stringOf(args.channel_id));
  const status = stringOf(args.status);
  if (!SESSION_STATES.includes(status)) blame("invalid_arguments", `status ${status}`);
  if (stringOf(args.title).length > 200) blame("invalid_arguments", "a title of more than 200 characters");
  const thread = checkThread(desk, room, args.thread_ts, call) ?? "";
  desk.workspace.sessions.push({
    channel: room.id,
    thread,
    status,
    at: desk.now(),
    ...(args.title === undefined ? {} : { title: stringOf(args.title) }),
  });
  return { status, agent_status: status };
}
