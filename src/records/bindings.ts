import type { Database } from "../storage/database.ts";
import { appendAudit } from "./audit.ts";

/** Which project a place people talk in is about. A place is a channel's own name for it: "slack:T1:C2", or a conversation. */
export interface Bindings {
  /** Binds the place; a binding before is replaced. "missing" when there is no such project, or it is archived. */
  bind(place: string, project: string, by: string): Promise<"bound" | "missing">;
  /** False when it was bound to nothing. */
  unbind(place: string, by: string): Promise<boolean>;
  /** The project the conversation is about: its own binding, else that of the place it is in. null when there is none. */
  projectOf(conversation: string): Promise<string | null>;
  /** The project this very place is bound to; null when there is none. */
  boundTo(place: string): Promise<string | null>;
  /** In order of their names. */
  list(project: string): Promise<Binding[]>;
}

export interface Binding {
  place: string;
  project: string;
  boundBy: string;
  boundAt: Date;
}

export function createBindings(database: Database, now: () => Date): Bindings {
  const { kysely } = database;
  return {
    bind: (place, project, by) =>
      kysely.transaction().execute(async (trx) => {
        const there = await trx
          .selectFrom("records")
          .select("id")
          .where("id", "=", project)
          .where("kind", "=", "projects")
          .where("archived_at", "is", null)
          .executeTakeFirst();
        if (!there) return "missing";
        const row = { project_id: project, bound_by: by, bound_at: now().toISOString() };
        await trx
          .insertInto("bindings")
          .values({ place, ...row })
          .onConflict((conflict) => conflict.column("place").doUpdateSet(row))
          .execute();
        await appendAudit(trx, { actor: by, action: "bind place", target: place, detail: { project } }, now());
        return "bound";
      }),

    unbind: (place, by) =>
      kysely.transaction().execute(async (trx) => {
        const { numDeletedRows } = await trx.deleteFrom("bindings").where("place", "=", place).executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await appendAudit(trx, { actor: by, action: "unbind place", target: place, detail: {} }, now());
        return true;
      }),

    async projectOf(conversation) {
      const rows = await kysely
        .selectFrom("bindings")
        .select(["place", "project_id"])
        .where("place", "in", placesOf(conversation))
        .execute();
      const [nearest] = rows.toSorted((a, b) => b.place.length - a.place.length);
      return nearest?.project_id ?? null;
    },

    async boundTo(place) {
      const row = await kysely.selectFrom("bindings").select("project_id").where("place", "=", place).executeTakeFirst();
      return row?.project_id ?? null;
    },

    async list(project) {
      const rows = await kysely.selectFrom("bindings").selectAll().where("project_id", "=", project).orderBy("place").execute();
      return rows.map(({ place, project_id, bound_by, bound_at }) => ({
        place,
        project: project_id,
        boundBy: bound_by,
        boundAt: new Date(bound_at),
      }));
    },
  };
}

/** The conversation itself and what it is part of: "slack:T:C:1.2" is in "slack:T:C"; a Teams thread "19:…;messageid=1" in "19:…". */
function placesOf(conversation: string): string[] {
  const outer = conversation.replace(/;messageid=[^;]*$/, "");
  const parts = outer.split(":");
  return [...new Set([conversation, outer, ...parts.map((_, i) => parts.slice(0, i + 1).join(":")).slice(1)])];
}
