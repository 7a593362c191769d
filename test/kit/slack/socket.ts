import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { IDS } from "./sample.ts";
import { type Fields, fieldsOf, stringOf } from "./shapes.ts";

/** Socket Mode: connections, envelopes and their acknowledgements. */
export interface SocketHub {
  /** A single-use address. */
  issueUrl(origin: string): string;
  /** Connections that have had their hello. */
  readonly open: number;
  /** How many connections there ever were. */
  readonly opened: number;
  /** Resolves when at least `count` connections are open, or ever were with `ever`. */
  connected(count?: number, options?: { ever?: boolean }): Promise<void>;
  /** Sends on the next connection in turn; waits for one when there is none. Resolves on the acknowledgement. */
  deliver(type: string, payload: Fields, retry?: { attempt: number; reason: string }): Promise<Fields>;
  /** Sends all unacknowledged envelopes again, under new ids, as Slack does after some seconds of silence. */
  redeliver(reason?: string): void;
  readonly unacknowledged: number;
  /** Slack's polite farewell, to all connections; the client closes and comes back. */
  disconnect(reason?: "warning" | "refresh_requested" | "link_disabled"): void;
  /** Cuts all connections without a word. Unacknowledged envelopes go to the next connection. */
  drop(): void;
  close(): void;
}

interface Pending {
  type: string;
  payload: Fields;
  attempt: number;
  reason: string;
  done: (ack: Fields) => void;
  /** Sent on this one; undefined while it waits for a connection. */
  via: WebSocket | undefined;
}

const PING_MS = 10_000;

export function createSocketHub(server: Server, complain: (rule: string) => void): SocketHub {
  const wss = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const live: WebSocket[] = [];
  const pending = new Map<string, Pending>();
  const acknowledged = new Set<string>();
  /** Ids that were sent again under another. */
  const overtaken = new Set<string>();
  const waiters: { enough: () => boolean; go: () => void }[] = [];
  let opened = 0;
  let sent = 0;
  let ids = 0;

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const ticket = new URL(request.url ?? "/", "http://fake").searchParams.get("ticket") ?? "";
    if (!tickets.delete(ticket)) {
      complain("a socket connection with a used or unknown ticket");
      socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      return;
    }
    wss.handleUpgrade(request, socket, head, welcome);
  });

  const pings = setInterval(() => {
    for (const ws of live) ws.ping();
  }, PING_MS);
  pings.unref();

  function welcome(ws: WebSocket): void {
    ws.on("message", (data) => receive(String(data)));
    ws.on("close", () => leave(ws));
    ws.on("error", () => undefined);
    live.push(ws);
    opened += 1;
    ws.ping();
    ws.send(
      JSON.stringify({
        type: "hello",
        num_connections: live.length,
        debug_info: { host: "fake", build_number: 1, approximate_connection_time: 18060 },
        connection_info: { app_id: IDS.app },
      }),
    );
    for (const [id, entry] of pending) if (!entry.via) transmit(id, entry);
    for (const waiter of waiters) if (waiter.enough()) waiter.go();
  }

  function leave(ws: WebSocket): void {
    const index = live.indexOf(ws);
    if (index >= 0) live.splice(index, 1);
    for (const [id, entry] of [...pending]) if (entry.via === ws) again(id, entry, "timeout");
  }

  function receive(text: string): void {
    let message: Fields = {};
    try {
      message = fieldsOf(JSON.parse(text));
    } catch {
      complain("a socket message that is no JSON");
      return;
    }
    const id = stringOf(message.envelope_id);
    const entry = pending.get(id);
    if (entry) {
      pending.delete(id);
      acknowledged.add(id);
      entry.done(fieldsOf(message.payload));
    } else if (acknowledged.has(id)) complain(`envelope ${id} acknowledged twice`);
    else if (!overtaken.has(id)) complain(`an acknowledgement of the unknown envelope ${id || "(none)"}`);
  }

  function transmit(id: string, entry: Pending): void {
    const ready = live.filter((candidate) => candidate.readyState === WebSocket.OPEN);
    const ws = ready[sent % ready.length];
    entry.via = ws;
    if (!ws) return;
    sent += 1;
    const retry = entry.type === "events_api" ? { retry_attempt: entry.attempt, retry_reason: entry.reason } : {};
    ws.send(
      JSON.stringify({
        envelope_id: id,
        type: entry.type,
        accepts_response_payload: entry.type !== "events_api",
        ...retry,
        payload: entry.payload,
      }),
    );
  }

  /** A late acknowledgement of the old id is no fault: the app cannot know. */
  function again(id: string, entry: Pending, reason: string): void {
    pending.delete(id);
    overtaken.add(id);
    enqueue({ ...entry, attempt: entry.attempt + 1, reason, via: undefined });
  }

  function enqueue(entry: Pending): void {
    ids += 1;
    const id = `envelope-${ids}`;
    pending.set(id, entry);
    transmit(id, entry);
  }

  return {
    issueUrl(origin) {
      ids += 1;
      const ticket = `ticket-${ids}`;
      tickets.add(ticket);
      return `${origin.replace("http", "ws")}/link/?ticket=${ticket}&app_id=${IDS.app}`;
    },
    get open() {
      return live.length;
    },
    get opened() {
      return opened;
    },
    get unacknowledged() {
      return pending.size;
    },
    connected(count = 1, { ever = false } = {}) {
      const enough = () => (ever ? opened : live.length) >= count;
      return enough() ? Promise.resolve() : new Promise((go) => void waiters.push({ enough, go }));
    },
    deliver: (type, payload, retry = { attempt: 0, reason: "" }) =>
      new Promise((done) => enqueue({ type, payload, ...retry, done, via: undefined })),
    redeliver(reason = "timeout") {
      for (const [id, entry] of [...pending]) again(id, entry, reason);
    },
    disconnect(reason = "refresh_requested") {
      for (const ws of live) ws.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "fake" } }));
    },
    drop() {
      for (const ws of [...live]) ws.terminate();
    },
    close() {
      clearInterval(pings);
      for (const ws of [...live]) ws.terminate();
      wss.close();
    },
  };
}
