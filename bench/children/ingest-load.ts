import { connect, type Socket } from "node:net";
import { percentile } from "../statistics.ts";

/**
 * Load on a server of events, from a process of its own. Closed: each connection sends its next request when the last was answered, as
 * fast as it goes. Open (with `rate`): requests are due at fixed times whatever becomes of those before, and each is timed from when it
 * was due, so that a server that stands still is charged for all who wait meanwhile. Prints what it saw as JSON.
 */
export interface LoadAsked {
  url: string;
  /** Lines of the request's head, each with its end. */
  headers: string;
  method: "GET" | "POST";
  path: string;
  /** The status each answer must have. */
  status: number;
  requests: number;
  /** Events in each; with GET none. */
  size: number;
  connections: number;
  /** Requests a second, of an open load. */
  rate?: number;
  /** What makes the ids of these events their own. */
  name: string;
}

/** Milliseconds of all requests together, and of one. */
export interface LoadSeen {
  total: number;
  p50: number;
  p99: number;
  longest: number;
}

const asked = JSON.parse(process.argv[2] ?? "") as LoadAsked;
const texts = Array.from({ length: asked.requests }, (_, i) => requestText(i));
const each: number[] = [];
let sent = 0;

const idle = await Promise.all(Array.from({ length: asked.connections }, openConnection));
const started = performance.now();
await (asked.rate === undefined ? runClosed() : runOpen(1_000 / asked.rate));
const total = performance.now() - started;
for (const { socket } of idle) socket.destroy();
const [p50, p99, longest] = [0.5, 0.99, 1].map((p) => percentile(each, p));
process.stdout.write(JSON.stringify({ total, p50, p99, longest }));

interface Connection {
  socket: Socket;
  /** When its request was sent, or due. */
  begun: number;
  /** Called when the answer is whole. */
  answered(): void;
}

async function runClosed(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const connection of idle) {
      connection.answered = () => {
        if (each.length === asked.requests) resolve();
        else if (sent < asked.requests) send(connection, performance.now());
      };
      if (sent < asked.requests) send(connection, performance.now());
    }
  });
}

async function runOpen(step: number): Promise<void> {
  const free = [...idle];
  await new Promise<void>((resolve) => {
    const sendDue = () => {
      while (sent < asked.requests && started + sent * step <= performance.now()) {
        const connection = free.pop();
        if (!connection) return;
        send(connection, started + sent * step);
      }
    };
    for (const connection of idle)
      connection.answered = () => {
        free.push(connection);
        if (each.length === asked.requests) resolve();
        sendDue();
      };
    const tick = () => {
      sendDue();
      if (sent < asked.requests) setTimeout(tick, 1);
    };
    tick();
  });
}

function send(connection: Connection, begun: number): void {
  connection.begun = begun;
  connection.socket.write(texts[sent++] ?? "");
}

function openConnection(): Promise<Connection> {
  const { hostname, port } = new URL(asked.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: hostname, noDelay: true });
    const connection: Connection = { socket, begun: 0, answered() {} };
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const head = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (head < 0 || text.length < head + 4 + length) return;
      if (!text.startsWith(`HTTP/1.1 ${asked.status}`)) throw new Error(`an unexpected answer: ${text.slice(0, 300)}`);
      text = "";
      each.push(performance.now() - connection.begun);
      connection.answered();
    });
    socket.on("error", reject).on("connect", () => resolve(connection));
  });
}

function requestText(request: number): string {
  const { method, path, headers, size, name } = asked;
  const body = size === 0 ? "" : JSON.stringify({ events: eventsOf(`${name}-${request}`, size) });
  const content = size === 0 ? "" : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\n${headers}${content}\r\n${body}`;
}

/** About a kilobyte each. */
function eventsOf(name: string, count: number): object[] {
  const timestamp = new Date().toISOString();
  return Array.from({ length: count }, (_, i) => ({
    ...{ id: `${name}-${i}`, timestamp, type: "response", responseTimeMs: 100 + i, tokens: { input: 900, output: 100 } },
    ...{ model: "claude-opus-5-5", userId: `u${i % 50}`, metadata: { region: "eu", note: "the order was found and refunded ".repeat(21) } },
  }));
}
