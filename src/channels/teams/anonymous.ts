import type { IncomingMessage } from "node:http";

const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/** Without tokens only a tool on this machine may speak: its address, the address it names for answers, and no page of another site. */
export function isLocalTool(request: IncomingMessage, serviceUrl: string): boolean {
  const { origin, host = "" } = request.headers;
  if (!isLoopback(request.socket.remoteAddress ?? "") || FORWARDED.some((name) => request.headers[name] !== undefined)) return false;
  // A name that leads here from elsewhere makes any page "same origin".
  if (!isLoopback(hostOf(`http://${host}`))) return false;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  return isLoopback(hostOf(serviceUrl));
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";
}

function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address);
}
