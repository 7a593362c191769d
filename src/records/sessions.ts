import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Transaction } from "kysely";
import type { Role } from "../core/message.ts";
import { dropNul } from "../storage/bind.ts";
import type { Database } from "../storage/database.ts";
import type { Schema, SessionRow } from "../storage/schema.ts";
import { appendAudit } from "./audit.ts";
import { type KeyProject, keyProject } from "./keys.ts";

/** Somebody who is signed in, or may be by a link. */
export interface Person {
  /** A `User.id`: "slack:T1:U2", or "key:…" for who came with a key. */
  user: string;
  name: string;
  email?: string;
  /** IANA name. */
  timeZone?: string;
}

export interface SignedIn extends Person {
  session: string;
  /** Of the key it was opened with; absent for a person of a chat, whose role is a matter of the settings. */
  role?: Role;
  /** Of that key, where it is for one project. */
  project?: KeyProject;
}

type Rights = Pick<SignedIn, "role" | "project">;

/** `secret` is given here and never again; only its hash is kept. */
export interface Opened {
  person: SignedIn;
  secret: string;
  expiresAt: Date;
}

/** Sign-ins: by a link once, or with a key; kept up by a cookie, or by refresh tokens that are used once each. */
export interface Sessions {
  createLink(person: Person): Promise<{ secret: string; expiresAt: Date }>;
  /** Uses the link up. null when it is unknown, too old, or was used before. */
  openByLink(link: string, by: "cookie" | "refresh"): Promise<Opened | null>;
  /** A console session for somebody whom an OpenID issuer has proved. */
  openFor(person: Person): Promise<Opened>;
  /** null when the key is revoked or expired by now. */
  openByKey(key: { id: string; name: string }): Promise<Opened | null>;
  /** The next refresh token for this one. A token that was used before ends the whole session: one of its two holders is a thief. */
  refresh(secret: string): Promise<Opened | null>;
  /** Who is signed in by this cookie; null when nobody is, any more. */
  byCookie(secret: string): Promise<SignedIn | null>;
  /** Whether the session goes on, and whose it is. */
  byId(session: string): Promise<SignedIn | null>;
  /** Ends the session of a cookie or refresh token. False when there is none. */
  end(secret: string): Promise<boolean>;
  /** Forgets what ended, or was over, before. */
  drop(before: Date): Promise<void>;
}

export const LINK_MS = 10 * 60_000;
export const SESSION_MS = 7 * 86_400_000;
/** However often it is refreshed. */
const FAMILY_MS = 30 * 86_400_000;

type Kind = "cookie" | "refresh";
const PREFIX = { link: "fml_", cookie: "fmc_", refresh: "fmr_" } as const;
const SECRET = /^fm[lcr]_[\w-]{43}$/;

export function createSessions({ kysely }: Database, now: () => Date): Sessions {
  async function open(
    trx: Transaction<Schema>,
    person: Person,
    key: string | null,
    kind: Kind,
    by = key ? "key" : "link",
  ): Promise<Opened> {
    const id = randomUUID();
    const at = now();
    const row: SessionRow = {
      id,
      user_id: person.user,
      user_name: dropNul(person.name),
      email: person.email ?? null,
      time_zone: person.timeZone ?? null,
      key_id: key,
      created_at: at.toISOString(),
      expires_at: after(at, kind === "refresh" ? FAMILY_MS : SESSION_MS).toISOString(),
      ended_at: null,
    };
    await trx.insertInto("sessions").values(row).execute();
    await appendAudit(trx, { actor: person.user, action: "sign in", target: id, detail: { by, kind } }, at);
    return issue(trx, row, kind);
  }

  async function issue(trx: Transaction<Schema>, row: SessionRow, kind: Kind): Promise<Opened> {
    const at = now();
    const secret = newSecret(kind);
    const expires = Math.min(after(at, SESSION_MS).getTime(), Date.parse(row.expires_at));
    const expiresAt = new Date(expires);
    await trx
      .insertInto("session_tokens")
      .values({ hash: hashOf(secret), session_id: row.id, kind, expires_at: expiresAt.toISOString(), used_at: null })
      .execute();
    return { person: personOf(row, {}), secret, expiresAt };
  }

  /** The session, while it goes on: neither ended nor over, and with a key that still opens. */
  async function standing(
    id: string,
    db: Pick<Transaction<Schema>, "selectFrom"> = kysely,
  ): Promise<{ row: SessionRow; rights: Rights } | null> {
    const row = await db.selectFrom("sessions").selectAll().where("id", "=", id).executeTakeFirst();
    const at = now().toISOString();
    if (!row || row.ended_at !== null || row.expires_at <= at) return null;
    if (row.key_id === null) return { row, rights: {} };
    const key = await db.selectFrom("api_keys").selectAll().where("id", "=", row.key_id).executeTakeFirst();
    if (!key || key.revoked_at !== null || key.agent_id !== null || (key.expires_at !== null && key.expires_at <= at)) return null;
    const project = key.project_id === null ? undefined : await keyProject(db, key.project_id);
    return project === null ? null : { row, rights: { role: key.role, ...(project ? { project } : {}) } };
  }

  async function endIn(trx: Transaction<Schema>, id: string, action: string): Promise<void> {
    const at = now();
    const ended = await trx
      .updateTable("sessions")
      .set({ ended_at: at.toISOString() })
      .where("id", "=", id)
      .where("ended_at", "is", null)
      .returning("user_id")
      .executeTakeFirst();
    if (ended) await appendAudit(trx, { actor: ended.user_id, action, target: id, detail: {} }, at);
  }

  return {
    async createLink({ user, name, email, timeZone }) {
      const secret = newSecret("link");
      const at = now();
      const expiresAt = after(at, LINK_MS);
      await kysely
        .insertInto("sign_in_links")
        .values({
          hash: hashOf(secret),
          user_id: user,
          user_name: dropNul(name),
          email: email ?? null,
          time_zone: timeZone ?? null,
          expires_at: expiresAt.toISOString(),
          used_at: null,
        })
        .execute();
      return { secret, expiresAt };
    },

    async openByLink(link, by) {
      if (!isSecret(link, "link")) return null;
      return kysely.transaction().execute(async (trx) => {
        const at = now().toISOString();
        // Of many uses at once one changes the row.
        const row = await trx
          .updateTable("sign_in_links")
          .set({ used_at: at })
          .where("hash", "=", hashOf(link))
          .where("used_at", "is", null)
          .where("expires_at", ">", at)
          .returningAll()
          .executeTakeFirst();
        if (!row) return null;
        const person: Person = { user: row.user_id, name: row.user_name, ...optional(row) };
        return open(trx, person, null, by);
      });
    },

    openFor: (person) => kysely.transaction().execute((trx) => open(trx, person, null, "cookie", "oidc")),

    openByKey: ({ id, name }) =>
      kysely.transaction().execute(async (trx) => {
        const opened = await open(trx, { user: `key:${id}`, name }, id, "refresh");
        const found = await standing(opened.person.session, trx);
        if (found) return { ...opened, person: personOf(found.row, found.rights) };
        await endIn(trx, opened.person.session, "sign out");
        return null;
      }),

    async refresh(secret) {
      if (!isSecret(secret, "refresh")) return null;
      return kysely.transaction().execute(async (trx) => {
        const at = now().toISOString();
        const taken = await trx
          .updateTable("session_tokens")
          .set({ used_at: at })
          .where("hash", "=", hashOf(secret))
          .where("kind", "=", "refresh")
          .where("used_at", "is", null)
          .returningAll()
          .executeTakeFirst();
        if (!taken) {
          const used = await trx.selectFrom("session_tokens").selectAll().where("hash", "=", hashOf(secret)).executeTakeFirst();
          if (used) await endIn(trx, used.session_id, "refresh replay");
          return null;
        }
        const found = taken.expires_at > at ? await standing(taken.session_id, trx) : null;
        return found && { ...(await issue(trx, found.row, "refresh")), person: personOf(found.row, found.rights) };
      });
    },

    async byCookie(secret) {
      if (!isSecret(secret, "cookie")) return null;
      const token = await kysely
        .selectFrom("session_tokens")
        .selectAll()
        .where("hash", "=", hashOf(secret))
        .where("kind", "=", "cookie")
        .where("expires_at", ">", now().toISOString())
        .executeTakeFirst();
      const found = token ? await standing(token.session_id) : null;
      return found && personOf(found.row, found.rights);
    },

    async byId(session) {
      const found = await standing(session);
      return found && personOf(found.row, found.rights);
    },

    async end(secret) {
      if (!SECRET.test(secret)) return false;
      return kysely.transaction().execute(async (trx) => {
        const token = await trx.selectFrom("session_tokens").select("session_id").where("hash", "=", hashOf(secret)).executeTakeFirst();
        if (token) await endIn(trx, token.session_id, "sign out");
        return token !== undefined;
      });
    },

    async drop(before) {
      const time = before.toISOString();
      await kysely.deleteFrom("sign_in_links").where("expires_at", "<", time).execute();
      const over = kysely.selectFrom("sessions").select("id").where("expires_at", "<", time);
      await kysely.deleteFrom("session_tokens").where("session_id", "in", over).execute();
      await kysely.deleteFrom("sessions").where("expires_at", "<", time).execute();
    },
  };
}

function newSecret(kind: keyof typeof PREFIX): string {
  return `${PREFIX[kind]}${randomBytes(32).toString("base64url")}`;
}

function isSecret(text: string, kind: keyof typeof PREFIX): boolean {
  return SECRET.test(text) && text.startsWith(PREFIX[kind]);
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function personOf(row: SessionRow, rights: Rights): SignedIn {
  return { session: row.id, user: row.user_id, name: row.user_name, ...optional(row), ...rights };
}

function optional({ email, time_zone }: Pick<SessionRow, "email" | "time_zone">): Pick<Person, "email" | "timeZone"> {
  return { ...(email === null ? {} : { email }), ...(time_zone === null ? {} : { timeZone: time_zone }) };
}

function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
