import type { Surface } from "../blocks/layout.ts";
import { filesIn, findBlockFault } from "../blocks/payload.ts";
import { blame, refuse } from "../refusal.ts";
import { type Fields, isFields, listOf, type RecordedCall, type Room, stringOf } from "../shapes.ts";
import type { Desk } from "./desk.ts";

const TEXT = 40_000;

/** The room the app may write in. A person's id means the direct conversation with them. */
export function writableRoom(desk: Desk, id: string): Room {
  const room = desk.workspace.people.has(id) ? desk.workspace.directWith(id) : readableRoom(desk, id);
  if (!room.joined) refuse("not_in_channel");
  if (room.archived) refuse("is_archived");
  return room;
}

/** A private room the app is not in does not exist for it. */
export function readableRoom(desk: Desk, id: string): Room {
  const room = desk.workspace.rooms.get(id);
  if (!room || (room.kind !== "public" && !room.joined)) refuse("channel_not_found");
  return room;
}

/** Returns the thread, or undefined for the channel itself. */
export function checkThread(desk: Desk, room: Room, value: unknown, call: RecordedCall): string | undefined {
  if (value === undefined) return undefined;
  const ts = stringOf(value);
  if (!/^\d{10}\.\d{6}$/.test(ts)) blame("invalid_thread_ts", `thread_ts "${ts}" is no message's`);
  const parent = desk.workspace.find(room.id, ts);
  if (!parent) blame("thread_not_found", `thread_ts "${ts}" names no message of ${room.id}`);
  if (parent.threadTs !== undefined && parent.threadTs !== ts) desk.complain("thread_ts is a reply's ts, not its parent's", call);
  return ts;
}

/** The fallback that notifications and screen readers need. */
export function checkText(args: Fields, max = TEXT): string {
  const text = stringOf(args.text);
  if (text.trim() === "") blame("no_text", "a message without text");
  if (text.length > max) blame("msg_too_long", `text of ${text.length} characters`);
  return text;
}

export function checkUnfurl(desk: Desk, args: Fields, call: RecordedCall): void {
  if (args.unfurl_links !== false || args.unfurl_media !== false)
    desk.complain("a post without unfurl_links: false and unfurl_media: false", call);
  if (args.link_names === true || args.parse === "full") desk.complain("a post that asks Slack to link names", call);
}

/** Shape and limits, then whether the files are ready. Returns the blocks. */
export function checkBlocks(desk: Desk, value: unknown, surface: Surface = "message"): readonly Fields[] {
  if (value === undefined) return [];
  const fault = findBlockFault(value, surface);
  if (fault) blame(fault.code, `${fault.code}: ${fault.messages.join("; ") || "too long"}`, errorsOf(fault.messages));
  for (const { id, at } of filesIn(value)) {
    const file = desk.workspace.files.get(id);
    const messages = [`invalid slack file [json-pointer:${at}]`];
    if (!file?.complete) blame("invalid_blocks", `slack_file ${id} was never uploaded`, errorsOf(messages));
    if (takesTime(file)) refuse("invalid_blocks", errorsOf(messages));
  }
  return listOf(value);
}

/** One look at a file that is still being processed. */
export function takesTime(file: { refusalsLeft: number }): boolean {
  if (file.refusalsLeft <= 0) return false;
  file.refusalsLeft -= 1;
  return true;
}

function errorsOf(messages: readonly string[]): Fields {
  return messages.length ? { errors: messages, response_metadata: { messages: messages.map((m) => `[ERROR] ${m}`) } } : {};
}

export function checkMetadata(value: unknown): Fields | undefined {
  if (value === undefined) return undefined;
  const ok = isFields(value) && typeof value.event_type === "string" && isFields(value.event_payload) && Object.keys(value).length === 2;
  if (!ok) blame("invalid_metadata_format", "metadata is not {event_type, event_payload}");
  return value;
}
