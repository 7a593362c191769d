import type { IncomingMessage } from "node:http";
import { formatNumber } from "../core/format.ts";
import { HttpError } from "../core/http.ts";

/** The whole body. Throws HttpError 413 as soon as it is known to be larger than `limit` bytes, 415 for a compressed one. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (request.method === "GET" || request.method === "HEAD") return Buffer.alloc(0);
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") throw new HttpError(415, "Send the body without compression.");
  return readBytes(request, limit);
}

/** The body as it was sent, compressed or not. Throws HttpError 413. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  // The connection outlives a refusal: there is an answer to send on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function tooLarge(limit: number): HttpError {
  return new HttpError(413, `The body is larger than ${formatNumber(limit)} bytes.`);
}

const SWALLOWED = 16 * 1024 * 1024;

/**
 * Reads what is left of a refused body and keeps nothing: most clients read no answer before they have sent everything.
 * Hangs up on one that sends very much.
 */
export function discardBody(request: IncomingMessage): void {
  if (request.complete) return;
  let left = SWALLOWED;
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.on("error", () => {
    // The client hung up: there is nobody left to answer.
  });
  request.resume();
}
