import type { IncomingMessage } from "node:http";

/** Without tokens only a tool on this machine may speak: its address, the address it names for answers, and no page of another site. */
export function isLocalTool(request: IncomingMessage, body: { serviceUrl?: unknown } | null): boolean {
  const { origin, host } = request.headers;
  if (!isLoopback(request.socket.remoteAddress ?? "")) return false;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  if (body?.serviceUrl === undefined) return true;
  try {
    return isLoopback(new URL(String(body.serviceUrl)).hostname.replace(/^\[|\]$/g, ""));
  } catch {
    return false;
  }
}

function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address);
}
