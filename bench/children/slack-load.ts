import { connect } from "node:net";
import { text } from "node:stream/consumers";

/**
 * Requests sent at once, each over a connection of its own that is open already, from a process of its own: what it costs to make
 * and sign them must not count as time to answer them. Reads them as JSON, prints what each was answered and how long that took.
 */
export interface Delivered {
  /** 0 when the connection ended without an answer. */
  status: number;
  /** Milliseconds from the writing of the request to the first byte of the answer. */
  ms: number;
}

const asked = JSON.parse(await text(process.stdin)) as { port: number; requests: string[] };
const sockets = await Promise.all(
  asked.requests.map(() => {
    const socket = connect(asked.port, "127.0.0.1").setNoDelay();
    return new Promise<typeof socket>((resolve, reject) => socket.once("connect", () => resolve(socket)).once("error", reject));
  }),
);
const bodies = asked.requests.map((request) => Buffer.from(request));
const delivered = sockets.map((socket, i) => {
  const begun = performance.now();
  socket.write(bodies[i] ?? "");
  return new Promise<Delivered>((resolve) => {
    const end = (status: number) => {
      resolve({ status, ms: performance.now() - begun });
      socket.destroy();
    };
    socket.once("data", (answer: Buffer) => end(Number(answer.toString("latin1").slice(9, 12)))).once("close", () => end(0));
  });
});
process.stdout.write(JSON.stringify(await Promise.all(delivered)));
