import type { Audience, Role } from "../core/message.ts";
import type { AgentKind } from "../core/reply.ts";

/**
 * The tables as typed rows, the same in SQLite and PostgreSQL.
 * Times are ISO-8601 UTC text ("2026-11-21T09:00:00.000Z", sortable as text), JSON is text, truth is 0 or 1,
 * integers fit 32 bits. Tables are made in `migrations.ts`; the two files change together.
 */
export interface Schema {
  conversations: ConversationRow;
  turns: TurnRow;
  tool_calls: ToolCallRow;
  receipts: ReceiptRow;
  claims: ClaimRow;
  api_keys: ApiKeyRow;
  app_secrets: AppSecretRow;
  feedback: FeedbackRow;
  places: PlaceRow;
  pictures: PictureRow;
  schema_migrations: MigrationRow;
}

export interface ConversationRow {
  id: string;
  channel: string;
  /** Who asked first. */
  user_id: string;
  audience: Audience;
  title: string;
  created_at: string;
  updated_at: string;
}

/** running: being answered. interrupted: the process ended before there was a final reply. */
export type TurnState = "running" | "done" | "failed" | "interrupted";

export interface TurnRow {
  id: string;
  conversation_id: string;
  /** Who asked this question; in a group it may be someone else than the conversation's first asker. */
  user_id: string;
  message_id: string;
  question: string;
  asked_at: string;
  state: TurnState;
  answer_text: string | null;
  /** The final `Reply` as JSON. */
  reply: string | null;
  agent: AgentKind | null;
  /** `Usage` as JSON. */
  usage: string | null;
  finished_at: string | null;
  /** When a chat platform had taken the answer; null also where the door answers by itself. */
  delivered_at: string | null;
}

export interface ToolCallRow {
  id: string;
  turn_id: string;
  /** Order within the turn, from 0. */
  position: number;
  name: string;
  /** JSON. */
  input: string;
  outcome: "ok" | "error";
  error: string | null;
  duration_ms: number;
}

export interface ReceiptRow {
  id: string;
  turn_id: string;
  /** Order within the turn, from 0. */
  position: number;
  /** `Receipt` as JSON. */
  receipt: string;
}

/** Something that must happen only once and has been taken by someone. */
export interface ClaimRow {
  key: string;
  claimed_at: string;
}

export interface ApiKeyRow {
  id: string;
  name: string;
  role: Role;
  /** SHA-256 of the secret, in hex. */
  hash: string;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface AppSecretRow {
  name: string;
  value: string;
}

/** What a person thought of an answer; the newest verdict counts. */
export interface FeedbackRow {
  turn_id: string;
  user_id: string;
  verdict: "good" | "bad";
  given_at: string;
}

/** Where a channel can reach a conversation again; the channel's own JSON. */
export interface PlaceRow {
  conversation: string;
  reference: string;
  updated_at: string;
  /** After that it may be forgotten; null: never. */
  expires_at: string | null;
}

/** Charts that a chat platform fetches by address. */
export interface PictureRow {
  id: string;
  /** Base64. */
  png: string;
  expires_at: string;
}

export interface MigrationRow {
  name: string;
  applied_at: string;
}
