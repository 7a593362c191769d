import { PassThrough, type Readable, type Writable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { User } from "../core/message.ts";
import { CallsUnderWay } from "./calls.ts";
import { createMcpServer } from "./server.ts";
import type { McpWorld } from "./world.ts";

/** Speaks MCP over a pipe until it is closed or `stop` aborts. Calls that came before the end of the input are answered. */
export async function serveMcpOverStdio(
  world: McpWorld,
  user: User,
  pipe: { in: Readable; out: Writable },
  stop: AbortSignal,
): Promise<void> {
  // The transport drops what is under way when its input ends, so it never sees that end.
  const input = new PassThrough();
  const underWay = new CallsUnderWay();
  const ended = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) pipe.in.once(event, () => resolve());
    if (stop.aborted) resolve();
    stop.addEventListener("abort", () => resolve(), { once: true });
  });
  pipe.in.pipe(input, { end: false });
  const transport = new StdioServerTransport(input, pipe.out);
  const handle = serveStdio(() => createMcpServer(world, user, underWay), {
    transport,
    onerror: world.onFault,
  });
  await ended;
  // Messages that came with the end have yet to be read.
  await new Promise((resolve) => setImmediate(resolve));
  if (!stop.aborted) await underWay.settled();
  await new Promise((resolve) => setImmediate(resolve));
  await handle.close();
}
