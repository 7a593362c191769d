import { createHash, randomBytes } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import type { Database } from "../storage/database.ts";
import type { AuditHeadRow, AuditRow, Schema } from "../storage/schema.ts";

/** What happened, as it is written down. */
export interface AuditEntry {
  /** Id of who did it: "key:…", "slack:T1:U2", "local:cli". */
  actor: string;
  /** A verb, of a kind of thing where there is one: "ask", "run", "create project", "archive project". */
  action: string;
  /** What it was done to: an id. */
  target: string;
  /** Never holds a secret. */
  detail: Readonly<Record<string, unknown>>;
}

export interface AuditLine extends Omit<AuditEntry, "detail"> {
  /** From 1, without gaps. */
  seq: number;
  at: Date;
  /** null when it was forgotten on request. */
  detail: Readonly<Record<string, unknown>> | null;
  hash: string;
}

export interface AuditFilter {
  /** Only lines before this one. */
  before?: number | undefined;
  actor?: string | undefined;
  action?: string | undefined;
}

/** Who did what. Lines are only ever added; each holds the hash of the one before. */
export interface Audit {
  append(entry: AuditEntry): Promise<void>;
  /** The newest `limit` lines, newest first. */
  list(limit: number, filter?: AuditFilter): Promise<AuditLine[]>;
  /** Looks at every line. `known` is the hash of a line noted earlier, elsewhere: it must still be in the log. */
  verify(known?: string): Promise<AuditVerdict>;
}

export type AuditVerdict =
  /** `head` is worth noting elsewhere: who can write to the database could write a whole new chain. */
  { ok: true; lines: number; head: string } | { ok: false; seq: number; problem: string };

const HEAD = "log";
const LINES_AT_ONCE = 1_000;

export function createAudit(database: Database, now: () => Date): Audit {
  const { kysely } = database;
  return {
    append: (entry) => kysely.transaction().execute((trx) => appendAudit(trx, entry, now())),
    async list(limit, { before, actor, action } = {}) {
      let lines = kysely.selectFrom("audit").selectAll().orderBy("seq", "desc").limit(limit);
      if (before !== undefined) lines = lines.where("seq", "<", before);
      if (actor !== undefined) lines = lines.where("actor", "=", actor);
      if (action !== undefined) lines = lines.where("action", "=", action);
      return (await lines.execute()).map(lineOf);
    },
    verify: (known) => verifyChain(kysely, known),
  };
}

/** Makes everyone else who writes down something wait until this transaction ends. */
export async function lockAudit(trx: Transaction<Schema>): Promise<AuditHeadRow> {
  return trx
    .updateTable("audit_head")
    .set((eb) => ({ seq: eb.ref("seq") }))
    .where("name", "=", HEAD)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Adds a line in the transaction of what it tells: both happen or neither. */
export async function appendAudit(trx: Transaction<Schema>, { actor, action, target, detail }: AuditEntry, at: Date): Promise<void> {
  const head = await lockAudit(trx);
  const salt = randomBytes(16).toString("base64url");
  const text = JSON.stringify(detail);
  const line = {
    seq: head.seq + 1,
    at: at.toISOString(),
    actor,
    action,
    target,
    detail_hash: sha256(salt, text),
    previous: head.hash,
  };
  const hash = hashOf(line);
  await trx
    .insertInto("audit")
    .values({ ...line, detail: text, salt, hash })
    .execute();
  await trx.updateTable("audit_head").set({ seq: line.seq, hash }).where("name", "=", HEAD).execute();
}

/** Empties what the lines of a person's questions say, or of those in one conversation; that there were questions, and the chain, stay. */
export async function forgetAudit(trx: Transaction<Schema>, actor: string, conversation?: string): Promise<void> {
  const lines = trx.updateTable("audit").set({ detail: null, salt: null }).where("actor", "=", actor);
  const some = conversation === undefined ? lines.where("action", "in", ["ask", "run"]) : lines.where("action", "=", "ask");
  await (conversation === undefined ? some : some.where("target", "=", conversation)).execute();
}

async function verifyChain(kysely: Kysely<Schema>, known: string | undefined): Promise<AuditVerdict> {
  let previous = "";
  let seq = 0;
  let seen = known === undefined;
  // Lines added meanwhile are looked at too: the head is read last.
  for (;;) {
    const lines = await kysely.selectFrom("audit").selectAll().where("seq", ">", seq).orderBy("seq").limit(LINES_AT_ONCE).execute();
    for (const line of lines) {
      const problem = problemOf(line, seq + 1, previous);
      if (problem) return { ok: false, seq: seq + 1, problem };
      ({ seq, hash: previous } = line);
      seen ||= line.hash === known;
    }
    if (lines.length < LINES_AT_ONCE) break;
  }
  const head = await kysely.selectFrom("audit_head").select(["seq", "hash"]).where("name", "=", HEAD).executeTakeFirst();
  if (!head || head.seq < seq) return { ok: false, seq, problem: "the note of the newest line is missing or behind" };
  if (head.seq === seq && head.hash !== previous) return { ok: false, seq, problem: "the newest line is not the one that was noted" };
  // A line more than was read may have come in between; if it did not, lines were taken away.
  const next =
    head.seq > seq &&
    (await kysely
      .selectFrom("audit")
      .select("previous")
      .where("seq", "=", seq + 1)
      .executeTakeFirst());
  if (head.seq > seq && (!next || next.previous !== previous)) return { ok: false, seq: seq + 1, problem: "the line is missing" };
  return seen
    ? { ok: true, lines: seq, head: previous }
    : { ok: false, seq, problem: "the line with the hash you noted is not in the log" };
}

function problemOf(line: AuditRow, seq: number, previous: string): string | undefined {
  if (line.seq !== seq) return "the line is missing";
  if (line.previous !== previous) return "it does not follow from the line before";
  if (line.hash !== hashOf(line)) return "it was changed";
  if (line.detail !== null && line.detail_hash !== sha256(line.salt ?? "", line.detail)) return "its detail was changed";
  return undefined;
}

/** SHA-256 over the fields as a JSON array, so that no two different lines read the same. */
function hashOf({ seq, at, actor, action, target, detail_hash, previous }: Omit<AuditRow, "detail" | "salt" | "hash">): string {
  return sha256(JSON.stringify([seq, at, actor, action, target, detail_hash, previous]));
}

function sha256(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\n");
  return hash.digest("hex");
}

function lineOf({ seq, at, actor, action, target, detail, hash }: AuditRow): AuditLine {
  return {
    seq,
    at: new Date(at),
    actor,
    action,
    target,
    detail: detail === null ? null : (JSON.parse(detail) as AuditLine["detail"]),
    hash,
  };
}
