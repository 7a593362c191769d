import type { IncomingHttpHeaders } from "node:http";
import { HttpError } from "../core/http.ts";
import { isLoopback } from "../identity/access.ts";

/**
 * Against pages in somebody's browser: a page of another site sends its own Origin, and one whose name was turned to our address
 * (DNS rebinding) sends its own Host. Throws HttpError 403.
 */
export function checkOrigin(headers: IncomingHttpHeaders, { host, publicUrl }: { host: string; publicUrl: string | undefined }): void {
  const asked = headers.host ?? "";
  const known = publicUrl === undefined ? undefined : new URL(publicUrl);
  if (isLoopback(host) && !known && !isLoopback(nameOf(asked)))
    throw new HttpError(403, `This server does not answer as “${asked.slice(0, 100)}”. Set PUBLIC_URL if it is reached by that name.`);
  const { origin } = headers;
  if (origin === undefined || origin === known?.origin || origin === `http://${asked}` || origin === `https://${asked}`) return;
  throw new HttpError(403, "Requests from other sites are not answered here.");
}

function nameOf(host: string): string {
  return (/^\[([^\]]+)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d+$/, "")).toLowerCase();
}
