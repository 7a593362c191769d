import type { Route } from "../core/http.ts";
import { resources } from "../records/resources.ts";
import type { ApiContext } from "./context.ts";
import { openApiDocument } from "./openapi.ts";
import { agentRoutes } from "./routes/agents.ts";
import { askRoute } from "./routes/ask.ts";
import { auditRoutes } from "./routes/audit.ts";
import { chartRoute } from "./routes/charts.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { healthRoutes } from "./routes/health.ts";
import { recordRoutes } from "./routes/records.ts";
import { toolRoutes } from "./routes/tools.ts";

export type { ApiContext } from "./context.ts";

/** Everything below /api/v1 and /health, with the document that describes it. */
export function apiRoutes(api: ApiContext): Route[] {
  const { records } = api;
  const routes: Route[] = [
    askRoute(api),
    ...toolRoutes(api),
    ...conversationRoutes(api),
    ...agentRoutes(api),
    chartRoute(api),
    ...resources.flatMap((resource) => recordRoutes({ records, resource })),
    ...auditRoutes(api.audit),
    ...healthRoutes(api),
  ];
  const openapi: Route = {
    method: "GET",
    path: "/api/v1/openapi.json",
    access: "open",
    docs: { summary: "This description", tag: "api", responseType: "application/json" },
    handle: async () => ({
      status: 200,
      headers: { "content-type": "application/json; charset=utf-8" },
      raw: JSON.stringify(openApiDocument([...routes, openapi], api.tools, api.version)),
    }),
  };
  return [...routes, openapi];
}
