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
  // Listeners, since an iterator over the request costs as much as all the rest of a small one.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) settle(() => reject(tooLarge(limit)));
      else chunks.push(chunk);
    };
    const end = () => settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    const fail = (error: Error) => settle(() => reject(error));
    const close = () => settle(() => reject(new Error("The caller hung up while sending.")));
    // The connection outlives a refusal: there is an answer to send on it.
    const settle = (how: () => void) => {
      request.off("data", take).off("end", end).off("error", fail).off("close", close);
      how();
    };
    request.on("data", take).on("end", end).on("error", fail).on("close", close);
    if (request.destroyed) close();
  });
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
