import type { McpWorld } from "../mcp/index.ts";
import { type Running, renderPng } from "./context.ts";

/** What the MCP server gets of the house, over HTTP and over a pipe. */
export function mcpWorld({ tools, toolContext, version, now, turnMs, log, onFault }: Running): McpWorld {
  return {
    tools,
    toolContext,
    skills: async () => [],
    renderPng: (spec) => renderPng(spec),
    version,
    now,
    callMs: turnMs,
    onCall: (call) => log.info("mcp call", { ...call }),
    onFault,
  };
}
