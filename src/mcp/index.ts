import type { HttpRequest, Route } from "../core/http.ts";
import type { User } from "../core/message.ts";
import type { IssuedTokens } from "../identity/issued-token.ts";
import type { McpHttp } from "./http.ts";
import { checkOrigin } from "./origin.ts";
import type { McpDoor } from "./world.ts";

export type { McpCall, McpDoor, McpResource, McpWorld, ResourceParameter, Skill } from "./world.ts";

const PATH = "/mcp";
const METADATA = ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"];
/** Any program on the machine could speak for the key-less viewer, and an agent's tools should know who they work for. */
const KEY = { access: "viewer", keyed: true, projectKeys: true } as const;

/** The MCP server behind the one port. Its library is loaded with the first request. Always takes a key, also on one's own machine. */
export function mcpRoutes(door: McpDoor): Route[] {
  let http: Promise<McpHttp> | undefined;
  const load = () => {
    http ??= import("./http.ts").then(({ createMcpHttp }) => createMcpHttp(door));
    return http;
  };
  async function handle(request: HttpRequest) {
    checkOrigin(request.headers, door);
    return (await load())(request, request.user as User);
  }
  const { issued } = door;
  const auth = { ...KEY, ...(issued ? { issued } : {}) };
  return [
    ...(issued ? METADATA.map((path) => metadataRoute(path, issued)) : []),
    {
      method: "POST",
      path: PATH,
      ...auth,
      docs: {
        summary: "MCP over streamable HTTP: JSON-RPC of the revisions 2026-07-28 and 2025; needs a key",
        tag: "mcp",
        body: { type: "object", required: ["jsonrpc", "method"], properties: { jsonrpc: { const: "2.0" }, method: { type: "string" } } },
        responseType: "application/json",
      },
      handle,
    },
    { method: "GET", path: PATH, ...auth, handle },
    { method: "DELETE", path: PATH, ...auth, handle },
  ];
}

/** Where clients learn who issues tokens for us (RFC 9728). Without an issuer there is no such document: keys are ours. */
function metadataRoute(path: string, { metadata }: IssuedTokens): Route {
  return {
    ...{ method: "GET", path, access: "open" },
    docs: { summary: "Who issues tokens for the MCP server; there with OIDC_ISSUER", tag: "mcp", responseType: "application/json" },
    handle: async () => ({ status: 200, headers: { "content-type": "application/json" }, raw: JSON.stringify(metadata) }),
  };
}
