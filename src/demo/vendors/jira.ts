import type { SimulatedRequest, SimulatedResponse, Simulator } from "../simulator.ts";
import type { World } from "../world/index.ts";
import { EMAIL, TOKEN } from "./jira/names.ts";
import { problem } from "./jira/problem.ts";

/** Jira Cloud as the company uses it: REST v3 and the boards and sprints of Jira Software. */
export const jira: Simulator = {
  name: "jira",
  settings: (baseUrl) => ({ JIRA_URL: baseUrl, JIRA_EMAIL: EMAIL, JIRA_TOKEN: TOKEN }),

  async handle(request, world) {
    const answer = isKnown(request.headers.authorization) ? await route(request, world) : refused();
    const reset = new Date(Math.ceil(request.now.getTime() / 60_000) * 60_000).toISOString();
    const limits = { "x-ratelimit-limit": "350", "x-ratelimit-remaining": "349", "x-ratelimit-reset": reset };
    return { ...answer, headers: { ...limits, "x-arequestid": "demo", ...answer.headers } };
  },
};

function isKnown(authorization = ""): boolean {
  const [scheme = "", encoded = ""] = authorization.split(" ");
  return scheme.toLowerCase() === "basic" && Buffer.from(encoded, "base64").toString("utf8") === `${EMAIL}:${TOKEN}`;
}

function refused(): SimulatedResponse {
  return {
    status: 401,
    headers: { "www-authenticate": 'OAuth realm="https%3A%2F%2Fjira.example"', "x-seraph-loginreason": "AUTHENTICATED_FAILED" },
    body: { message: "Client must be authenticated to access this resource.", "status-code": 401 },
  };
}

async function route(request: SimulatedRequest, world: World): Promise<SimulatedResponse> {
  if (/^\/rest\/api\/(?:2|3|latest)\/search$/.test(request.path))
    return problem(
      410,
      "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046",
    );
  if (request.path.startsWith("/rest/agile/1.0/")) return (await import("./jira/agile.ts")).answerAgile(request, world);
  if (request.path.startsWith("/rest/api/3/")) return (await import("./jira/platform.ts")).answerPlatform(request, world);
  return problem(404, "null for uri: this address is not known here.");
}
