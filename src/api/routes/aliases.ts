import type { HttpRequest, HttpResponse, Route } from "../../core/http.ts";
import { projects } from "../../records/projects.ts";
import type { ApiContext } from "../context.ts";
import { projectRoutes } from "./projects.ts";
import { recordRoutes } from "./records.ts";

/** Where the routes of projects answer too: a project is also called an assignment. */
const ASSIGNMENTS = "assignments";

/** Names people know from elsewhere, each for a route that is here already. They answer the same and say which address to use. */
const OLD_NAMES: readonly { path: string; method: Route["method"]; of: { path: string; method: Route["method"] } }[] = [
  { method: "POST", path: "/api/v1/chatbot/ask", of: { method: "POST", path: "/api/v1/ask" } },
  ...["/api/v1/history", "/api/v1/chatbot/history"].map((path) => ({
    ...{ method: "GET" as const, path },
    of: { method: "GET" as const, path: "/api/v1/conversations" },
  })),
  ...["/api/v1/clear", "/api/v1/chatbot/clear"].map((path) => ({
    ...{ method: "POST" as const, path },
    of: { method: "DELETE" as const, path: "/api/v1/conversations" },
  })),
];

/** The routes under their other names; `routes` are those that are named. Throws RangeError for a name of nothing. */
export function aliasRoutes(api: ApiContext, routes: readonly Route[]): Route[] {
  const renamed = OLD_NAMES.map(({ path, method, of }) => {
    const found = routes.find((route) => route.path === of.path && route.method === of.method);
    if (!found) throw new RangeError(`${path} names no route`);
    const docs = found.docs ? { docs: { ...found.docs, aliasOf: `${of.method} ${of.path}` } } : {};
    return { ...found, ...docs, path, method };
  });
  const assignments = [
    ...recordRoutes({ records: api.records, resource: projects, alias: ASSIGNMENTS }),
    ...projectRoutes(api, ASSIGNMENTS),
  ];
  return [...renamed, ...assignments].map(pointing);
}

/** 21 November 2026, as RFC 9745 writes it. They have no end yet, so there is no Sunset (RFC 8594). */
const DEPRECATED_SINCE = "@1795219200";

/** Each answer of an old name links to the new one (RFC 8288), and says that it is the old one. */
function pointing(route: Route): Route {
  const target = route.docs?.aliasOf?.replace(/^[A-Z]+ /, "");
  if (target === undefined) return route;
  return {
    ...route,
    async handle(request): Promise<HttpResponse> {
      const response = await route.handle(request);
      if ("handled" in response) return response;
      return {
        ...response,
        headers: { ...response.headers, deprecation: DEPRECATED_SINCE, link: `<${fill(target, request)}>; rel="canonical"` },
      };
    },
  };
}

function fill(path: string, { params }: HttpRequest): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}
