import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { z } from "zod";
import { type ServerOptions, startServer } from "../../src/api/server.ts";
import type { Feed } from "../../src/core/feed.ts";
import type { Role, User } from "../../src/core/message.ts";
import { defineTool, type Tool } from "../../src/core/tool.ts";
import { unauthorized } from "../../src/identity/access.ts";
import { createRateLimit } from "../../src/identity/rate-limit.ts";
import { type McpCall, type McpDoor, mcpRoutes } from "../../src/mcp/index.ts";
import { NOW } from "../tools/world.ts";

export const PNG = Buffer.from("iVBORw0KGgo=", "base64");

/** Keys are the names of roles: “Bearer viewer”. `viewer2` is another viewer. */
export const KEYS: Readonly<Record<string, Role>> = { viewer: "viewer", viewer2: "viewer", analyst: "analyst", admin: "admin" };

export interface Opened {
  url: string;
  calls: McpCall[];
  faults: unknown[];
  connect(key?: string, era?: "2025" | "2026"): Promise<Client>;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export type Given = Partial<McpDoor> & { feeds?: readonly Feed[]; perMinute?: number };

/** The MCP routes behind the real server, with these tools. */
export async function openMcp({ feeds = [], perMinute = 1_000, ...given }: Given = {}): Promise<Opened> {
  const calls: McpCall[] = [];
  const faults: unknown[] = [];
  let ids = 0;
  const tools = given.tools ?? [];
  const authenticate: ServerOptions["authenticate"] = async ({ headers }) => {
    if (headers.authorization === undefined) return userOf("local:viewer", "viewer");
    const role = KEYS[headers.authorization?.replace("Bearer ", "") ?? ""];
    if (!role) throw unauthorized("This key is not valid.");
    return userOf(headers.authorization ?? "", role);
  };
  const routes = mcpRoutes({
    tools,
    toolContext: (user, signal) => ({ user, audience: "direct", now: NOW, signal, tools, feeds }),
    skills: async () => [],
    renderPng: async () => PNG,
    version: "1.2.3",
    now: () => NOW,
    callMs: 60_000,
    onCall: async (call) => void calls.push(call),
    onFault: (error) => faults.push(error),
    rateLimit: createRateLimit(perMinute, () => NOW),
    newId: () => `id-${++ids}`,
    host: "127.0.0.1",
    publicUrl: undefined,
    ...given,
  });
  const door = await startServer(
    {
      routes,
      authenticate,
      bodyLimit: 100_000,
      drainMs: 5_000,
      newId: () => "id",
      correlate: (_, work) => work(),
      onFault: (error) => faults.push(error),
    },
    0,
    "127.0.0.1",
  );
  const clients: Client[] = [];
  const url = `${door.url}/mcp`;
  return {
    url,
    calls,
    faults,
    async connect(key = "viewer", era = "2026") {
      const client = await connectTo(url, key, era);
      clients.push(client);
      return client;
    },
    post: (body, headers = {}) =>
      fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          authorization: "Bearer viewer",
          ...headers,
        },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await door.close();
    },
  };
}

function userOf(id: string, role: Role): User {
  return { id, name: id, timeZone: "UTC", roles: [role] };
}

/** The official client, as a 2025 one or held to the revision of 2026. */
export async function connectTo(url: string, key: string, era: "2025" | "2026"): Promise<Client> {
  const mode = era === "2025" ? ("legacy" as const) : { pin: "2026-07-28" };
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  const headers = { authorization: `Bearer ${key}` };
  // The client's transport types its optional fields otherwise than exactOptionalPropertyTypes wants them.
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  return client;
}

/** What a JSON-RPC answer says, as JSON or as the one event of a stream. */
// biome-ignore lint/suspicious/noExplicitAny: answers are read by tests that check their shape
export async function answerIn(response: Response): Promise<any> {
  const text = await response.text();
  return JSON.parse(text.startsWith("{") || text.startsWith("[") ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? "null"));
}

export function simpleTool(name: string, change: Partial<Tool> = {}): Tool {
  return {
    ...defineTool({
      name,
      title: "Echo",
      description: "Says it again. Use it to hear yourself.",
      examples: ["say it"],
      effect: "read",
      role: "viewer",
      input: z.strictObject({ word: z.string().max(20).optional().describe("What to say.") }),
      run: async ({ word = "nothing" }) => ({
        content: `It said ${word}.`,
        data: { word },
        blocks: [{ type: "markdown", text: word }],
        receipts: [
          { id: "r1", source: "the wall", query: "echo", fetchedAt: NOW, status: "live", window: { from: "2026-11-01", to: "2026-11-20" } },
        ],
      }),
    }),
    ...change,
  } as unknown as Tool;
}
