import type { IncomingMessage } from "node:http";
import { formatNumber } from "../core/format.ts";
import { HttpError } from "../core/http.ts";

/** The whole body. Throws HttpError 413 as soon as it is known to be larger than `limit` bytes; the rest is not read. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (request.method === "GET" || request.method === "HEAD") return Buffer.alloc(0);
  if (request.headers["content-encoding"] !== undefined && request.headers["content-encoding"] !== "identity")
    throw new HttpError(415, "Send the body without compression.");
  if (Number(request.headers["content-length"] ?? 0) > limit) throw await tooLarge(request, limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw await tooLarge(request, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const SWALLOWED = 16 * 1024 * 1024;

/** Reads on for a while without keeping anything: a client that is still sending would miss the answer otherwise. */
async function tooLarge(request: IncomingMessage, limit: number): Promise<HttpError> {
  let left = SWALLOWED;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      left -= chunk.length;
      if (left < 0) break;
    }
  } catch {
    // The client hung up: there is nobody left to answer.
  }
  return new HttpError(413, `The body is larger than ${formatNumber(limit)} bytes.`);
}
