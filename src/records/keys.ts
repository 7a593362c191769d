import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Role } from "../core/message.ts";
import type { Database } from "../storage/database.ts";
import type { ApiKeyRow } from "../storage/schema.ts";
import { appendAudit } from "./audit.ts";

/** Keys to the HTTP doors. Only a hash is kept; 256 random bits need no slow one. */
export interface Keys {
  /**
   * `secret` is shown here and never again. `by` is who makes it; the command line without it. With `agent` it has no role, and only
   * sends the events of that AI agent. Throws UserError for a name with a NUL character.
   */
  createKey(key: { name: string; role: Role; expiresAt?: Date; agent?: string; by?: string }): Promise<{ id: string; secret: string }>;
  /** Whose key it is; null when it is unknown, expired or revoked. */
  verifyKey(secret: string): Promise<{ id: string; name: string; role: Role; agent?: string } | null>;
  /** All keys, oldest first, revoked ones too. */
  listKeys(): Promise<ApiKey[]>;
  /** The key is refused from now on. False when there is no such key. The first time of revoking stays. */
  revokeKey(id: string, by?: string): Promise<boolean>;
}

export interface ApiKey {
  id: string;
  name: string;
  role: Role;
  /** The AI agent whose events it sends; null: it has its role. */
  agent: string | null;
  createdAt: Date;
  /** From this instant on it is refused; null: never by age. */
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const SECRET = /^fm_[\w-]{43}$/;
const LAST_USE_STEP_MS = 60_000;
/** Who makes keys at the terminal of the deployment. */
const COMMAND_LINE = "local:cli";

export function createKeys(database: Database, now: () => Date): Keys {
  const { kysely } = database;

  async function noteUse(id: string, lastUsedAt: string | null): Promise<void> {
    const at = now();
    if (lastUsedAt !== null && at.getTime() - Date.parse(lastUsedAt) < LAST_USE_STEP_MS) return;
    await kysely.updateTable("api_keys").set({ last_used_at: at.toISOString() }).where("id", "=", id).execute();
  }

  return {
    async createKey({ name, role, expiresAt, agent, by = COMMAND_LINE }) {
      const id = randomUUID();
      const secret = `fm_${randomBytes(32).toString("base64url")}`;
      const created_at = now().toISOString();
      const expires_at = expiresAt?.toISOString() ?? null;
      await kysely.transaction().execute(async (trx) => {
        await trx
          .insertInto("api_keys")
          .values({ id, name, role, hash: hashOf(secret), created_at, expires_at, agent_id: agent ?? null })
          .execute();
        await appendAudit(
          trx,
          {
            actor: by,
            action: "create key",
            target: id,
            detail: { name, ...(agent === undefined ? { role } : { agent }), expiresAt: expires_at },
          },
          now(),
        );
      });
      return { id, secret };
    },

    async verifyKey(secret) {
      if (!SECRET.test(secret)) return null;
      const hash = hashOf(secret);
      const row = await kysely.selectFrom("api_keys").selectAll().where("hash", "=", hash).executeTakeFirst();
      if (!row || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
      if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now().toISOString())) return null;
      await noteUse(row.id, row.last_used_at);
      return { id: row.id, name: row.name, role: row.role, ...(row.agent_id === null ? {} : { agent: row.agent_id }) };
    },

    async listKeys() {
      const rows = await kysely.selectFrom("api_keys").selectAll().orderBy("created_at").orderBy("id").execute();
      return rows.map(keyOf);
    },

    async revokeKey(id, by = COMMAND_LINE) {
      return kysely.transaction().execute(async (trx) => {
        const revoking = trx.updateTable("api_keys").set({ revoked_at: now().toISOString() });
        const result = await revoking.where("id", "=", id).where("revoked_at", "is", null).executeTakeFirst();
        if (result.numUpdatedRows > 0n) await appendAudit(trx, { actor: by, action: "revoke key", target: id, detail: {} }, now());
        const known = await trx.selectFrom("api_keys").select("id").where("id", "=", id).executeTakeFirst();
        return known !== undefined;
      });
    },
  };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function keyOf(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    agent: row.agent_id,
    createdAt: new Date(row.created_at),
    expiresAt: dateOf(row.expires_at),
    lastUsedAt: dateOf(row.last_used_at),
    revokedAt: dateOf(row.revoked_at),
  };
}

function dateOf(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
