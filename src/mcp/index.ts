import type { HttpRequest, Route } from "../core/http.ts";
import type { User } from "../core/message.ts";
import type { McpHttp } from "./http.ts";
import { checkOrigin } from "./origin.ts";
import type { McpDoor } from "./world.ts";

export type { McpCall, McpDoor, McpResource, McpWorld, ResourceParameter, Skill } from "./world.ts";

const PATH = "/mcp";
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
  return [
    {
      method: "POST",
      path: PATH,
      ...KEY,
      docs: {
        summary: "MCP over streamable HTTP: JSON-RPC of the revisions 2026-07-28 and 2025; needs a key",
        tag: "mcp",
        body: { type: "object", required: ["jsonrpc", "method"], properties: { jsonrpc: { const: "2.0" }, method: { type: "string" } } },
        responseType: "application/json",
      },
      handle,
    },
    { method: "GET", path: PATH, ...KEY, handle },
    { method: "DELETE", path: PATH, ...KEY, handle },
  ];
}
