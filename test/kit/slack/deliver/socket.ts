import type { SocketHub } from "../socket.ts";
import type { Gesture } from "./gesture.ts";
import { type Ack, withoutPaths } from "./http.ts";

/** Deliveries over the socket, and the connection's own life. */
export interface SocketSender extends Omit<SocketHub, "issueUrl" | "deliver" | "close"> {
  /** Resolves on the acknowledgement: status 200, the payload as JSON. Never resolves while nobody acknowledges; see `redeliver`. */
  send(gesture: Gesture, options?: { retry?: { num: number; reason: string }; without?: readonly string[] }): Promise<Ack>;
  sendAll(gestures: readonly Gesture[], order: "forward" | "backward" | "together"): Promise<Ack[]>;
}

export function socketSender(hub: SocketHub, onAck: (gesture: Gesture, body: string) => void): SocketSender {
  async function send(
    gesture: Gesture,
    { retry, without = [] }: { retry?: { num: number; reason: string }; without?: readonly string[] } = {},
  ): Promise<Ack> {
    if (gesture.type === "handshake") throw new Error("Slack makes its handshakes over HTTP only");
    const started = performance.now();
    const payload = withoutPaths(gesture.payload, without);
    const answer = await hub.deliver(gesture.type, payload, retry ? { attempt: retry.num, reason: retry.reason } : undefined);
    const body = JSON.stringify(answer);
    onAck(gesture, body);
    return {
      status: 200,
      body,
      ms: performance.now() - started,
      headers: {},
      sent: { body: Buffer.from(JSON.stringify(payload)), headers: {} },
    };
  }

  return {
    send,
    async sendAll(gestures, order) {
      if (order === "together") return Promise.all(gestures.map((gesture) => send(gesture)));
      const acks = new Map<Gesture, Ack>();
      for (const gesture of order === "forward" ? gestures : [...gestures].reverse()) acks.set(gesture, await send(gesture));
      return gestures.flatMap((gesture) => acks.get(gesture) ?? []);
    },
    get open() {
      return hub.open;
    },
    get opened() {
      return hub.opened;
    },
    get unacknowledged() {
      return hub.unacknowledged;
    },
    connected: hub.connected,
    redeliver: hub.redeliver,
    disconnect: hub.disconnect,
    drop: hub.drop,
  };
}
