import { z } from "zod";
import type { Route } from "../../core/http.ts";
import { userOf } from "./record-request.ts";

const shown = z.object({ id: z.string(), name: z.string(), roles: z.array(z.enum(["viewer", "analyst", "admin"])) });

/** As whom a key, a token or the console's session acts. */
export function meRoute(): Route {
  return {
    method: "GET",
    path: "/api/v1/me",
    access: "viewer",
    keyed: true,
    projectKeys: true,
    docs: { summary: "Who you are here, and what you may do", tag: "sign in", response: z.toJSONSchema(shown) },
    async handle(request) {
      const { id, name, roles } = userOf(request);
      return { status: 200, headers: { "cache-control": "no-store" }, data: { id, name, roles } };
    },
  };
}
