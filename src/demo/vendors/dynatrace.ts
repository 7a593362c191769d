import type { SimulatedRequest, SimulatedResponse, Simulator } from "../simulator.ts";
import type { World } from "../world/index.ts";
import { TOKEN } from "./dynatrace/names.ts";

/** Dynatrace as the company uses it: the front ends, their problems and their users. */
export const dynatrace: Simulator = {
  name: "dynatrace",
  settings: (baseUrl) => ({ DYNATRACE_URL: baseUrl, DYNATRACE_TOKEN: TOKEN }),

  async handle(request, world) {
    const { authorization } = request.headers;
    if (authorization === undefined) return problem(401, "Missing authorization parameter.");
    if (authorization !== `Api-Token ${TOKEN}`) return problem(401, "Token Authentication failed");
    return route(request, world);
  },
};

async function route(request: SimulatedRequest, world: World): Promise<SimulatedResponse> {
  const { method, path } = request;
  if (!path.startsWith("/api/v2/")) return problem(404, "Not found");
  if (method !== "GET") return problem(405, "HTTP 405 Method Not Allowed");
  const below = path.slice("/api/v2/".length);
  if (below === "metrics/query") return (await import("./dynatrace/metrics.ts")).queryMetrics(request, world);
  if (below === "entities") return (await import("./dynatrace/entities.ts")).listEntities(request, world);
  const { getProblem, listProblems } = await import("./dynatrace/problems.ts");
  if (below === "problems") return listProblems(request, world);
  const [, id] = /^problems\/([^/]+)$/.exec(below) ?? [];
  return (id && getProblem(decodeURIComponent(id), request, world)) || problem(404, id ? `Problem with ID ${id} not found` : "Not found");
}

function problem(code: number, message: string): SimulatedResponse {
  return { status: code, body: { error: { code, message } } };
}
