/** The shapes the pieces of the fake share. Field names are Slack's where they go over the wire. */

/** A JSON object as it came over the wire. */
export type Fields = Readonly<Record<string, unknown>>;

/** One request of the app, whatever became of it. */
export interface RecordedCall {
  /** Counts from 1, over all methods. */
  id: number;
  /** "chat.postMessage"; "response_url" and "upload" for the two hooks beside the Web API, "ack" for words in an acknowledgement. */
  method: string;
  /** Arguments, decoded: structures parsed, flags as booleans, everything else as the string that came. */
  args: Fields;
  /** By the fake's clock. */
  at: Date;
  contentType: string;
  /** What was answered; absent while the request hangs, and for good when the connection was cut. */
  answer?: { status: number; body: Fields };
}

/** A rule the app broke. `call` is absent when no single request is to blame. */
export interface Violation {
  rule: string;
  call?: RecordedCall;
}

export interface Person {
  id: string;
  name: string;
  realName: string;
  email?: string;
  /** IANA name. */
  tz: string;
  /** Another company's people have another team. */
  team: string;
  /** Multi-channel guest. */
  guest?: boolean;
  /** Single-channel guest. */
  singleChannelGuest?: boolean;
  /** From another company, met in a shared channel. */
  stranger?: boolean;
  bot?: boolean;
  deactivated?: boolean;
}

export interface Room {
  id: string;
  name: string;
  kind: "public" | "private" | "im" | "mpim";
  /** Ids of people; the app itself is told by `joined`. */
  members: string[];
  joined: boolean;
  /** Slack Connect: other companies read along. */
  extShared?: boolean;
  archived?: boolean;
}

/** A message as the workspace stores it. */
export interface Post {
  ts: string;
  channel: string;
  user: string;
  text: string;
  blocks: readonly Fields[];
  threadTs?: string;
  clientMsgId?: string;
  metadata?: Fields;
  files: readonly string[];
  /** How often it was edited. */
  edits: number;
  deleted: boolean;
  /** Only this person sees it. */
  onlyFor?: string;
  stream?: StreamState;
}

export interface StreamState {
  state: "live" | "complete" | "stopped_by_user" | "expired";
  startedAt: Date;
  recipient: string;
  /** Tasks by id, as the chunks left them. */
  tasks: Map<string, Fields>;
  plan?: string;
}

export interface StoredFile {
  id: string;
  name: string;
  title: string;
  altText: string;
  announced: number;
  bytes?: Buffer;
  mimetype: string;
  complete: boolean;
  /** So many more posts (or looks) come too early. */
  refusalsLeft: number;
  createdAt: Date;
}

export interface StatusChange {
  channel: string;
  thread: string;
  /** Empty clears it. */
  status: string;
  loading: readonly string[];
  at: Date;
}

export interface AgentSession {
  channel: string;
  thread: string;
  status: string;
  title?: string;
  at: Date;
}

export interface Prompts {
  channel: string;
  title?: string;
  prompts: readonly { title: string; message: string }[];
  at: Date;
}

export interface StoredView {
  id: string;
  /** Whose home tab, or who has the modal open. */
  user: string;
  view: Fields;
  hash: string;
  at: Date;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** "" when it is not a string. */
export function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
