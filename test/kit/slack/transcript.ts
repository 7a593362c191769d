import { wordsOf } from "./blocks/words.ts";
import { IDS } from "./sample.ts";
import { type Fields, type Post, stringOf } from "./shapes.ts";
import type { Workspace } from "./workspace.ts";

/** One message as a person reads it. */
export interface VisibleMessage {
  ts: string;
  threadTs?: string;
  user: string;
  /** Written by the app. */
  own: boolean;
  /** As posted, or all a stream appended. */
  text: string;
  blocks: readonly Fields[];
  /** What the eye meets: the words of the blocks, else the text; for a stream both, after its tasks. */
  shown: string;
  edited: boolean;
  /** Only for messages that were streamed and not edited since. broken: it died and nobody mended it. */
  streaming?: "live" | "complete" | "stopped" | "broken";
  /** Task id → its last state. */
  tasks: readonly Fields[];
  metadata?: Fields;
  /** The person an ephemeral message is for. */
  onlyFor?: string;
}

const STREAMING = { live: "live", complete: "complete", stopped_by_user: "stopped", expired: "broken" } as const;

/** The messages of a channel or a thread (its parent first), oldest first. Ephemeral ones only for `as`. */
export function transcript(workspace: Workspace, channel: string, threadTs?: string, options: { as?: string } = {}): VisibleMessage[] {
  return workspace.posts
    .filter(
      (post) => post.channel === channel && !post.deleted && (threadTs === undefined || post.threadTs === threadTs || post.ts === threadTs),
    )
    .filter((post) => post.onlyFor === undefined || post.onlyFor === options.as)
    .map((post) => visible(workspace, post));
}

export function visible(workspace: Workspace, post: Post): VisibleMessage {
  workspace.settleStream(post);
  const { ts, user, text, blocks, threadTs, metadata, onlyFor, stream } = post;
  return {
    ts,
    user,
    own: user === IDS.bot,
    text,
    blocks,
    shown: shownWords(post),
    edited: post.edits > 0,
    tasks: stream ? [...stream.tasks.values()] : [],
    ...(threadTs === undefined ? {} : { threadTs }),
    ...(stream ? { streaming: STREAMING[stream.state] } : {}),
    ...(metadata ? { metadata } : {}),
    ...(onlyFor === undefined ? {} : { onlyFor }),
  };
}

function shownWords({ text, blocks, stream }: Post): string {
  if (!stream) return blocks.length > 0 ? wordsOf(blocks) : text;
  const tasks = [...stream.tasks.values()].map((task) => `[${stringOf(task.status)}] ${stringOf(task.title)}`);
  return [stream.plan, ...tasks, text, wordsOf(blocks)].filter(Boolean).join("\n");
}
