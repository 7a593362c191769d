import type { ServerResponse } from "node:http";
import type { HttpResponse } from "../core/http.ts";

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** Writes what a route answered. A stream is left where it is when the caller hangs up. */
export async function writeResponse(response: ServerResponse, result: HttpResponse): Promise<void> {
  if ("handled" in result) return;
  if ("stream" in result) await writeStream(response, result.status, result.headers, result.stream);
  else if ("raw" in result) send(response, result.status, result.headers, result.raw);
  else {
    const body = JSON.stringify({ data: result.data, meta: result.meta ?? {}, errors: [] });
    send(response, result.status, { "content-type": "application/json; charset=utf-8", ...result.headers }, body);
  }
}

/** The body of an answer to HEAD is left out by node; its length is told. */
export function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: Buffer | string): void {
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    ...(hasBody ? { "content-length": String(Buffer.byteLength(body)) } : {}),
    ...headers,
  });
  response.end(hasBody ? body : undefined);
}

async function writeStream(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  stream: AsyncIterable<string>,
): Promise<void> {
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers });
  response.flushHeaders();
  for await (const chunk of stream) {
    if (!response.destroyed && !response.write(chunk)) await drained(response);
    if (response.destroyed) return;
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    if (response.destroyed || !response.writableNeedDrain) return resolve();
    response.on("drain", done).on("close", done);
  });
}
