import { z } from "zod";
import type { Route } from "../../core/http.ts";
import { askerOf } from "../../identity/sight.ts";
import { executions } from "../../records/executions.ts";
import type { Records } from "../../records/record-store.ts";
import { show, shownSchema } from "../../records/resource.ts";
import { validate } from "../validate.ts";
import { tagOf, userOf } from "./record-request.ts";

const input = z.strictObject({ agent: z.string().max(200).optional().describe("Only work handed to this one.") });

/** The queue side of executions: whoever does the work takes the oldest. */
export function executionRoutes(records: Pick<Records, "take">): Route[] {
  const shown = z.toJSONSchema(shownSchema(executions), { io: "output", unrepresentable: "any" });
  return [
    {
      ...{ method: "POST", path: "/api/v1/executions/take", access: "analyst", keyed: true, projectKeys: true },
      docs: {
        summary: "Begin the oldest queued execution; null when there is none",
        tag: executions.name,
        body: z.toJSONSchema(input),
        response: { anyOf: [shown, { type: "null" }] },
      },
      async handle(request) {
        const { agent } = validate(input, request.body.length === 0 ? {} : request.json());
        const only = agent === undefined ? {} : { only: { field: "agent", value: agent } };
        const taken = await records.take(executions, { from: "queued", to: "running", ...only }, askerOf(userOf(request)));
        return taken ? { status: 200, headers: { etag: tagOf(taken) }, data: show(taken) } : { status: 200, data: null };
      },
    },
  ];
}
