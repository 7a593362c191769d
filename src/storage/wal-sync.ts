import { close, fdatasync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** The log that SQLite writes ahead, made durable by us: its own wait for the disk would stop the whole process. */
export interface WalSync {
  /** Resolves when all that is committed is on disk; the event loop is free meanwhile. Rejects when the disk refuses. */
  sync(): Promise<void>;
  /** Once the last sync has ended. */
  close(): Promise<void>;
}

/**
 * Of an open database; undefined where it has no such log (in memory, on a file system that cannot share memory). With `synchronous =
 * normal` SQLite leaves out exactly this sync at a commit and keeps those that hold the file together (sqlite.org/pragma.html).
 * SQLite takes no locks on the log, so that another descriptor of it is harmless, and deletes it only with the last connection.
 */
export function openWalSync(database: DatabaseSync): WalSync | undefined {
  // The log is made with the first look into the database.
  database.prepare("select 1 from sqlite_schema").get();
  const path = database.location();
  const file = path === null ? undefined : openIfThere(`${path}-wal`);
  if (file === undefined) return undefined;
  let last: Promise<void> = Promise.resolve();
  return {
    sync() {
      last = new Promise((resolve, reject) => fdatasync(file, (error) => (error ? reject(error) : resolve())));
      return last;
    },
    async close() {
      await last.catch(() => {
        // Whoever committed was told.
      });
      await new Promise<void>((resolve) => close(file, () => resolve()));
    },
  };
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r+");
  } catch {
    return undefined;
  }
}
