import { StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { ConnectContext } from "../../core/integration.ts";
import { createVendorHttp } from "../http.ts";
import type { ServerSettings } from "./schema.ts";

const MOST_BYTES = 5_000_000;
const CALL_MS = 29_000;

export interface Opened {
  transport: Transport;
  /** What the program wrote to its standard error last. */
  complaint(): string;
  close(): Promise<void>;
}

/** The way to a server. Nothing is started or asked before the client connects. */
export function openTransport(title: string, settings: ServerSettings, context: ConnectContext): Opened {
  return "command" in settings ? openProgram(settings) : openAddress(title, settings, context);
}

function openProgram({ command, args, env }: Extract<ServerSettings, { command: string }>): Opened {
  const transport = new StdioClientTransport({ command, args, env, stderr: "pipe", maxBufferSize: MOST_BYTES });
  let last = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    last = (last + chunk.toString("utf8")).slice(-1_000);
  });
  return { transport: transport as Transport, complaint: () => last, close: () => transport.close() };
}

function openAddress(title: string, { url, headers }: Extract<ServerSettings, { url: string }>, context: ConnectContext): Opened {
  const http = createVendorHttp({ vendor: title, baseUrl: url, context, maxBytes: MOST_BYTES, timeoutMs: CALL_MS });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    reconnectionOptions: { maxRetries: 0, initialReconnectionDelay: 1_000, maxReconnectionDelay: 1_000, reconnectionDelayGrowFactor: 1 },
    // The stream of a server's own messages is not listened to: answers come with their requests.
    fetch: async (address, init) =>
      init?.method === "GET" ? new Response(null, { status: 405 }) : http.fetch(address, { ...init, operation: "mcp" }),
  });
  return { transport: transport as Transport, complaint: () => "", close: () => http.close() };
}
