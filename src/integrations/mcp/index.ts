import { z } from "zod";
import { type CheckResult, type ConnectContext, defineIntegration } from "../../core/integration.ts";
import { listWords } from "../../core/text.ts";
import type { Tool } from "../../core/tool.ts";
import { untilAborted } from "../../core/until-aborted.ts";
import { explainError } from "../../errors.ts";
import { ExternalServer } from "./external-server.ts";
import { nameOf, onlyReads, toTool } from "./external-tool.ts";
import { parseServers } from "./schema.ts";

const MOST_TOOLS = 50;
/** Everybody waits so long for a server, once; it has longer to start. */
const WAIT_MS = 6_000;
const START_MS = 36_000;

/** Other people's MCP servers as tools: those that only read, and those that are allowed, which wait for approval. */
export const mcp = defineIntegration({
  name: "mcp",
  title: "External MCP servers",
  topics: ["MCP servers"],
  kinds: [],
  settings: z.object({
    MCP_SERVERS: z
      .string()
      .transform((value, context) => parseServers(value, (message) => context.addIssue({ code: "custom", message })))
      .describe(
        "External MCP servers as JSON, or as “mcpServers” in firstmate.yaml: {name: {command, args, env} or {url, headers}, allow: [tools that do not only read]}.",
      )
      .meta({ secret: true }),
  }),
  requires: ["MCP_SERVERS"],

  async connect({ MCP_SERVERS }, context) {
    const servers = Object.entries(MCP_SERVERS).map(([name, settings]) => new ExternalServer(name, settings, context));
    const asked = new Map<ExternalServer, Promise<readonly Tool[]>>();
    const known = new Map<ExternalServer, readonly Tool[]>();
    const ask = (server: ExternalServer) => {
      const asking = asked.get(server) ?? discover(server, AbortSignal.timeout(START_MS), context);
      asked.set(server, asking);
      // Who did not answer is asked again the next time; the server itself says when.
      return asking.then(
        (tools) => void known.set(server, tools),
        () => void asked.delete(server),
      );
    };
    const missing = () => servers.filter((server) => !known.has(server));
    let waited = false;
    return {
      tools: [],
      feeds: [],
      async lateTools() {
        const all = Promise.all(missing().map(ask)).then(() => {});
        if (!waited) await untilAborted(all, AbortSignal.timeout(WAIT_MS)).catch(() => {});
        waited = true;
        return servers.flatMap((server) => known.get(server) ?? []);
      },
      lateFrom: () => missing().map(({ title }) => title),
      check: (signal) => Promise.all(servers.map((server) => check(server, AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)])))),
      async close() {
        await Promise.all(servers.map((server) => server.close()));
      },
    };
  },
});

async function discover(server: ExternalServer, signal: AbortSignal, { now }: ConnectContext): Promise<readonly Tool[]> {
  const tools = new Map<string, Tool>();
  for (const remote of (await server.list(signal)).slice(0, MOST_TOOLS)) {
    const name = nameOf(server.name, remote.name);
    const usable = onlyReads(remote) || server.settings.allow.includes(remote.name);
    // Of two names that come to the same, the first stays: nobody takes another's place.
    if (usable && name && !tools.has(name)) tools.set(name, toTool(server, name, remote, now));
  }
  return [...tools.values()];
}

async function check(server: ExternalServer, signal: AbortSignal): Promise<CheckResult> {
  const { title: name } = server;
  try {
    const all = await server.list(signal);
    const closed = all.filter((tool) => !onlyReads(tool) && !server.settings.allow.includes(tool.name));
    const unknown = server.settings.allow.filter((allowed) => !all.some((tool) => tool.name === allowed));
    const open = all.slice(0, MOST_TOOLS).filter((tool) => !closed.includes(tool)).length;
    const beyond = all.length > MOST_TOOLS ? `; no more than the first ${MOST_TOOLS} of a server are taken` : "";
    const left = closed.length
      ? `; left out, since they do not say that they only read: ${listWords(closed.map((t) => t.name.slice(0, 40)))}`
      : "";
    const message = `${open} of ${all.length} tools in use${beyond}${left}`;
    if (unknown.length)
      return {
        name,
        state: "warning",
        message: `It has no tool ${listWords(unknown)}`,
        fix: "Correct “allow” of this server in MCP_SERVERS or firstmate.yaml.",
      };
    if (open === 0)
      return { name, state: "warning", message, fix: "Name the tools to use under “allow” of this server; they then wait for approval." };
    return { name, state: "ok", message };
  } catch (error) {
    const fix =
      "command" in server.settings
        ? "Start its command by hand to see what is wrong, then correct MCP_SERVERS or firstmate.yaml."
        : "Check its url and headers in MCP_SERVERS or firstmate.yaml, and that it runs.";
    return { name, state: "failed", message: explainError(error), fix };
  }
}
