import { createHash, randomBytes } from "node:crypto";
import type { Audience } from "../core/message.ts";
import { UserError } from "../errors.ts";
import { dropNul } from "../storage/bind.ts";
import type { Database } from "../storage/database.ts";
import type { ApprovalRow, ApprovalState } from "../storage/schema.ts";
import { appendAudit } from "./audit.ts";

export interface Proposal {
  tool: string;
  input: Readonly<Record<string, unknown>>;
  title: string;
  lines: readonly string[];
  channel: string;
  /** null: asked outside a conversation. */
  conversation: string | null;
  audience: Audience;
  user: { id: string; name: string };
}

export interface Approval extends Proposal {
  /** Six hexadecimal digits. */
  id: string;
  state: ApprovalState;
  createdAt: Date;
  expiresAt: Date;
  decidedBy: string | null;
  outcome: string | null;
}

/** What waits for a person's word. Each is decided once. */
export interface Approvals {
  /**
   * Keeps a proposal. The same one, while it still waits in the same place, is given again instead. Throws UserError when too many
   * wait for the same person.
   */
  propose(proposal: Proposal): Promise<Approval>;
  read(id: string): Promise<Approval | null>;
  /** Takes it for running, or rejects it, with a line in the audit log. False when it is not waiting any more, or too old. */
  take(id: string, state: "approved" | "rejected", by: string): Promise<boolean>;
  /** Somebody may not decide it, and tried: a line in the audit log. */
  deny(id: string, by: string, why: string): Promise<void>;
  /** What came of an approved one, with its line in the audit log. */
  settle(id: string, state: "done" | "failed", outcome: string): Promise<void>;
  /** Those this person asked for that still wait, newest first. */
  waiting(user: string, conversation?: string): Promise<Approval[]>;
  /** Drops those created before. */
  drop(before: Date): Promise<void>;
}

/** How long a person has to approve. */
export const APPROVAL_MS = 15 * 60_000;
const MOST_WAITING = 10;
const OUTCOME_LENGTH = 2_000;

export function createApprovals({ kysely }: Database, now: () => Date): Approvals {
  return {
    propose: (proposal) =>
      kysely.transaction().execute(async (trx) => {
        const at = now();
        const open = await trx
          .selectFrom("approvals")
          .selectAll()
          .where("user_id", "=", proposal.user.id)
          .where("state", "=", "waiting")
          .where("expires_at", ">", at.toISOString())
          .execute();
        const hash = hashOf(proposal.tool, JSON.stringify(proposal.input));
        const same = open.find((row) => row.input_hash === hash && row.conversation === proposal.conversation);
        if (same) return approvalOf(same);
        if (open.length >= MOST_WAITING)
          throw new UserError(`${open.length} things wait for your approval already. Approve or reject some of them first.`);
        const row: ApprovalRow = {
          id: randomBytes(3).toString("hex"),
          tool: proposal.tool,
          input: dropNul(JSON.stringify(proposal.input)),
          input_hash: hash,
          title: dropNul(proposal.title),
          lines: dropNul(JSON.stringify(proposal.lines)),
          channel: proposal.channel,
          conversation: proposal.conversation,
          audience: proposal.audience,
          user_id: proposal.user.id,
          user_name: dropNul(proposal.user.name),
          state: "waiting",
          created_at: at.toISOString(),
          expires_at: new Date(at.getTime() + APPROVAL_MS).toISOString(),
          decided_by: null,
          decided_at: null,
          outcome: null,
        };
        await trx.insertInto("approvals").values(row).execute();
        const detail = { approval: row.id, input: proposal.input, hash, expires: row.expires_at };
        await appendAudit(trx, { actor: proposal.user.id, action: "propose write", target: proposal.tool, detail }, at);
        return approvalOf(row);
      }),

    async read(id) {
      const row = await kysely.selectFrom("approvals").selectAll().where("id", "=", id.toLowerCase()).executeTakeFirst();
      if (!row) return null;
      // Whoever wrote other arguments into the row must not have them run.
      if (row.input_hash !== hashOf(row.tool, row.input)) throw new Error("the arguments of an approval were changed");
      return approvalOf(row);
    },

    take: (id, state, by) =>
      kysely.transaction().execute(async (trx) => {
        const at = now();
        const row = await trx
          .updateTable("approvals")
          .set({ state, decided_by: by, decided_at: at.toISOString() })
          .where("id", "=", id)
          .where("state", "=", "waiting")
          .where("expires_at", ">", at.toISOString())
          .returning(["tool", "input", "input_hash", "user_id"])
          .executeTakeFirst();
        if (!row) return false;
        const detail = { approval: id, input: JSON.parse(row.input) as unknown, hash: row.input_hash, askedBy: row.user_id };
        await appendAudit(
          trx,
          { actor: by, action: state === "approved" ? "approve write" : "reject write", target: row.tool, detail },
          at,
        );
        return true;
      }),

    deny: (id, by, why) =>
      kysely.transaction().execute(async (trx) => {
        const row = await trx.selectFrom("approvals").select("tool").where("id", "=", id).executeTakeFirst();
        const detail = { approval: id, why };
        if (row) await appendAudit(trx, { actor: by, action: "deny write", target: row.tool, detail }, now());
      }),

    settle: (id, state, outcome) =>
      kysely.transaction().execute(async (trx) => {
        const at = now();
        const row = await trx
          .updateTable("approvals")
          .set({ state, outcome: dropNul(outcome).slice(0, OUTCOME_LENGTH).toWellFormed() })
          .where("id", "=", id)
          .where("state", "=", "approved")
          .returning(["tool", "decided_by"])
          .executeTakeFirst();
        if (!row) return;
        const detail = { approval: id, outcome: state };
        await appendAudit(trx, { actor: row.decided_by ?? "", action: "run write", target: row.tool, detail }, at);
      }),

    async waiting(user, conversation) {
      const rows = await kysely
        .selectFrom("approvals")
        .selectAll()
        .where("user_id", "=", user)
        .where("state", "=", "waiting")
        .where("expires_at", ">", now().toISOString())
        .orderBy("created_at", "desc")
        .execute();
      return rows.filter((row) => conversation === undefined || row.conversation === conversation).map(approvalOf);
    },

    async drop(before) {
      await kysely.deleteFrom("approvals").where("created_at", "<", before.toISOString()).execute();
    },
  };
}

function hashOf(tool: string, input: string): string {
  return createHash("sha256").update(tool).update("\n").update(dropNul(input)).digest("hex");
}

function approvalOf(row: ApprovalRow): Approval {
  return {
    id: row.id,
    tool: row.tool,
    input: JSON.parse(row.input) as Approval["input"],
    title: row.title,
    lines: JSON.parse(row.lines) as string[],
    channel: row.channel,
    conversation: row.conversation,
    audience: row.audience,
    user: { id: row.user_id, name: row.user_name },
    state: row.state,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    decidedBy: row.decided_by,
    outcome: row.outcome,
  };
}
