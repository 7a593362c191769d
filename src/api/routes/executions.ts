import { z } from "zod";
import { HttpError, type HttpRequest, type Route } from "../../core/http.ts";
import { askerOf } from "../../identity/sight.ts";
import { executions, LEASE, leaseFrom, returnLost } from "../../records/executions.ts";
import type { Records } from "../../records/record-store.ts";
import { show, shownSchema } from "../../records/resource.ts";
import { validate } from "../validate.ts";
import { ifMatch, tagOf, userOf } from "./record-request.ts";
import { respond } from "./records.ts";

const leaseSeconds = z
  .int()
  .min(LEASE.least)
  .max(LEASE.most)
  .optional()
  .describe(`How long the work stays yours without a heartbeat; ${LEASE.usual} without it.`);
const taking = z.strictObject({ agent: z.string().max(200).optional().describe("Only work handed to this one."), leaseSeconds });
const beating = z.strictObject({ leaseSeconds });

export interface ExecutionsApi {
  records: Pick<Records, "take" | "list" | "change">;
  now(): Date;
}

/** The queue side of executions: whoever does the work takes the oldest, and is heard of until it is done. */
export function executionRoutes({ records, now }: ExecutionsApi): Route[] {
  const shown = z.toJSONSchema(shownSchema(executions), { io: "output", unrepresentable: "any" });
  const common = { method: "POST", access: "analyst", keyed: true, projectKeys: true } as const;
  return [
    {
      ...{ ...common, path: "/api/v1/executions/take" },
      docs: {
        summary: "Begin the oldest queued execution; null when there is none. Its ETag is yours until the lease ends",
        tag: executions.name,
        body: z.toJSONSchema(taking, { io: "input" }),
        response: { anyOf: [shown, { type: "null" }] },
      },
      async handle(request) {
        const { agent, leaseSeconds: seconds } = validate(taking, bodyOf(request));
        const only = agent === undefined ? {} : { only: { field: "agent", value: agent } };
        const step = { from: "queued", to: "running", also: leaseFrom(now(), seconds), ...only };
        const take = () => records.take(executions, step, askerOf(userOf(request)));
        const taken = (await take()) ?? (await returnLost(records, now()).then(take));
        return taken ? { status: 200, headers: { etag: tagOf(taken) }, data: show(taken) } : { status: 200, data: null };
      },
    },
    {
      ...{ ...common, path: "/api/v1/executions/{id}/heartbeat" },
      docs: {
        summary: "Keep what you are working on for another lease; 409 when it is no longer running, 412 when somebody else has it",
        tag: executions.name,
        headers: {
          "If-Match": { type: "string", description: "ETag of your take or last heartbeat: proves that the work is still yours." },
        },
        body: z.toJSONSchema(beating, { io: "input" }),
        response: shown,
      },
      async handle(request) {
        const { leaseSeconds: seconds } = validate(beating, bodyOf(request));
        const apply = (data: Readonly<Record<string, unknown>>) => {
          if (data.status !== "running") throw new HttpError(409, `This execution is ${data.status}: stop working on it.`);
          return { ...data, ...leaseFrom(now(), seconds) };
        };
        const change = { action: "hear of", quiet: true, version: ifMatch(request), apply } as const;
        return respond(await records.change(executions, request.params.id ?? "", change, askerOf(userOf(request))), executions, 200);
      },
    },
  ];
}

function bodyOf(request: HttpRequest): unknown {
  return request.body.length === 0 ? {} : request.json();
}
