import { z } from "zod";
import type { Verdict, WaitingApproval } from "../../core/approval.ts";
import { HttpError, type Route } from "../../core/http.ts";
import type { ApiContext } from "../context.ts";
import { userOf } from "./record-request.ts";

const shown = z.object({
  id: z.string(),
  tool: z.string(),
  title: z.string(),
  lines: z.array(z.string()),
  user: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
const decided = z.object({ state: z.enum(["done", "failed", "rejected"]), text: z.string(), data: z.unknown() });

/** What waits for a person's word before it happens. */
export function approvalRoutes(api: Pick<ApiContext, "approvals" | "toolContext" | "rateLimit">): Route[] {
  const path = "/api/v1/approvals";
  return [
    {
      ...{ method: "GET", path, access: "viewer", keyed: true, projectKeys: true },
      docs: {
        summary: "What waits for your approval, newest first",
        tag: "approvals",
        response: { type: "array", items: z.toJSONSchema(shown) },
      },
      handle: async (request) => ({ status: 200, data: (await api.approvals.waiting(userOf(request))).map(toWire) }),
    },
    decision("approve", "Approve and do it, once"),
    decision("reject", "Reject it; nothing is done"),
  ];

  function decision(verdict: Verdict, summary: string): Route {
    return {
      ...{ method: "POST", path: `${path}/{id}/${verdict}`, access: "viewer", keyed: true, projectKeys: true },
      docs: { summary, tag: "approvals", response: z.toJSONSchema(decided, { io: "output" }) },
      async handle(request) {
        const user = userOf(request);
        const headers = await api.rateLimit(user.id);
        const context = api.toolContext(user, request.signal);
        const { state, text, finding } = await api.approvals.decide(request.params.id ?? "", verdict, { context });
        if (state === "unknown") throw new HttpError(404, text);
        if (state === "refused") throw new HttpError(409, text);
        return { status: 200, headers, data: { state, text, data: finding?.data ?? null } };
      },
    };
  }
}

function toWire({ id, tool, title, lines, user, createdAt, expiresAt }: WaitingApproval): z.output<typeof shown> {
  return { id, tool, title, lines: [...lines], user, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
}
