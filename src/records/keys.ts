import { hash as digest, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Kysely } from "kysely";
import { createLru } from "../core/lru.ts";
import type { Role } from "../core/message.ts";
import { cut } from "../core/text.ts";
import { UserError } from "../errors.ts";
import type { Database } from "../storage/database.ts";
import type { ApiKeyRow, Schema } from "../storage/schema.ts";
import { appendAudit } from "./audit.ts";

/** Keys to the HTTP doors. Only a hash is kept; 256 random bits need no slow one. */
export interface Keys {
  /**
   * `secret` is shown here and never again. `by` is who makes it; the command line without it. With `agent` it has no role, and only
   * sends the events of that AI agent; with `project`, an id or a name, nothing but that project is there for it, and it is no admin's.
   * Throws UserError for a name with a NUL character and for a project there is not.
   */
  createKey(key: {
    name: string;
    role: Role;
    expiresAt?: Date;
    agent?: string;
    project?: string;
    by?: string;
  }): Promise<{ id: string; secret: string }>;
  /**
   * Whose key it is; null when it is unknown, expired or revoked, or its project is archived. A key that another process has revoked
   * may be known for fifty milliseconds more.
   */
  verifyKey(secret: string): Promise<VerifiedKey | null>;
  /** All keys, oldest first, revoked ones too. */
  listKeys(): Promise<ApiKey[]>;
  /** The key is refused from now on. False when there is no such key. The first time of revoking stays. */
  revokeKey(id: string, by?: string): Promise<boolean>;
}

export interface VerifiedKey {
  id: string;
  name: string;
  role: Role;
  agent?: string;
  project?: KeyProject;
}

/** The project of a key, as it is now; `fields` are those of `projects.ts`. */
export interface KeyProject {
  id: string;
  fields: Readonly<Record<string, unknown>>;
}

export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  /** The AI agent whose events it sends; null: it has its role. */
  agent: string | null;
  /** The one project it is for, by id; null: it is for all that its role sees. */
  project: string | null;
  createdAt: Date;
  /** From this instant on it is refused; null: never by age. */
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const SECRET = /^fm_[\w-]{43}$/;
const LAST_USE_STEP_MS = 60_000;
const REMEMBERED_MS = 50;
const MOST_REMEMBERED = 1_000;
/** Who makes keys at the terminal of the deployment. */
const COMMAND_LINE = "local:cli";

export function createKeys(database: Database, now: () => Date): Keys {
  const { kysely } = database;
  let remembered = createLru<{ row: ApiKeyRow; until: number }>(MOST_REMEMBERED);

  async function noteUse(row: ApiKeyRow): Promise<void> {
    const at = now();
    if (row.last_used_at !== null && at.getTime() - Date.parse(row.last_used_at) < LAST_USE_STEP_MS) return;
    row.last_used_at = at.toISOString();
    await kysely.updateTable("api_keys").set({ last_used_at: row.last_used_at }).where("id", "=", row.id).execute();
  }

  /** A machine sends its key with every request: asking the database each time costs more than most requests do. */
  async function rowOf(hash: string): Promise<ApiKeyRow | undefined> {
    const at = now().getTime();
    const known = remembered.get(hash);
    if (known && at < known.until) return known.row;
    // Revoking begins a new memory: what was read before it is not kept in that.
    const memory = remembered;
    const row = await kysely.selectFrom("api_keys").selectAll().where("hash", "=", hash).executeTakeFirst();
    if (row) memory.set(hash, { row, until: at + REMEMBERED_MS });
    return row;
  }

  return {
    async createKey({ name, role, expiresAt, agent, project: named, by = COMMAND_LINE }) {
      if (named !== undefined && role === "admin")
        throw new UserError("A key of one project is a viewer's or an analyst's.", { path: "role" });
      const project = named === undefined ? undefined : await findProject(kysely, named);
      const id = randomUUID();
      const secret = `fm_${randomBytes(32).toString("base64url")}`;
      const created_at = now().toISOString();
      const expires_at = expiresAt?.toISOString() ?? null;
      await kysely.transaction().execute(async (trx) => {
        await trx
          .insertInto("api_keys")
          .values({ id, name, role, hash: hashOf(secret), created_at, expires_at, agent_id: agent ?? null, project_id: project ?? null })
          .execute();
        await appendAudit(
          trx,
          {
            actor: by,
            action: "create key",
            target: id,
            detail: { name, ...(agent === undefined ? { role } : { agent }), ...(project ? { project } : {}), expiresAt: expires_at },
          },
          now(),
        );
      });
      return { id, secret };
    },

    async verifyKey(secret) {
      if (!SECRET.test(secret)) return null;
      const hash = hashOf(secret);
      const row = await rowOf(hash);
      if (!row || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
      if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now().toISOString())) return null;
      const project = row.project_id === null ? undefined : await keyProject(kysely, row.project_id);
      if (project === null) return null;
      await noteUse(row);
      const agent = row.agent_id === null ? {} : { agent: row.agent_id };
      return { id: row.id, name: row.name, role: row.role, ...agent, ...(project ? { project } : {}) };
    },

    async listKeys() {
      const rows = await kysely.selectFrom("api_keys").selectAll().orderBy("created_at").orderBy("id").execute();
      return rows.map(keyOf);
    },

    async revokeKey(id, by = COMMAND_LINE) {
      const known = await kysely.transaction().execute(async (trx) => {
        const revoking = trx.updateTable("api_keys").set({ revoked_at: now().toISOString() });
        const result = await revoking.where("id", "=", id).where("revoked_at", "is", null).executeTakeFirst();
        if (result.numUpdatedRows > 0n) await appendAudit(trx, { actor: by, action: "revoke key", target: id, detail: {} }, now());
        return trx.selectFrom("api_keys").select("id").where("id", "=", id).executeTakeFirst();
      });
      remembered = createLru(MOST_REMEMBERED);
      return known !== undefined;
    },
  };
}

/** null when it is archived or gone: then its keys open nothing. */
export async function keyProject(db: Pick<Kysely<Schema>, "selectFrom">, id: string): Promise<KeyProject | null> {
  const row = await db
    .selectFrom("records")
    .select(["id", "data"])
    .where("kind", "=", "projects")
    .where("id", "=", id)
    .where("archived_at", "is", null)
    .executeTakeFirst();
  return row ? { id: row.id, fields: JSON.parse(row.data) as KeyProject["fields"] } : null;
}

/** By its id or its name, of those that are not archived. */
async function findProject(db: Pick<Kysely<Schema>, "selectFrom">, named: string): Promise<string> {
  const row = named.includes("\0")
    ? undefined
    : await db
        .selectFrom("records")
        .select("id")
        .where("kind", "=", "projects")
        .where("archived_at", "is", null)
        .where((eb) => eb.or([eb("id", "=", named), eb("unique_name", "=", named.trim().toLowerCase())]))
        .executeTakeFirst();
  if (row) return row.id;
  throw new UserError(`There is no project “${cut(named, 60)}”. GET /api/v1/projects lists them.`, { path: "project" });
}

function hashOf(secret: string): string {
  return digest("sha256", secret);
}

function keyOf(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    agent: row.agent_id,
    project: row.project_id,
    createdAt: new Date(row.created_at),
    expiresAt: dateOf(row.expires_at),
    lastUsedAt: dateOf(row.last_used_at),
    revokedAt: dateOf(row.revoked_at),
  };
}

function dateOf(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
