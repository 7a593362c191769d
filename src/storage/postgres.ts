import { Kysely, PostgresDialect, PostgresQueryCompiler, sql } from "kysely";
import { ConfigError, quoteForeign } from "../errors.ts";
import { bind } from "./bind.ts";
import type { Database } from "./database.ts";
import type { Schema } from "./schema.ts";

const MOST_CONNECTIONS = 8;
const CONNECT_TIMEOUT_MS = 5000;

/** Opens a pool and proves that the server answers. Throws ConfigError without the password. */
export async function openPostgres(url: string): Promise<{ kysely: Kysely<Schema>; run: NonNullable<Database["run"]> }> {
  const address = parseAddress(url);
  const { Pool } = await import("pg");
  const pool = new Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: "firstmate",
  });
  // A connection the server ends while nobody waits on it has no caller to tell; unheard, the event would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const kysely = new Kysely<Schema>({ dialect: new ServerDialect({ pool }) });
  try {
    await requireUnicode(kysely);
  } catch (error) {
    await kysely.destroy();
    throw error instanceof ConfigError ? error : new ConfigError([problemOf(error, address)]);
  }
  return { kysely, run: (text, values) => pool.query(text, values) };
}

class ServerDialect extends PostgresDialect {
  override createQueryCompiler(): PostgresQueryCompiler {
    return new BindingCompiler();
  }
}

class BindingCompiler extends PostgresQueryCompiler {
  protected override addParameter(parameter: unknown): void {
    super.addParameter(bind(parameter));
  }
}

async function requireUnicode(kysely: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ encoding: string }>`select current_setting('server_encoding') as encoding`.execute(kysely);
  if (rows[0]?.encoding === "UTF8") return;
  throw new ConfigError([
    `DATABASE_URL: the database stores text as ${rows[0]?.encoding}, which cannot hold every language. Create one with: createdb --encoding=UTF8 --template=template0 NAME`,
  ]);
}

function parseAddress(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  // A raw "/", "?" or "#" in a password ends the host early: the rest would be read, and shown, as something else.
  const spilled = address && (address.hash !== "" || address.pathname.includes("@") || address.search.includes("@"));
  if (address && !spilled) return address;
  throw new ConfigError([
    "DATABASE_URL is not a valid address. Write postgres://user:password@host:5432/name, with special characters of the password percent-encoded (@ is %40, / is %2F, # is %23).",
  ]);
}

function problemOf(error: unknown, address: URL): string {
  const server = `the PostgreSQL server at ${address.host || "the local socket"}`;
  const { code, message } = error as { code?: string; message?: string };
  if (code === "28P01" || code === "28000") return `DATABASE_URL: ${server} refused the user or the password. Correct them.`;
  if (code === "3D000")
    return `DATABASE_URL: ${server} has no such database as its path names. Create it with createdb, or correct the name.`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `DATABASE_URL: the host name of ${server} is not known. Correct it.`;
  if (code === "53300") return `DATABASE_URL: ${server} has no connection left. Raise its max_connections or stop another client.`;
  if (code?.startsWith("E") || /timeout/i.test(message ?? ""))
    return `DATABASE_URL: ${server} does not answer (${code ?? "timeout"}). Start it, or correct host and port.`;
  return `DATABASE_URL: ${server} could not be used: ${quoteForeign(withoutPassword(message ?? "", address))}`;
}

function withoutPassword(text: string, { password }: URL): string {
  if (password === "") return text;
  return text.replaceAll(password, "…").replaceAll(decodeURIComponent(password), "…");
}
