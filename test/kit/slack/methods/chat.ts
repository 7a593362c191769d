import { blame, refuse } from "../refusal.ts";
import { IDS } from "../sample.ts";
import { type Fields, type Post, type RecordedCall, stringOf } from "../shapes.ts";
import { checkBlocks, checkMetadata, checkText, checkThread, checkUnfurl, writableRoom } from "./checks.ts";
import { type Desk, type Method, method } from "./desk.ts";
import { wireMessage } from "./wire.ts";

/** Others have met this limit on edits; it is not documented. */
const EDIT_TEXT = 4_000;

export const CHAT: Readonly<Record<string, Method>> = {
  "chat.postMessage": method(
    "channel",
    "text blocks thread_ts reply_broadcast unfurl_links unfurl_media metadata mrkdwn link_names parse",
    postMessage,
  ),
  "chat.postEphemeral": method("channel user", "text blocks thread_ts link_names parse", postEphemeral),
  "chat.update": method("channel ts", "text blocks metadata link_names parse", update),
  "chat.delete": method("channel ts", "", remove),
};

function postMessage(args: Fields, desk: Desk, call: RecordedCall): Fields {
  const room = writableRoom(desk, stringOf(args.channel));
  desk.limits.checkPost(room.id);
  const text = checkText(args);
  checkUnfurl(desk, args, call);
  const threadTs = checkThread(desk, room, args.thread_ts, call);
  const metadata = checkMetadata(args.metadata);
  const blocks = checkBlocks(desk, args.blocks);
  const post = desk.workspace.add({
    channel: room.id,
    user: IDS.bot,
    text,
    blocks,
    ...(threadTs === undefined ? {} : { threadTs }),
    ...(metadata ? { metadata } : {}),
  });
  desk.limits.notePost(room.id);
  clearStatus(desk, room.id, threadTs);
  return { channel: room.id, ts: post.ts, message: wireMessage(post, desk.workspace, { metadata: true }) };
}

/** A message of the app takes the status line away. */
export function clearStatus(desk: Desk, channel: string, thread: string | undefined): void {
  if (thread !== undefined && desk.workspace.statusShown(channel, thread) !== "")
    desk.workspace.statuses.push({ channel, thread, status: "", loading: [], at: desk.now() });
}

function postEphemeral(args: Fields, desk: Desk, call: RecordedCall): Fields {
  const room = writableRoom(desk, stringOf(args.channel));
  const user = stringOf(args.user);
  if (!room.members.includes(user)) refuse("user_not_in_channel");
  const text = checkText(args);
  const threadTs = checkThread(desk, room, args.thread_ts, call);
  const blocks = checkBlocks(desk, args.blocks);
  const post = desk.workspace.add({
    channel: room.id,
    user: IDS.bot,
    text,
    blocks,
    onlyFor: user,
    ...(threadTs === undefined ? {} : { threadTs }),
  });
  return { message_ts: post.ts };
}

/** The app's own message, or a refusal. Ephemeral messages cannot be reached this way. */
function ownMessage(args: Fields, desk: Desk, notOwn: string): Post {
  const room = writableRoom(desk, stringOf(args.channel));
  const post = desk.workspace.find(room.id, stringOf(args.ts));
  if (!post || post.deleted || post.onlyFor !== undefined) refuse("message_not_found");
  if (post.user !== IDS.bot) blame(notOwn, "touches a message that is not the app's");
  return post;
}

function update(args: Fields, desk: Desk): Fields {
  const post = ownMessage(args, desk, "cant_update_message");
  desk.workspace.settleStream(post);
  if (post.stream?.state === "live") refuse("streaming_state_conflict");
  const text = checkText(args, EDIT_TEXT);
  const metadata = checkMetadata(args.metadata);
  const blocks = args.blocks === undefined ? post.blocks : checkBlocks(desk, args.blocks);
  Object.assign(post, { text, blocks, edits: post.edits + 1 }, metadata ? { metadata } : {});
  delete post.stream;
  return { channel: post.channel, ts: post.ts, text, message: wireMessage(post, desk.workspace) };
}

function remove(args: Fields, desk: Desk): Fields {
  const post = ownMessage(args, desk, "cant_delete_message");
  post.deleted = true;
  return { channel: post.channel, ts: post.ts };
}
