import type { Route } from "../core/http.ts";
import { isSecure } from "../identity/access.ts";
import { resources } from "../records/resources.ts";
import type { ApiContext } from "./context.ts";
import { openApiDocument } from "./openapi.ts";
import { agentRoutes } from "./routes/agents.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { aliasRoutes } from "./routes/aliases.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { askRoute } from "./routes/ask.ts";
import { auditRoutes } from "./routes/audit.ts";
import { bindingRoutes } from "./routes/bindings.ts";
import { budgetRoute } from "./routes/budgets.ts";
import { chartRoute, drawChartRoute } from "./routes/charts.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { digestRoutes } from "./routes/digests.ts";
import { executionRoutes } from "./routes/executions.ts";
import { feedbackRoute } from "./routes/feedback.ts";
import { healthRoutes } from "./routes/health.ts";
import { importRoute } from "./routes/imports.ts";
import { keyRoutes } from "./routes/keys.ts";
import { meRoute } from "./routes/me.ts";
import { oidcRoutes } from "./routes/oidc.ts";
import { peopleRoutes } from "./routes/people.ts";
import { projectRoutes } from "./routes/projects.ts";
import { recordRoutes } from "./routes/records.ts";
import { scopeRoute } from "./routes/scopes.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import { statusRoutes } from "./routes/status.ts";
import { toolRoutes } from "./routes/tools.ts";
import { traceRoute } from "./routes/traces.ts";
import { webhookRoute } from "./routes/webhooks.ts";

export type { ApiContext } from "./context.ts";

/** Everything below /api/v1 and /health, with the document that describes it. */
export function apiRoutes(api: ApiContext): Route[] {
  const { records } = api;
  const named: Route[] = [
    askRoute(api),
    scopeRoute(api),
    ...toolRoutes(api),
    ...approvalRoutes(api),
    ...conversationRoutes(api),
    ...agentRoutes(api),
    traceRoute(api),
    feedbackRoute(api),
    chartRoute(api),
    drawChartRoute(api),
    budgetRoute(api),
    ...resources.flatMap((resource) => recordRoutes({ records, resource })),
    ...projectRoutes(api),
    ...executionRoutes(api),
    importRoute(api),
    ...bindingRoutes(api),
    ...digestRoutes(api),
    ...alertRoutes(api),
    webhookRoute(api.receiveWebhook),
    ...auditRoutes(api.audit),
    ...keyRoutes(api),
    ...peopleRoutes(api),
    ...signInRoutes({ ...api, secure: isSecure(api.publicUrl) }),
    ...oidcRoutes({ ...api, secure: isSecure(api.publicUrl) }),
    meRoute(),
    ...healthRoutes(api),
    ...statusRoutes(api),
  ];
  const routes = [...named, ...aliasRoutes(api, named)];
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
