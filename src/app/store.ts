import { randomUUID } from "node:crypto";
import type { CoreSettings } from "../config/settings.ts";
import type { Agents } from "../records/agents/index.ts";
import type { Approvals } from "../records/approvals.ts";
import type { Audit } from "../records/audit.ts";
import type { Bindings } from "../records/bindings.ts";
import type { Conversations } from "../records/conversations.ts";
import type { Keys } from "../records/keys.ts";
import type { People } from "../records/people.ts";
import type { Records } from "../records/record-store.ts";
import type { Database } from "../storage/database.ts";
import type { Log } from "../telemetry/log.ts";

/** The database and what is kept in it. */
export interface Store {
  database: Database;
  conversations: Conversations;
  agents: Agents;
  keys: Keys;
  records: Records;
  audit: Audit;
  bindings: Bindings;
  approvals: Approvals;
  people: People;
  /** Signs chart paths. */
  secret: string;
  close(): Promise<void>;
}

export interface StoreOptions {
  core: CoreSettings & { databaseUrl: string };
  log: Log;
  now(): Date;
  turnMs: number;
  /** This process answers messages: it tidies up what the last one left. */
  serving: boolean;
  onFault(error: unknown): void;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The ledgers ask what became of a post for a month. */
const POSTS_KEPT_MS = 90 * DAY_MS;

/** Opens the database and brings it up to date. Throws ConfigError when it cannot be used. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { core, now, serving, onFault } = options;
  const { openDatabase } = await import("../storage/database.ts");
  const { migrate } = await import("../storage/migrations.ts");
  const { createConversations } = await import("../records/conversations.ts");
  const { createAgents } = await import("../records/agents/index.ts");
  const { createKeys } = await import("../records/keys.ts");
  const { createRecords } = await import("../records/record-store.ts");
  const { createAudit } = await import("../records/audit.ts");
  const { createBindings } = await import("../records/bindings.ts");
  const { createApprovals } = await import("../records/approvals.ts");
  const { createPeople } = await import("../records/people.ts");
  const { appSecret } = await import("../records/secrets.ts");
  const database = await openDatabase(core.databaseUrl);
  await migrate(database);
  const approvals = createApprovals(database, now);
  const conversations = createConversations(database, now);
  const agents = createAgents(database, {
    now,
    content: core.TELEMETRY_CONTENT,
    eventDays: core.TELEMETRY_EVENT_DAYS,
    summaryDays: core.TELEMETRY_SUMMARY_DAYS,
  });
  if (serving) await markInterrupted(database, conversations, options);
  const records = createRecords(database, now, randomUUID);
  const stopCleaning = serving ? await clean(database, { agents, approvals, records }, now, onFault) : () => {};
  return {
    database,
    conversations,
    agents,
    keys: createKeys(database, now),
    records,
    audit: createAudit(database, now),
    bindings: createBindings(database, now),
    approvals,
    people: createPeople(database, now),
    secret: await appSecret(database, "signing"),
    async close() {
      stopCleaning();
      await database.close();
    },
  };
}

/** One process serves a SQLite file, so whatever is open there is nobody's. Beside others only what is too old to be theirs. */
async function markInterrupted(database: Database, conversations: Conversations, { log, now, turnMs }: StoreOptions): Promise<void> {
  const open = await conversations.interrupted(database.dialect === "sqlite" ? undefined : new Date(now().getTime() - turnMs));
  if (open > 0) log.warn("turns were interrupted by the last stop", { turns: open });
}

/** Claims of past gestures, and places and pictures kept for a time, go once a day; work whose worker is lost is found each minute. Gives what stops it. */
async function clean(
  database: Database,
  { agents, approvals, records }: Pick<Store, "agents" | "approvals" | "records">,
  now: () => Date,
  onFault: (error: unknown) => void,
): Promise<() => void> {
  const { dropClaims } = await import("../storage/claims.ts");
  const { dropPlaces } = await import("../records/places.ts");
  const { dropPictures } = await import("../records/pictures.ts");
  const { createSessions } = await import("../records/sessions.ts");
  const sessions = createSessions(database, now);
  const { dropPosts } = await import("../storage/outbox.ts");
  const { returnLost } = await import("../records/executions.ts");
  const drop = async () => {
    try {
      await dropClaims(database, new Date(now().getTime() - DAY_MS));
      await dropPlaces(database, now());
      await dropPictures(database, now());
      await sessions.drop(new Date(now().getTime() - DAY_MS));
      await dropPosts(database, new Date(now().getTime() - POSTS_KEPT_MS));
      await agents.tidy();
      await approvals.drop(new Date(now().getTime() - 90 * DAY_MS));
    } catch (error) {
      onFault(error);
    }
  };
  const lost = async () => returnLost(records, now()).catch(onFault);
  await drop();
  await lost();
  const timers = [setInterval(drop, DAY_MS), setInterval(lost, MINUTE_MS)];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
}
