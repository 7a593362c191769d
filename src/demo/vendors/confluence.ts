import type { SimulatedRequest, SimulatedResponse, Simulator } from "../simulator.ts";
import type { World } from "../world/index.ts";

const EMAIL = "firstmate@harbourline.example";
const TOKEN = "demo-confluence-token";

/** Confluence Cloud as the company uses it: search by CQL (version 1), pages and spaces (version 2). */
export const confluence: Simulator = {
  name: "confluence",
  settings: (baseUrl) => ({ CONFLUENCE_URL: baseUrl, CONFLUENCE_EMAIL: EMAIL, CONFLUENCE_TOKEN: TOKEN }),

  async handle(request, world) {
    return isKnown(request.headers.authorization) ? route(request, world) : refused();
  },
};

function isKnown(authorization = ""): boolean {
  const [scheme = "", encoded = ""] = authorization.split(" ");
  return scheme.toLowerCase() === "basic" && Buffer.from(encoded, "base64").toString("utf8") === `${EMAIL}:${TOKEN}`;
}

function refused(): SimulatedResponse {
  return {
    status: 401,
    headers: { "www-authenticate": 'OAuth realm="https%3A%2F%2Fwiki.example"', "x-seraph-loginreason": "AUTHENTICATED_FAILED" },
    body: { code: 401, message: "Unauthorized; scope does not match" },
  };
}

async function route(request: SimulatedRequest, world: World): Promise<SimulatedResponse> {
  const { method, path } = request;
  if (method === "GET" && path.startsWith("/wiki/rest/api/")) return (await import("./confluence/v1.ts")).answerV1(request, world);
  if (method === "GET" && path.startsWith("/wiki/api/v2/")) return (await import("./confluence/v2.ts")).answerV2(request, world);
  return { status: 404, body: { statusCode: 404, message: "null for uri: this address is not known here." } };
}
