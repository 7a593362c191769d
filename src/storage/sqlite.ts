import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { access, constants, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { type DatabaseConnection, Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect, SqliteDriver } from "kysely";
import { createLru } from "../core/lru.ts";
import { ConfigError, quoteForeign } from "../errors.ts";
import { bind } from "./bind.ts";
import type { Schema } from "./schema.ts";
import { openWalSync, type WalSync } from "./wal-sync.ts";

const IN_MEMORY = ":memory:";
/** How long a write waits for another process's write. Outside a transaction the wait blocks the event loop: writers must be brief. */
const BUSY_TIMEOUT_MS = 5000;
const RETRY_MS = 10;
const SQLITE_BUSY = 5;
const STATEMENTS_KEPT = 200;
/** With less, the next write may be the one that fails. In bytes. */
const LEAST_ROOM = 1_000_000;

/** Opens the file, or ":memory:". Throws ConfigError when it cannot be written or is no database. */
export async function openSqlite(path: string): Promise<Kysely<Schema>> {
  const file = path === IN_MEMORY ? path : resolve(path);
  let database: DatabaseSync | undefined;
  try {
    if (file !== IN_MEMORY) createPrivately(file);
    database = new DatabaseSync(file);
    await prepareFile(database);
    return new Kysely<Schema>({ dialect: new FileDialect(database, openWalSync(database)) });
  } catch (error) {
    database?.close();
    throw new ConfigError([problemOf(error, file)]);
  }
}

/** Resolves when the file may be written and there is room for more. Throws ConfigError that says what is wrong with the disk. */
export async function checkDisk(path: string): Promise<void> {
  if (path === IN_MEMORY) return;
  const file = resolve(path);
  try {
    await access(file, constants.W_OK);
  } catch (error) {
    const gone = `DATABASE_URL: the file ${quoteForeign(file)} is gone. Stop the process and restore it: what is kept now goes nowhere.`;
    throw new ConfigError([errorCode(error) === "ENOENT" ? gone : problemOf(error, file)]);
  }
  const { bavail, bsize } = await statfs(dirname(file));
  if (bavail * bsize < LEAST_ROOM)
    throw new ConfigError([`DATABASE_URL: the disk of ${quoteForeign(file)} is full. Make room on it; nothing can be kept until then.`]);
}

/** The file holds people's conversations: only its owner may read it. */
function createPrivately(file: string): void {
  makeFolder(dirname(file));
  closeSync(openSync(file, "a", 0o600));
}

/** Not mkdir's own `recursive`: where the system forbids a folder by saying ENOENT (below /proc), Node 24 tries for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
}

/** FULL: what was answered with "stored" survives a power cut. WAL keeps readers and the writer out of each other's way. */
async function prepareFile(database: DatabaseSync): Promise<void> {
  // When two processes turn a new file to WAL at once, SQLite's own timeout does not help: it fails at once.
  await patiently(() => database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on"));
  database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
}

/** Repeats what finds the database locked, for as long as a statement may wait. */
async function patiently(work: () => void): Promise<void> {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      return work();
    } catch (error) {
      if (errorCode(error) !== SQLITE_BUSY || waited >= BUSY_TIMEOUT_MS) throw error;
    }
    await wait(RETRY_MS);
  }
}

class FileDialect extends SqliteDialect {
  readonly #native: DatabaseSync;
  readonly #adapted: SqliteDatabase;
  readonly #log: WalSync | undefined;

  constructor(native: DatabaseSync, log: WalSync | undefined) {
    const adapted = adapt(native);
    super({ database: adapted });
    this.#native = native;
    this.#adapted = adapted;
    this.#log = log;
  }

  override createAdapter(): SqliteAdapter {
    return new QueuedAdapter();
  }

  override createDriver(): SqliteDriver {
    return new FileDriver(this.#native, this.#adapted, this.#log);
  }
}

/** Kysely's own lock wakes all who wait each time it is given back: a thousand of them take half a million turns. The driver below queues. */
class QueuedAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class FileDriver extends SqliteDriver {
  readonly #native: DatabaseSync;
  readonly #log: WalSync | undefined;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  constructor(native: DatabaseSync, adapted: SqliteDatabase, log: WalSync | undefined) {
    super({ database: adapted });
    this.#native = native;
    this.#log = log;
  }

  /** The one connection, to one at a time, in the order of asking. */
  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    return super.acquireConnection();
  }

  override async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isTaken = false;
  }

  /**
   * Locks at once: a transaction that reads first and writes later could not wait for another connection's write, SQLite refuses it.
   * The wait for the lock leaves the event loop free, and so also the other connection when it is in this process.
   */
  override async beginTransaction(): Promise<void> {
    const level = this.#log ? "pragma synchronous = normal; " : "";
    await patiently(() => {
      try {
        this.#native.exec(`pragma busy_timeout = 0; ${level}begin immediate`);
      } finally {
        this.#native.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
        if (!this.#native.isTransaction) this.#syncAlone();
      }
    });
  }

  /** Resolves once the transaction is on disk. The connection is held until then: nobody reads what a power cut could undo. */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#syncAlone();
    await this.#log?.sync();
  }

  /** On a full disk SQLite has rolled back by itself; a second rollback would hide the error that matters. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#native.isTransaction) await super.rollbackTransaction(connection);
    this.#syncAlone();
  }

  override async destroy(): Promise<void> {
    await this.#log?.close();
    await super.destroy();
  }

  /** A statement outside a transaction waits for the disk by itself. */
  #syncAlone(): void {
    if (this.#log) this.#native.exec("pragma synchronous = full");
  }
}

/** node:sqlite as Kysely wants it. Rows have no prototype. */
function adapt(native: DatabaseSync): SqliteDatabase {
  const kept = createLru<{ statement: StatementSync; reader: boolean }>(STATEMENTS_KEPT);
  const prepare = (text: string) => {
    const known = kept.get(text);
    if (known) return known;
    const statement = native.prepare(text);
    const fresh = { statement, reader: statement.columns().length > 0 };
    kept.set(text, fresh);
    return fresh;
  };
  return {
    close: () => native.close(),
    prepare(text) {
      const { statement, reader } = prepare(text);
      return {
        reader,
        all: (parameters) => statement.all(...parameters.map(bind)),
        run: (parameters) => statement.run(...parameters.map(bind)),
        // A running iterator occupies its statement, so it gets its own.
        iterate: (parameters) => native.prepare(text).iterate(...parameters.map(bind)),
      };
    },
  };
}

function errorCode(error: unknown): number | string | undefined {
  const { errcode, code } = error as { errcode?: number; code?: string };
  return errcode ?? code;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: "may not be written by this user. Change its owner or name another file.",
  EPERM: "may not be written by this user. Change its owner or name another file.",
  EROFS: "is on a read-only disk. Name a file on a writable one.",
  EISDIR: "is a folder. Name a file in it.",
  ENOTDIR: "runs through something that is no folder. Name another file.",
  ENOENT: "is in a folder that cannot be made. Name another file.",
  ENOSPC: "is on a full disk. Free some space or name another file.",
  5: "is locked by another process. Stop that process or name another file.",
  8: "is read-only. Make it and its folder writable or name another file.",
  10: "cannot be read or written (disk error).",
  13: "is on a full disk. Free some space or name another file.",
  14: "cannot be opened. Make its folder writable or name another file.",
  26: "is not a SQLite database. Name another file.",
};

function problemOf(error: unknown, file: string): string {
  const known = PROBLEMS[String(errorCode(error))];
  return `DATABASE_URL: the file ${quoteForeign(file)} ${known ?? `cannot be opened: ${quoteForeign(String((error as Error).message))}`}`;
}
