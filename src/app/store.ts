import type { CoreSettings } from "../config.ts";
import type { Conversations } from "../records/conversations.ts";
import type { Keys } from "../records/keys.ts";
import type { Database } from "../storage/database.ts";
import type { Log } from "../telemetry/log.ts";

/** The database and what is kept in it. */
export interface Store {
  database: Database;
  conversations: Conversations;
  keys: Keys;
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

const DAY_MS = 86_400_000;

/** Opens the database and brings it up to date. Throws ConfigError when it cannot be used. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { core, now, serving, onFault } = options;
  const { openDatabase } = await import("../storage/database.ts");
  const { migrate } = await import("../storage/migrations.ts");
  const { createConversations } = await import("../records/conversations.ts");
  const { createKeys } = await import("../records/keys.ts");
  const { appSecret } = await import("../records/secrets.ts");
  const database = await openDatabase(core.databaseUrl);
  await migrate(database);
  const conversations = createConversations(database, now);
  if (serving) await markInterrupted(database, conversations, options);
  const stopCleaning = serving ? await clean(database, now, onFault) : () => {};
  return {
    database,
    conversations,
    keys: createKeys(database, now),
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

/** Claims of past gestures, and places and pictures kept for a time, go once a day. Gives what stops it. */
async function clean(database: Database, now: () => Date, onFault: (error: unknown) => void): Promise<() => void> {
  const { dropClaims } = await import("../storage/claims.ts");
  const { dropPlaces } = await import("../records/places.ts");
  const { dropPictures } = await import("../records/pictures.ts");
  const drop = async () => {
    try {
      await dropClaims(database, new Date(now().getTime() - DAY_MS));
      await dropPlaces(database, now());
      await dropPictures(database, now());
    } catch (error) {
      onFault(error);
    }
  };
  await drop();
  const daily = setInterval(drop, DAY_MS);
  daily.unref();
  return () => clearInterval(daily);
}
