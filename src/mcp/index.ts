import type { HttpRequest, Route } from "../core/http.ts";
import { unauthorized } from "../identity/access.ts";
import type { McpHttp } from "./http.ts";
import { checkOrigin } from "./origin.ts";
import type { McpDoor } from "./world.ts";

export type { McpCall, McpDoor, McpResource, McpWorld, ResourceParameter, Skill } from "./world.ts";

const PATH = "/mcp";

/** The MCP server behind the one port. Its library is loaded with the first request. Always takes a key, also on one's own machine. */
export function mcpRoutes(door: McpDoor): Route[] {
  let http: Promise<McpHttp> | undefined;
  const load = () => {
    http ??= import("./http.ts").then(({ createMcpHttp }) => createMcpHttp(door));
    return http;
  };
  async function handle(request: HttpRequest) {
    checkOrigin(request.headers, door);
    // Any program on the machine could speak for the key-less viewer, and an agent's tools should know who they work for.
    const user = request.headers.authorization === undefined ? undefined : await door.authenticate(request.raw.request);
    if (!user) throw unauthorized("MCP needs a key.");
    return (await load())(request, user);
  }
  return [
    {
      method: "POST",
      path: PATH,
      access: "own",
      docs: {
        summary: "MCP over streamable HTTP: JSON-RPC of the revisions 2026-07-28 and 2025; needs a key",
        tag: "mcp",
        body: { type: "object", required: ["jsonrpc", "method"], properties: { jsonrpc: { const: "2.0" }, method: { type: "string" } } },
        responseType: "application/json",
      },
      handle,
    },
    { method: "GET", path: PATH, access: "own", handle },
    { method: "DELETE", path: PATH, access: "own", handle },
  ];
}
