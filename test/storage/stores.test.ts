import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../kit/postgres.ts";
import { testStore } from "../kit/store-conformance.ts";

testStore({
  name: "SQLite in memory",
  shared: false,
  start: async () => ({ fresh: async () => "sqlite::memory:", stop: async () => {} }),
});

testStore({
  name: "SQLite in a file",
  shared: true,
  async start() {
    const folder = mkdtempSync(join(tmpdir(), "firstmate-sqlite-"));
    let made = 0;
    return {
      fresh: async () => `sqlite:${join(folder, `${++made}`, "firstmate.db")}`,
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

testStore({ name: "PostgreSQL", shared: true, start: startPostgres });
