import { z } from "zod";
import type { Route } from "../../core/http.ts";
import { projectFields } from "../../records/projects.ts";
import type { ApiContext } from "../context.ts";
import { userOf } from "./record-request.ts";

const scope = z.object({ id: z.string(), name: z.string(), budget: projectFields.shape.budget });

/** What a question may be narrowed to. No more than asking for the projects would tell, so it needs no more than asking does. */
export function scopeRoute(api: Pick<ApiContext, "toolContext">): Route {
  return {
    method: "GET",
    path: "/api/v1/scopes",
    access: "viewer",
    projectKeys: true,
    docs: {
      summary: "The projects a question may be narrowed to, by name",
      tag: "ask",
      response: { type: "array", items: z.toJSONSchema(scope, { io: "output" }) },
    },
    async handle(request) {
      const user = userOf(request);
      const found = (await api.toolContext(user, request.signal).projects?.(user)) ?? [];
      const shown = found.map(({ id, fields }) => ({ id, name: String(fields.name), ...(fields.budget ? { budget: fields.budget } : {}) }));
      return { status: 200, data: shown.toSorted((a, b) => a.name.localeCompare(b.name, "en")) };
    },
  };
}
