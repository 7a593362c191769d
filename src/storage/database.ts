import type { Kysely } from "kysely";
import { ConfigError } from "../errors.ts";
import type { Schema } from "./schema.ts";

const SQLITE_FULL = 13;

/** The one database. Rooms read and write through `kysely`; what differs between the two kinds stays in this folder. */
export interface Database {
  readonly kysely: Kysely<Schema>;
  readonly dialect: "sqlite" | "postgres";
  /** PostgreSQL alone: a library's own SQL, of one statement or several, as it stands. A connection on which it fails is thrown away. */
  readonly run?: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;
  /**
   * Resolves when the database answers and its file can still be written. Rejects with the database's error, with ConfigError where the
   * disk is at fault, or as soon as `signal` aborts.
   */
  ping(signal?: AbortSignal): Promise<void>;
  /** Lets running statements end, then releases files and sockets. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens `sqlite:PATH`, `sqlite::memory:` or `postgres://user:password@host:port/name` and proves that it answers.
 * Makes a SQLite file and its folders when they are missing. Does not migrate.
 * Throws ConfigError that says what to set and never holds the password.
 */
export async function openDatabase(url: string): Promise<Database> {
  const dialect = dialectOf(url);
  const { kysely, run } = dialect === "sqlite" ? { kysely: await openFile(url), run: undefined } : await openServer(url);
  const { sql } = await import("kysely");
  const answers = async (signal?: AbortSignal) => {
    await sql`select 1`.execute(kysely, { signal });
  };
  // Kysely closes only what it has used once.
  await answers();
  return {
    kysely,
    dialect,
    ...(run ? { run } : {}),
    async ping(signal) {
      await answers(signal);
      if (dialect === "sqlite") await (await import("./sqlite.ts")).checkDisk(pathOf(url));
    },
    close: () => kysely.destroy(),
  };
}

/** Does the work. Where it fails on a full disk, throws ConfigError that says so and not the database's error. */
export async function tellingOfFullDisk<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as { errcode?: unknown }).errcode === SQLITE_FULL) await database.ping();
    throw error;
  }
}

function dialectOf(url: string): Database["dialect"] {
  if (/^sqlite:/i.test(url)) return "sqlite";
  if (/^postgres(ql)?:\/\//i.test(url)) return "postgres";
  throw new ConfigError([
    "DATABASE_URL must begin with sqlite: or postgres://, for example sqlite:./data/firstmate.db or postgres://user@localhost:5432/firstmate.",
  ]);
}

function pathOf(url: string): string {
  return url.slice("sqlite:".length);
}

async function openFile(url: string): Promise<Kysely<Schema>> {
  const path = pathOf(url);
  if (path.trim() === "" || /^\/\/[^/]/.test(path))
    throw new ConfigError([
      "DATABASE_URL: after sqlite: comes the path of the file, for example sqlite:./data/firstmate.db or sqlite:/var/lib/firstmate/firstmate.db.",
    ]);
  const { openSqlite } = await import("./sqlite.ts");
  return openSqlite(path);
}

async function openServer(url: string): ReturnType<typeof import("./postgres.ts").openPostgres> {
  const { openPostgres } = await import("./postgres.ts");
  return openPostgres(url);
}
