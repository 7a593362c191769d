import type { SimulatedRequest, SimulatedResponse, Simulator } from "../simulator.ts";
import type { World } from "../world/index.ts";
import { ORG, TOKEN } from "./github/names.ts";

/** GitHub as the company uses it: GraphQL, Actions runs and Copilot's reports. */
export const github: Simulator = {
  name: "github",
  settings: (baseUrl) => ({ GITHUB_TOKEN: TOKEN, GITHUB_ORG: ORG, GITHUB_API_URL: baseUrl }),

  async handle(request, world) {
    const [, report] = /^\/copilot-reports\/([\w-]+)\.json$/.exec(request.path) ?? [];
    if (report && request.method === "GET") return (await import("./github/copilot.ts")).downloadReport(report, request, world);
    const limits = limitHeaders(request.now);
    const answer = isKnown(request.headers.authorization) ? await route(request, world) : problem(401, "Bad credentials");
    return { ...answer, headers: { ...limits, ...answer.headers } };
  },
};

async function route(request: SimulatedRequest, world: World): Promise<SimulatedResponse> {
  const { method, path, now } = request;
  if (method === "POST" && path === "/graphql") {
    const { answerGraphql } = await import("./github/graphql.ts");
    return answerGraphql(request, world, new Date(resetOf(now) * 1_000).toISOString().replace(".000", ""));
  }
  const [, inOrg = "", repository = "", number = "", comments] =
    /^\/repos\/([^/]+)\/([^/]+)\/issues\/(\d{1,9})(\/comments)?$/.exec(path) ?? [];
  if (inOrg.toLowerCase() === ORG && (comments ? method === "POST" : method === "GET"))
    return (
      (await import("./github/comments.ts")).answerIssue({ repository, number: Number(number) }, request, world) ??
      problem(404, "Not Found")
    );
  if (method !== "GET") return problem(404, "Not Found");
  if (path === "/rate_limit") return { status: 200, body: rateLimit(now) };
  const [, owner = "", name = ""] = /^\/repos\/([^/]+)\/([^/]+)\/actions\/runs$/.exec(path) ?? [];
  if (owner.toLowerCase() === ORG)
    return (await import("./github/actions.ts")).listRuns(name.toLowerCase(), request, world) ?? problem(404, "Not Found");
  const [, org = "", kind = ""] = /^\/orgs\/([^/]+)\/copilot\/metrics\/reports\/(.+)$/.exec(path) ?? [];
  if (org.toLowerCase() === ORG)
    return (await import("./github/copilot.ts")).reportLinks(kind, request, world) ?? problem(404, "Not Found");
  return problem(404, "Not Found");
}

function isKnown(authorization: string | undefined): boolean {
  return new RegExp(`^(?:bearer|token) ${TOKEN}$`, "i").test(authorization ?? "");
}

function problem(status: number, message: string): SimulatedResponse {
  return { status, body: { message, documentation_url: "https://docs.github.com/rest", status: String(status) } };
}

/** The end of the hour, in seconds. */
function resetOf(now: Date): number {
  return Math.ceil(now.getTime() / 3_600_000) * 3_600;
}

function limitHeaders(now: Date): Record<string, string> {
  return {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4987",
    "x-ratelimit-used": "13",
    "x-ratelimit-reset": String(resetOf(now)),
    "x-oauth-scopes": "read:org, repo",
    "x-github-media-type": "github.v3; format=json",
  };
}

function rateLimit(now: Date): object {
  const core = { limit: 5_000, used: 13, remaining: 4_987, reset: resetOf(now) };
  return { resources: { core, graphql: core, search: { limit: 30, used: 0, remaining: 30, reset: resetOf(now) } }, rate: core };
}
