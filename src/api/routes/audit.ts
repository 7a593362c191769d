import { z } from "zod";
import { toCsv } from "../../core/csv.ts";
import type { Route } from "../../core/http.ts";
import type { Audit } from "../../records/audit.ts";
import { readLimit, refuse, wantsCsv } from "./record-request.ts";

const line = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  detail: z.record(z.string(), z.unknown()).nullable().describe("null when it was forgotten on a person's request."),
  hash: z.string().describe("SHA-256 over this line and the hash of the one before."),
});

const COLUMNS = ["seq", "at", "actor", "action", "target", "detail", "hash"];

/** Who did what, newest first; for admins. */
export function auditRoutes(audit: Audit): Route[] {
  return [
    {
      ...{ method: "GET", path: "/api/v1/audit", access: "admin", keyed: true },
      docs: {
        summary: "The audit log, newest first",
        tag: "audit",
        query: {
          limit: { type: "integer", minimum: 1, maximum: 200, description: "Most to give; 50 without it." },
          before: { type: "integer", description: "Only lines before this number; `meta.nextBefore` of the page before." },
          actor: { type: "string" },
          action: { type: "string" },
        },
        meta: { nextBefore: { type: "integer", description: "`before` of the next page; absent on the last." } },
        response: { type: "array", items: z.toJSONSchema(line) },
        otherTypes: ["text/csv"],
      },
      async handle(request) {
        const { query } = request;
        const errors: { path: string; message: string }[] = [];
        const limit = readLimit(query, errors);
        const before = query.get("before");
        if (before && !/^\d{1,9}$/.test(before)) errors.push({ path: "before", message: "must be the number of a line" });
        for (const name of ["actor", "action"])
          if (query.get(name)?.includes("\0")) errors.push({ path: name, message: "must not hold a NUL character" });
        refuse(errors);
        const lines = await audit.list(limit, {
          before: before ? Number(before) : undefined,
          actor: query.get("actor") ?? undefined,
          action: query.get("action") ?? undefined,
        });
        const shown = lines.map((l) => ({ ...l, at: l.at.toISOString() }));
        if (wantsCsv(request)) {
          const rows = shown.map((l) => ({ ...l, detail: l.detail === null ? null : JSON.stringify(l.detail) }));
          return { status: 200, headers: { "content-type": "text/csv; charset=utf-8" }, raw: toCsv(COLUMNS, rows) };
        }
        const last = shown.at(-1);
        return { status: 200, data: shown, meta: lines.length === limit && last && last.seq > 1 ? { nextBefore: last.seq } : {} };
      },
    },
    {
      ...{ method: "GET", path: "/api/v1/audit/verify", access: "admin", keyed: true },
      docs: {
        summary: "Look whether the audit log is whole",
        tag: "audit",
        query: { known: { type: "string", description: "Hash of a line noted earlier, which must still be there." } },
        response: {
          type: "object",
          required: ["ok"],
          properties: {
            ok: { type: "boolean" },
            lines: { type: "integer" },
            head: { type: "string" },
            seq: { type: "integer" },
            problem: { type: "string" },
          },
        },
      },
      handle: async ({ query }) => ({ status: 200, data: await audit.verify(query.get("known") || undefined) }),
    },
  ];
}
