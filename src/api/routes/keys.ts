import { z } from "zod";
import { HttpError, type Route } from "../../core/http.ts";
import { ROLES } from "../../core/message.ts";
import type { ApiKey, Keys } from "../../records/keys.ts";
import { validate } from "../validate.ts";
import { userOf } from "./record-request.ts";

const DAY_MS = 86_400_000;
const input = z.strictObject({
  name: z.string().trim().min(1).max(100).describe("Who or what uses it."),
  role: z.enum(ROLES).describe("The most it may do."),
  project: z.string().min(1).max(120).optional().describe("Only this project, by id or name, is there for it; not with the role admin."),
  days: z.number().positive().max(36_500).optional().describe("It is refused after so many; never by age without it."),
});
const shownKey = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES).nullable().describe("null for the key of one agent, which only sends its events."),
  agent: z.string().nullable(),
  project: z.string().nullable().describe("Id of the one project it is for."),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().describe("To the minute."),
  revokedAt: z.iso.datetime().nullable(),
});
const made = z.object({ id: z.string(), secret: z.string().describe("Shown this once.") });

const TAG = "keys";

/** The keys to this deployment; for admins. No secret is ever told a second time. */
export function keyRoutes({ keys, now }: { keys: Keys; now(): Date }): Route[] {
  return [
    {
      ...{ method: "GET", path: "/api/v1/keys", access: "admin", keyed: true },
      docs: { summary: "All keys, oldest first, revoked ones too", tag: TAG, response: { type: "array", items: z.toJSONSchema(shownKey) } },
      handle: async () => ({ status: 200, data: (await keys.listKeys()).map(show) }),
    },
    {
      ...{ method: "POST", path: "/api/v1/keys", access: "admin", keyed: true },
      docs: { summary: "Make a key", tag: TAG, status: 201, body: z.toJSONSchema(input), response: z.toJSONSchema(made) },
      async handle(request) {
        const { name, role, project, days } = validate(input, request.json());
        const expiry = days === undefined ? {} : { expiresAt: new Date(now().getTime() + days * DAY_MS) };
        const created = await keys.createKey({ name, role, ...(project ? { project } : {}), ...expiry, by: userOf(request).id });
        return { status: 201, headers: { "cache-control": "no-store" }, data: created };
      },
    },
    {
      ...{ method: "DELETE", path: "/api/v1/keys/{id}", access: "admin", keyed: true },
      docs: {
        summary: "Revoke a key; the sessions opened with it end",
        tag: TAG,
        response: z.toJSONSchema(z.object({ revoked: z.boolean() })),
      },
      async handle(request) {
        const revoked = await keys.revokeKey(request.params.id ?? "", userOf(request).id);
        if (!revoked) throw new HttpError(404, "There is no such key. GET /api/v1/keys lists them.");
        return { status: 200, data: { revoked } };
      },
    },
  ];
}

function show(key: ApiKey): z.output<typeof shownKey> {
  return {
    id: key.id,
    name: key.name,
    role: key.agent === null ? key.role : null,
    agent: key.agent,
    project: key.project,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}
