import type { AlertState, Severity } from "../core/alert.ts";
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
  records: RecordRow;
  record_members: RecordMemberRow;
  bindings: BindingRow;
  audit: AuditRow;
  audit_head: AuditHeadRow;
  agents: AgentRow;
  agent_events: AgentEventRow;
  agent_days: AgentDayRow;
  agent_day_users: AgentDayUserRow;
  agent_day_user_counts: AgentDayUserCountRow;
  outbox: OutboxRow;
  digest_subscriptions: DigestSubscriptionRow;
  digest_runs: DigestRunRow;
  alerts: AlertRow;
  alert_members: AlertMemberRow;
  alert_history: AlertHistoryRow;
  alert_feedback: AlertFeedbackRow;
  webhook_deliveries: WebhookDeliveryRow;
  approvals: ApprovalRow;
  sessions: SessionRow;
  session_tokens: SessionTokenRow;
  sign_in_links: SignInLinkRow;
  rate_windows: RateWindowRow;
  forgotten: ForgottenRow;
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
  /** Only events of this agent may be sent with it, and nothing else be done; null in every other key. */
  agent_id: string | null;
  /** Only this project and what belongs to it is there for it; null in every other key. */
  project_id: string | null;
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

/** Projects, accounts, initiatives, activities, executions and pipelines: one row each. */
export interface RecordRow {
  id: string;
  kind: string;
  /** The project it belongs to; a project's own id; null when it belongs to none. */
  project_id: string | null;
  /** What must be unique among the kind while it is not archived, in lower case; null when nothing must. */
  unique_name: string | null;
  /** The status of those that have one, for queues and filters. */
  state: string | null;
  /** The instant lists are ordered by. */
  at: string;
  /** The fields as JSON. */
  data: string;
  /** Counts up with every change. */
  version: number;
  /** SHA-256 of what it was made from, where a repeated request must find it again. */
  fingerprint: string | null;
  created_at: string;
  created_by: string;
  updated_at: string;
  archived_at: string | null;
}

/** Who sees a project; without a row everybody does. Names are in lower case. */
export interface RecordMemberRow {
  record_id: string;
  member: string;
}

/** A place people talk in that is about one project. */
export interface BindingRow {
  place: string;
  project_id: string;
  bound_by: string;
  bound_at: string;
}

/** One line of the audit log; only `detail` and `salt` are ever emptied. */
export interface AuditRow {
  /** From 1, without gaps. */
  seq: number;
  at: string;
  actor: string;
  action: string;
  target: string;
  /** JSON; null when it was forgotten on request. */
  detail: string | null;
  salt: string | null;
  /** SHA-256 of salt and detail, so that the chain holds when they are gone. */
  detail_hash: string;
  /** Hash of the line before; of the first "". */
  previous: string;
  hash: string;
}

/** The newest line of the log; locked by whoever adds one. */
export interface AuditHeadRow {
  name: string;
  seq: number;
  hash: string;
}

/** An AI agent, registered by its first event. */
export interface AgentRow {
  id: string;
  registered_at: string;
  first_event_at: string;
  last_event_at: string;
}

/** What an agent reported. What it did not say is null, never zero. Numbers that add up to more than 32 bits are `real`. */
export interface AgentEventRow {
  agent_id: string;
  /** Unique per agent. */
  id: string;
  at: string;
  type: string;
  model: string | null;
  user_id: string | null;
  response_ms: number | null;
  tokens: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  /** Whole billionths of a US dollar, so that sums are exact in any order. */
  cost_nano: number | null;
  feedback: number | null;
  error: string | null;
  content: string | null;
  /** JSON: all that has no column. */
  metadata: string | null;
  received_at: string;
}

/** Sums over the events of one agent, UTC day and model; kept with each insert. `model` is "" where none was named. */
export interface AgentDayRow {
  agent_id: string;
  day: string;
  model: string;
  events: number;
  messages: number;
  responses: number;
  errors: number;
  response_ms: number;
  /** Events with a response time; likewise `counted` with tokens, `priced` with a cost, `rated` with feedback. */
  timed: number;
  tokens: number;
  counted: number;
  input_tokens: number;
  output_tokens: number;
  cost_nano: number;
  priced: number;
  feedback: number;
  rated: number;
}

/** Who used an agent on a day: unique users do not add up. */
export interface AgentDayUserRow {
  agent_id: string;
  day: string;
  /** Empty. */
  model: string;
  user_id: string;
}

/** How many rows of the above a day has: counting them takes longer than anyone waits. */
export interface AgentDayUserCountRow {
  agent_id: string;
  day: string;
  users: number;
}

/** waiting: to be sent, or sent again. sending: someone holds it. unknown: it may have arrived and is not sent again. dropped: what it was to follow did not arrive. */
export type OutboxState = "waiting" | "sending" | "sent" | "refused" | "unknown" | "dropped";

/** A post nobody asked for. */
export interface OutboxRow {
  id: string;
  key: string;
  channel: string;
  conversation: string;
  /** A final `Reply` as JSON. */
  reply: string;
  after_key: string | null;
  /** 1: takes the place of the post it comes after, once that one stands; 0: a post of its own. */
  edits: number;
  state: OutboxState;
  attempts: number;
  not_before: string;
  lease_owner: string | null;
  lease_until: string | null;
  first_attempt_at: string | null;
  platform_id: string | null;
  /** The conversation of answers under it. */
  thread: string | null;
  error: string | null;
  created_at: string;
  finished_at: string | null;
}

/** A digest, and where and when it goes out. */
export interface DigestSubscriptionRow {
  id: string;
  digest: string;
  channel: string;
  conversation: string;
  audience: Audience;
  /** Cron pattern of five fields in wall time of `time_zone`. */
  pattern: string;
  /** The same in the words it was asked in. */
  schedule: string;
  /** IANA name. */
  time_zone: string;
  /** What else was asked for, as JSON. */
  options: string;
  /** Who set it up; a `User.id`. */
  owner: string;
  origin: "chat" | "file" | "api";
  paused: number;
  /** Slots after this instant are its own. */
  since: string;
  created_at: string;
}

/** approved: taken by the one who runs it; one that stays so was cut off by a crash, and may have happened. */
export type ApprovalState = "waiting" | "approved" | "done" | "failed" | "rejected";

/** Something a person has to allow before it happens. */
export interface ApprovalRow {
  id: string;
  tool: string;
  /** JSON. */
  input: string;
  /** SHA-256 of tool and input, in hex. */
  input_hash: string;
  title: string;
  /** The lines of the card, as JSON. */
  lines: string;
  channel: string;
  /** null: asked outside a conversation. */
  conversation: string | null;
  audience: Audience;
  /** Who asked for it. */
  user_id: string;
  user_name: string;
  state: ApprovalState;
  created_at: string;
  expires_at: string;
  decided_by: string | null;
  decided_at: string | null;
  /** What came of it, in words for people. */
  outcome: string | null;
}

/**
 * due: to be made. building: someone holds it. queued: made, and in the outbox. quiet: nothing worth saying. missed: nobody was there in time.
 * failed: it could not be made.
 */
export type DigestRunState = "due" | "building" | "queued" | "quiet" | "missed" | "failed";

/** One slot of one subscription. */
export interface DigestRunRow {
  id: string;
  subscription_id: string;
  /** Local date and time with its zone, "2026-11-20T09:00 Europe/Berlin": one per local date and time, whatever the clock does. */
  slot: string;
  due_at: string;
  state: DigestRunState;
  attempts: number;
  not_before: string;
  lease_owner: string | null;
  lease_until: string | null;
  error: string | null;
  /** 1 once a later digest has told that this one is missing. */
  told: number;
  created_at: string;
  finished_at: string | null;
}

/** Something that is wrong, from its first sign to its end; as many signs as have one cause. */
export interface AlertRow {
  id: string;
  /** What its signs have in common. */
  group_key: string;
  state: AlertState;
  severity: Severity;
  project_id: string | null;
  opened_at: string;
  changed_at: string;
  ended_at: string | null;
  /** Counts up with every change. */
  version: number;
  /** `Alert` as JSON. */
  data: string;
}

/** One sign of an alert; of each fingerprint one is open at most. */
export interface AlertMemberRow {
  alert_id: string;
  fingerprint: string;
  since: string;
  ended_at: string | null;
}

export interface AlertHistoryRow {
  id: string;
  alert_id: string;
  at: string;
  /** A `User.id`, or "firstmate". */
  actor: string;
  action: string;
  note: string | null;
}

/** What people said of a sign; until it is withdrawn, or over. */
export interface AlertFeedbackRow {
  id: string;
  alert_id: string;
  fingerprint: string;
  kind: "expected" | "snooze";
  starts_at: string;
  ends_at: string;
  given_at: string;
  withdrawn_at: string | null;
  /** `AlertFeedback` as JSON. */
  data: string;
}

/** What a vendor delivered, kept before it was told so. */
export interface WebhookDeliveryRow {
  /** The source and its own id of the delivery, or the hash of the body. */
  key: string;
  source: string;
  body: string;
  received_at: string;
  state: "waiting" | "done" | "failed";
  error: string | null;
  finished_at: string | null;
}

/** Somebody signed in. It is over at `expires_at`, or ended before. */
export interface SessionRow {
  id: string;
  /** A `User.id`. */
  user_id: string;
  user_name: string;
  email: string | null;
  time_zone: string | null;
  /** The key it was opened with, and ends with. */
  key_id: string | null;
  created_at: string;
  expires_at: string;
  ended_at: string | null;
}

/** What a session is held by. A refresh token is used once; one that comes again gives a thief away. */
export interface SessionTokenRow {
  /** SHA-256 of the secret, in hex. */
  hash: string;
  session_id: string;
  kind: "cookie" | "refresh";
  expires_at: string;
  used_at: string | null;
}

/** Opens a session for its person, once. */
/** A person who was forgotten, so that what sources tell of them again is not kept under their name. */
export interface ForgottenRow {
  /** HMAC-SHA-256 of a name in lower case, in hex. */
  hash: string;
  stand_in: string;
  at: string;
}

export interface SignInLinkRow {
  /** SHA-256 of the secret, in hex. */
  hash: string;
  user_id: string;
  user_name: string;
  email: string | null;
  time_zone: string | null;
  expires_at: string;
  used_at: string | null;
}

/** How often something happened in a minute. `minute` counts from 1970. */
export interface RateWindowRow {
  subject: string;
  minute: number;
  count: number;
}

export interface MigrationRow {
  name: string;
  applied_at: string;
}
