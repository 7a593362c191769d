import type { Transaction } from "kysely";
import { ConfigError } from "../errors.ts";
import { type Database, tellingOfFullDisk } from "./database.ts";
import type { Schema } from "./schema.ts";

/**
 * One step from an older database to a newer one. `up` is plain SQL that both databases understand, run in order;
 * columns are `text`, `integer` or `real`. A released step never changes; a correction is a new step.
 */
export interface Migration {
  /** Sorts after every earlier one. */
  readonly name: string;
  readonly up: readonly string[];
}

export const MIGRATIONS: readonly Migration[] = [
  {
    name: "0001-conversations-and-keys",
    up: [
      `create table conversations (
        id text primary key, channel text not null, user_id text not null, audience text not null check (audience in ('direct', 'group')),
        title text not null, created_at text not null, updated_at text not null)`,
      "create index conversations_by_user on conversations (user_id, updated_at)",
      `create table turns (
        id text primary key, conversation_id text not null references conversations (id) on delete cascade, user_id text not null,
        message_id text not null, question text not null, asked_at text not null,
        state text not null check (state in ('running', 'done', 'failed', 'interrupted')),
        answer_text text, reply text, agent text, usage text, finished_at text)`,
      "create index turns_by_conversation on turns (conversation_id, asked_at, id)",
      "create index turns_by_user on turns (user_id)",
      "create index turns_by_time on turns (asked_at)",
      "create index turns_running on turns (asked_at) where state = 'running'",
      `create table tool_calls (
        id text primary key, turn_id text not null references turns (id) on delete cascade, position integer not null, name text not null,
        input text not null, outcome text not null check (outcome in ('ok', 'error')), error text, duration_ms integer not null,
        unique (turn_id, position))`,
      `create table receipts (
        id text primary key, turn_id text not null references turns (id) on delete cascade, position integer not null, receipt text not null,
        unique (turn_id, position))`,
      "create table claims (key text primary key, claimed_at text not null)",
      "create index claims_by_age on claims (claimed_at)",
      `create table api_keys (
        id text primary key, name text not null, role text not null check (role in ('viewer', 'analyst', 'admin')), hash text not null unique,
        created_at text not null, expires_at text, last_used_at text, revoked_at text)`,
      "create table app_secrets (name text primary key, value text not null)",
    ],
  },
  {
    name: "0002-feedback-and-places",
    up: [
      `create table feedback (
        turn_id text not null references turns (id) on delete cascade, user_id text not null, verdict text not null check (verdict in ('good', 'bad')),
        given_at text not null, primary key (turn_id, user_id))`,
      "create table places (conversation text primary key, reference text not null, updated_at text not null)",
    ],
  },
  {
    name: "0003-delivery-and-pictures",
    up: [
      "alter table turns add column delivered_at text",
      // What was answered before deliveries were marked has arrived, or is too old to be sent again.
      "update turns set delivered_at = finished_at",
      "create index turns_by_message on turns (message_id)",
      "alter table places add column expires_at text",
      "create table pictures (id text primary key, png text not null, expires_at text not null)",
      "create index pictures_by_age on pictures (expires_at)",
    ],
  },
  {
    name: "0004-records-and-audit",
    up: [
      `create table records (
        id text primary key, kind text not null, project_id text, unique_name text, state text, at text not null, data text not null,
        version integer not null, fingerprint text, created_at text not null, created_by text not null, updated_at text not null,
        archived_at text)`,
      "create index records_by_time on records (kind, at, id)",
      "create index records_by_state on records (kind, state, at)",
      "create index records_by_project on records (project_id, kind, at)",
      "create unique index records_by_name on records (kind, unique_name) where archived_at is null",
      `create table record_members (
        record_id text not null references records (id) on delete cascade, member text not null, primary key (record_id, member))`,
      `create table bindings (
        place text primary key, project_id text not null references records (id) on delete cascade, bound_by text not null, bound_at text not null)`,
      "create index bindings_by_project on bindings (project_id)",
      `create table audit (
        seq integer primary key, at text not null, actor text not null, action text not null, target text not null, detail text, salt text,
        detail_hash text not null, previous text not null, hash text not null unique)`,
      "create index audit_by_actor on audit (actor, seq)",
      "create table audit_head (name text primary key, seq integer not null, hash text not null)",
      "insert into audit_head (name, seq, hash) values ('log', 0, '')",
    ],
  },
  {
    name: "0005-agent-events",
    up: [
      `create table agents (
        id text primary key, registered_at text not null, first_event_at text not null, last_event_at text not null)`,
      `create table agent_events (
        agent_id text not null references agents (id) on delete cascade, id text not null, at text not null, type text not null, model text,
        user_id text, response_ms real, tokens real, input_tokens real, output_tokens real, cost_nano real, feedback real, error text,
        content text, metadata text, received_at text not null, primary key (agent_id, id))`,
      "create index agent_events_by_age on agent_events (at)",
      `create table agent_days (
        agent_id text not null references agents (id) on delete cascade, day text not null, model text not null, events integer not null,
        messages integer not null, responses integer not null, errors integer not null, response_ms real not null, timed integer not null,
        tokens real not null, counted integer not null, input_tokens real not null, output_tokens real not null, cost_nano real not null,
        priced integer not null, feedback real not null, rated integer not null, primary key (agent_id, day, model))`,
      "create index agent_days_by_age on agent_days (day)",
      `create table agent_day_users (
        agent_id text not null references agents (id) on delete cascade, day text not null, model text not null, user_id text not null,
        primary key (agent_id, day, model, user_id))`,
      "create index agent_day_users_by_age on agent_day_users (day)",
      "alter table api_keys add column agent_id text",
    ],
  },
  {
    name: "0006-outbox-and-digests",
    up: [
      `create table outbox (
        id text primary key, key text not null unique, channel text not null, conversation text not null, reply text not null, after_key text,
        state text not null check (state in ('waiting', 'sending', 'sent', 'refused', 'unknown', 'dropped')), attempts integer not null,
        not_before text not null, lease_owner text, lease_until text, first_attempt_at text, platform_id text, thread text, error text,
        created_at text not null, finished_at text)`,
      "create index outbox_due on outbox (channel, not_before) where state in ('waiting', 'sending')",
      "create index outbox_followers on outbox (after_key) where after_key is not null",
      "create index outbox_by_age on outbox (finished_at)",
      `create table digest_subscriptions (
        id text primary key, digest text not null, channel text not null, conversation text not null,
        audience text not null check (audience in ('direct', 'group')), pattern text not null, schedule text not null, time_zone text not null,
        options text not null, owner text not null, origin text not null check (origin in ('chat', 'file', 'api')), paused integer not null,
        since text not null, created_at text not null)`,
      "create index digest_subscriptions_by_place on digest_subscriptions (channel, conversation)",
      `create table digest_runs (
        id text primary key, subscription_id text not null references digest_subscriptions (id) on delete cascade, slot text not null,
        due_at text not null, state text not null check (state in ('due', 'building', 'queued', 'quiet', 'missed', 'failed')),
        attempts integer not null, not_before text not null, lease_owner text, lease_until text, error text, told integer not null,
        created_at text not null, finished_at text, unique (subscription_id, slot))`,
      "create index digest_runs_due on digest_runs (not_before) where state in ('due', 'building')",
      "create index digest_runs_by_time on digest_runs (subscription_id, due_at)",
    ],
  },
  {
    name: "0007-alerts-and-webhooks",
    up: [
      "alter table outbox add column edits integer not null default 0",
      `create table alerts (
        id text primary key, group_key text not null, state text not null check (state in ('firing', 'acknowledged', 'snoozed', 'expected', 'recovered')),
        severity text not null check (severity in ('critical', 'warning', 'info')), project_id text, opened_at text not null,
        changed_at text not null, ended_at text, version integer not null, data text not null)`,
      "create index alerts_by_time on alerts (opened_at, id)",
      "create index alerts_open on alerts (group_key) where ended_at is null",
      `create table alert_members (
        alert_id text not null references alerts (id) on delete cascade, fingerprint text not null, since text not null, ended_at text,
        primary key (alert_id, fingerprint))`,
      "create unique index alert_members_open on alert_members (fingerprint) where ended_at is null",
      "create index alert_members_by_fingerprint on alert_members (fingerprint, since)",
      `create table alert_history (
        id text primary key, alert_id text not null references alerts (id) on delete cascade, at text not null, actor text not null,
        action text not null, note text)`,
      "create index alert_history_by_alert on alert_history (alert_id, at)",
      `create table alert_feedback (
        id text primary key, alert_id text not null references alerts (id) on delete cascade, fingerprint text not null,
        kind text not null check (kind in ('expected', 'snooze')), starts_at text not null, ends_at text not null, given_at text not null,
        withdrawn_at text, data text not null)`,
      "create index alert_feedback_standing on alert_feedback (fingerprint) where withdrawn_at is null",
      `create table webhook_deliveries (
        key text primary key, source text not null, body text not null, received_at text not null,
        state text not null check (state in ('waiting', 'done', 'failed')), error text, finished_at text)`,
      "create index webhook_deliveries_waiting on webhook_deliveries (received_at, key) where state = 'waiting'",
      "create index webhook_deliveries_by_age on webhook_deliveries (finished_at)",
    ],
  },
  {
    name: "0009-approvals",
    up: [
      `create table approvals (
        id text primary key, tool text not null, input text not null, input_hash text not null, title text not null, lines text not null,
        channel text not null, conversation text, audience text not null check (audience in ('direct', 'group')), user_id text not null,
        user_name text not null, state text not null check (state in ('waiting', 'approved', 'done', 'failed', 'rejected')),
        created_at text not null, expires_at text not null, decided_by text, decided_at text, outcome text)`,
      "create index approvals_by_person on approvals (user_id, created_at)",
    ],
  },
  {
    name: "0010-sessions-and-limits",
    up: [
      `create table sessions (
        id text primary key, user_id text not null, user_name text not null, email text, time_zone text, key_id text,
        created_at text not null, expires_at text not null, ended_at text)`,
      `create table session_tokens (
        hash text primary key, session_id text not null references sessions (id),
        kind text not null check (kind in ('cookie', 'refresh')), expires_at text not null, used_at text)`,
      "create index session_tokens_by_session on session_tokens (session_id)",
      `create table sign_in_links (
        hash text primary key, user_id text not null, user_name text not null, email text, time_zone text, expires_at text not null,
        used_at text)`,
      "create table rate_windows (subject text not null, minute integer not null, count integer not null, primary key (subject, minute))",
    ],
  },
  {
    name: "0012-keys-of-projects",
    up: ["alter table api_keys add column project_id text"],
  },
  {
    name: "0013-forgotten-people",
    up: ["create table forgotten (hash text primary key, stand_in text not null, at text not null)"],
  },
  {
    name: "0014-counted-users",
    up: [
      `create table agent_day_user_counts (
        agent_id text not null references agents (id) on delete cascade, day text not null, users integer not null,
        primary key (agent_id, day))`,
      "create index agent_day_user_counts_by_age on agent_day_user_counts (day)",
      // A user of two models is one user of the day: the model stays empty from now on.
      `insert into agent_day_users (agent_id, day, model, user_id)
        select distinct agent_id, day, '', user_id from agent_day_users where model <> '' on conflict do nothing`,
      "delete from agent_day_users where model <> ''",
      `insert into agent_day_user_counts (agent_id, day, users)
        select agent_id, day, count(*) from agent_day_users group by agent_id, day`,
    ],
  },
];

/** Any number, the same in every process. */
const LOCK = 7_305_461;

/**
 * Brings the database up to date in one transaction and gives the names of the steps it took.
 * Processes that start together take turns: one works, the others find it done. A failed step leaves the database as it was.
 * Throws ConfigError when the database was written by a newer Firstmate, and when its disk is full.
 */
export async function migrate(
  database: Database,
  options: { now?: () => Date; migrations?: readonly Migration[] } = {},
): Promise<readonly string[]> {
  const { now = () => new Date(), migrations = MIGRATIONS } = options;
  return tellingOfFullDisk(database, () => database.kysely.transaction().execute((trx) => bringUp(trx, database.dialect, migrations, now)));
}

async function bringUp(
  trx: Transaction<Schema>,
  dialect: Database["dialect"],
  migrations: readonly Migration[],
  now: () => Date,
): Promise<readonly string[]> {
  const run = await runner(trx);
  // SQLite's transactions take the write lock when they begin.
  if (dialect === "postgres") await run(`select pg_advisory_xact_lock(${LOCK})`);
  await run(ddl("create table if not exists schema_migrations (name text primary key, applied_at text not null)", dialect));
  const applied = (await trx.selectFrom("schema_migrations").select("name").execute()).map((row) => row.name);
  refuseNewer(applied, migrations);
  const missing = migrations.filter((migration) => !applied.includes(migration.name));
  for (const { name, up } of missing) {
    for (const statement of up) await run(ddl(statement, dialect));
    await trx.insertInto("schema_migrations").values({ name, applied_at: now().toISOString() }).execute();
  }
  return missing.map((migration) => migration.name);
}

async function runner(trx: Transaction<Schema>): Promise<(statement: string) => Promise<void>> {
  const { sql } = await import("kysely");
  return async (statement) => {
    await sql.raw(statement).execute(trx);
  };
}

function refuseNewer(applied: readonly string[], migrations: readonly Migration[]): void {
  const unknown = applied.filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length === 0) return;
  throw new ConfigError([
    `The database was written by a newer Firstmate (it has ${unknown.join(", ")}). Run that version, or name another database in DATABASE_URL.`,
  ]);
}

/**
 * STRICT makes SQLite refuse a value of the wrong type, as PostgreSQL does. The collation makes PostgreSQL order text by its bytes,
 * as SQLite does, and keeps its indexes valid when the system's locale data change. SQLite's real has 64 bits, PostgreSQL's only 32.
 */
function ddl(statement: string, dialect: Database["dialect"]): string {
  if (dialect === "postgres") return statement.replaceAll(/\btext\b/g, 'text collate "C"').replaceAll(/\breal\b/g, "double precision");
  return statement.startsWith("create table") ? `${statement} strict` : statement;
}
