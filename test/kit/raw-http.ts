import { connect, type Socket } from "node:net";

/** Bytes over a bare connection: for requests that no client would send. */
export interface RawConnection {
  socket: Socket;
  send(text: string): void;
  /** All that has come when the other end hangs up, or when `enough` is content. */
  received(enough?: (text: string) => boolean): Promise<string>;
}

export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  let ended = false;
  const waiting = new Set<() => void>();
  const look = () => {
    for (const one of waiting) one();
  };
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    look();
  });
  const end = () => {
    ended = true;
    look();
  };
  socket.on("close", end).on("end", end).on("error", end);
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return {
    socket,
    send: (more) => void socket.write(more),
    received: (enough = () => false) =>
      new Promise((resolve) => {
        const check = () => {
          if (ended || enough(text)) {
            waiting.delete(check);
            resolve(text);
          }
        };
        waiting.add(check);
        check();
      }),
  };
}

/** One request as it stands; the answer's status, headers and body. */
export async function sendRaw(port: number, request: string): Promise<{ status: number; head: string; body: string }> {
  const connection = await connectRaw(port);
  connection.send(request);
  const text = await connection.received(isWhole);
  connection.socket.destroy();
  const [head = "", body = ""] = text.split("\r\n\r\n", 2);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head: head.toLowerCase(), body };
}

/** A whole answer with its length told, or without a body. */
export function isWhole(text: string): boolean {
  const [head, body] = text.split("\r\n\r\n", 2);
  if (body === undefined) return false;
  const length = /content-length: (\d+)/i.exec(head ?? "")?.[1];
  return length === undefined ? /^HTTP\/1\.1 (?:304|204)/.test(text) : body.length >= Number(length);
}
