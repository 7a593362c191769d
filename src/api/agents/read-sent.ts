import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { HttpError } from "../../core/http.ts";
import { readBytes, tooLarge } from "../read-body.ts";

/** What machines send in bulk: bytes that may be compressed with gzip. At most `limit` bytes, sent and unpacked. */
export async function readSent(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") throw new HttpError(415, "Send the body plain or with “Content-Encoding: gzip”.");
  const sent = await readBytes(request, limit);
  return encoding === "gzip" ? unpack(sent, limit) : sent;
}

async function unpack(packed: Buffer, limit: number): Promise<Buffer> {
  const { gunzip } = await import("node:zlib");
  try {
    return await promisify(gunzip)(packed, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limit);
    throw new HttpError(400, "The body is not whole or is not gzip. Send it again.");
  }
}

export function mediaType(header: string | undefined): string {
  return header?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
