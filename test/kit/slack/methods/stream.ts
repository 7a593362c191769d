import { blame, refuse } from "../refusal.ts";
import { IDS } from "../sample.ts";
import { type Fields, listOf, type Post, type RecordedCall, type Room, type StreamState, stringOf } from "../shapes.ts";
import { clearStatus } from "./chat.ts";
import { checkBlocks, checkMetadata, checkThread, writableRoom } from "./checks.ts";
import { type Desk, type Method, method } from "./desk.ts";
import { wireMessage } from "./wire.ts";

/** The life of a streamed message: start, append, stop; it dies by itself after five minutes, and when the person presses Stop. */

const MARKDOWN = 12_000;
const BLOCKS = 50;
const TASK_STATES = ["pending", "in_progress", "complete", "error"];
export const SESSION_STATES = ["active", "processing", "suspended", "closed"];

export const STREAM: Readonly<Record<string, Method>> = {
  "chat.startStream": method("channel", "thread_ts markdown_text chunks recipient_team_id recipient_user_id task_display_mode", start),
  "chat.appendStream": method("channel ts", "markdown_text chunks", append),
  "chat.stopStream": method("channel ts", "markdown_text chunks blocks metadata session_status", stop),
};

function start(args: Fields, desk: Desk, call: RecordedCall): Fields {
  const room = writableRoom(desk, stringOf(args.channel));
  if (args.recipient_user_id === undefined) blame("missing_recipient_user_id", "a stream without recipient_user_id");
  if (args.recipient_team_id === undefined) blame("missing_recipient_team_id", "a stream without recipient_team_id");
  const recipient = stringOf(args.recipient_user_id);
  if (!desk.workspace.people.has(recipient)) blame("user_not_found", `recipient_user_id ${recipient} is nobody`);
  if (args.thread_ts === undefined && room.kind === "im") blame("invalid_arguments", "a stream in a direct conversation without thread_ts");
  const mode = args.task_display_mode;
  if (mode !== undefined && mode !== "timeline" && mode !== "plan") blame("invalid_arguments", `task_display_mode ${String(mode)}`);
  const threadTs = checkThread(desk, room, args.thread_ts, call);
  if (desk.workspace.liveStreams(room.id, threadTs).length > 0) desk.complain("a second stream in the same thread", call);
  const stream: StreamState = { state: "live", startedAt: desk.now(), recipient, tasks: new Map() };
  const draft: Post = { ts: "", channel: room.id, user: IDS.bot, text: "", blocks: [], files: [], edits: 0, deleted: false, stream };
  extend(draft, args, desk);
  const post = desk.workspace.add({ ...draft, ts: desk.workspace.nextTs(), ...(threadTs === undefined ? {} : { threadTs }) });
  clearStatus(desk, room.id, threadTs);
  return { channel: room.id, ts: post.ts };
}

/** The live stream, or the refusal its state calls for. */
function liveStream(args: Fields, desk: Desk): { room: Room; post: Post; stream: StreamState } {
  const room = writableRoom(desk, stringOf(args.channel));
  const post = desk.workspace.find(room.id, stringOf(args.ts));
  if (!post?.stream || post.deleted) refuse("message_not_in_streaming_state");
  desk.workspace.settleStream(post);
  if (post.stream.state === "stopped_by_user") refuse("stopped_by_user");
  if (post.stream.state !== "live") refuse("message_not_in_streaming_state");
  return { room, post, stream: post.stream };
}

function append(args: Fields, desk: Desk): Fields {
  const { room, post } = liveStream(args, desk);
  if (stringOf(args.markdown_text) === "" && listOf(args.chunks).length === 0) blame("no_text", "an append of nothing");
  extend(post, args, desk);
  return { channel: room.id, ts: post.ts };
}

function stop(args: Fields, desk: Desk): Fields {
  const { room, post, stream } = liveStream(args, desk);
  const status = args.session_status;
  if (status !== undefined && !SESSION_STATES.includes(stringOf(status))) blame("invalid_arguments", `session_status ${String(status)}`);
  const metadata = checkMetadata(args.metadata);
  const blocks = checkBlocks(desk, args.blocks);
  extend(post, args, desk);
  post.blocks = [...post.blocks, ...blocks];
  if (metadata) post.metadata = metadata;
  stream.state = "complete";
  if (status !== undefined && post.threadTs !== undefined)
    desk.workspace.sessions.push({ channel: room.id, thread: post.threadTs, status: stringOf(status), at: desk.now() });
  return { channel: room.id, ts: post.ts, message: wireMessage(post, desk.workspace) };
}

/** Checks all pieces before it adds the first. */
function extend(post: Post, args: Fields, desk: Desk): void {
  const chunks = listOf(args.chunks);
  const pieces = [stringOf(args.markdown_text), ...chunks.map((c) => (c.type === "markdown_text" ? stringOf(c.text) : ""))].join("");
  const blocks = chunks.flatMap((chunk, i) => checkChunk(chunk, i, desk));
  if (post.text.length + pieces.length > MARKDOWN) blame("msg_too_long", `a stream of ${post.text.length + pieces.length} characters`);
  if (post.blocks.length + blocks.length > BLOCKS) blame("invalid_blocks", `a stream of ${post.blocks.length + blocks.length} blocks`);
  post.text += pieces;
  post.blocks = [...post.blocks, ...blocks];
  for (const chunk of chunks) note(post.stream, chunk);
}

/** Returns the blocks of the chunk. */
function checkChunk(chunk: Fields, index: number, desk: Desk): readonly Fields[] {
  const wrong = (what: string) => blame("invalid_chunks", `chunk ${index}: ${what}`);
  const text = (name: string) => (stringOf(chunk[name]) === "" ? wrong(`${String(chunk.type)} without ${name}`) : undefined);
  if (chunk.type === "markdown_text") text("text");
  else if (chunk.type === "plan_update") text("title");
  else if (chunk.type === "task_update") {
    text("id");
    text("title");
    if (!TASK_STATES.includes(stringOf(chunk.status))) wrong(`status ${String(chunk.status)}`);
  } else if (chunk.type === "blocks") return checkBlocks(desk, chunk.blocks ?? null);
  else wrong(`type ${String(chunk.type)}`);
  return [];
}

/** Title and status replace, details append. */
function note(stream: StreamState | undefined, chunk: Fields): void {
  if (!stream) return;
  if (chunk.type === "plan_update") stream.plan = stringOf(chunk.title);
  if (chunk.type !== "task_update") return;
  const id = stringOf(chunk.id);
  const before = stream.tasks.get(id) ?? {};
  const details = stringOf(before.details) + stringOf(chunk.details);
  stream.tasks.set(id, { ...before, ...chunk, ...(details ? { details } : {}) });
}
