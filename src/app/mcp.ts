import type { McpCall, McpWorld } from "../mcp/index.ts";
import { ownRecords } from "../mcp/own-records.ts";
import { type Running, renderPng } from "./context.ts";

/** What the MCP server gets of the house, over HTTP and over a pipe. */
export function mcpWorld(running: Running): McpWorld {
  const { tools, toolContext, version, now, turnMs, library, store, onFault } = running;
  return {
    tools,
    toolContext,
    skills: () => library.skills.list(),
    resources: ownRecords(store.records, store.conversations),
    renderPng: (spec) => renderPng(spec),
    version,
    now,
    callMs: turnMs,
    onCall: (call) => note(call, running),
    onFault,
  };
}

async function note({ kind, name, user, input, outcome, ms }: McpCall, { store, log, onFault }: Running): Promise<void> {
  log.info("mcp call", { kind, name, user, outcome, ms });
  const detail = { door: "mcp", kind, input, outcome };
  await store.audit.append({ actor: user, action: "run", target: name, detail }).catch(onFault);
}
