import type { IncomingMessage } from "node:http";
import { HttpError } from "../core/http.ts";
import type { Role, User } from "../core/message.ts";

/** Who may knock over HTTP. One place for every door. */
export interface AccessOptions {
  /** The address the server is bound to. */
  host: string;
  publicUrl: string | undefined;
  production: boolean;
  timeZone: string;
  verifyKey(secret: string): Promise<{ id: string; name: string; role: Role; agent?: string } | null>;
}

/** What proxies, tunnels and content networks add on the way. */
const FORWARDED =
  /^(?:forwarded|via|x-forwarded(?:-.+)?|x-real-ip|x-original-.+|x-client-ip|x-cluster-client-ip|x-envoy-.+|x-amzn-trace-id|true-client-ip|cf-.+|fly-.+|fastly-.+)$/;

/** The user behind a request; undefined when nobody is known. Throws HttpError 401 for a key that is wrong, expired or revoked. */
export async function authenticate(request: IncomingMessage, options: AccessOptions): Promise<User | undefined> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const secret = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
    const key = secret ? await options.verifyKey(secret) : null;
    if (!key) throw unauthorized("This key is not valid: it is unknown, expired or revoked.");
    const rights = key.agent === undefined ? { roles: [key.role] } : { roles: [], agent: key.agent };
    return { id: `key:${key.id}`, name: key.name, timeZone: options.timeZone, ...rights };
  }
  return isLocalViewer(request, options)
    ? { id: LOCAL_VIEWER, name: "local viewer", timeZone: options.timeZone, roles: ["viewer"] }
    : undefined;
}

const LOCAL_VIEWER = "local:viewer";

/** Let in without a key, for being on this machine. */
export function isKeyless({ id }: User): boolean {
  return id === LOCAL_VIEWER;
}

export function unauthorized(message: string): HttpError {
  return new HttpError(401, `${message} Create one with \`firstmate key create --role viewer\` and send it as “Authorization: Bearer …”.`, {
    headers: { "www-authenticate": "Bearer" },
  });
}

/**
 * The key-less viewer on one's own machine: everything about the request must be loopback, and nothing may hint at a proxy, another
 * site or a deployment. The Host check defeats DNS rebinding, the Origin and content-type checks other pages in the same browser.
 */
export function isLocalViewer(request: IncomingMessage, options: Pick<AccessOptions, "host" | "publicUrl" | "production">): boolean {
  const { headers } = request;
  if (options.production || options.publicUrl !== undefined) return false;
  if (!isLoopback(options.host) || !isLoopback(request.socket.remoteAddress ?? "")) return false;
  if (!isLoopback(hostName(headers.host ?? ""))) return false;
  if (Object.keys(headers).some((name) => FORWARDED.test(name))) return false;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return false;
  if (headers["sec-fetch-site"] !== undefined && !["same-origin", "none"].includes(String(headers["sec-fetch-site"]))) return false;
  return request.method === "GET" || request.method === "HEAD" || /^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "");
}

export function isLoopback(address: string): boolean {
  return (
    address === "localhost" || address === "::1" || /^127(?:\.\d{1,3}){3}$/.test(address) || /^::ffff:127(?:\.\d{1,3}){3}$/.test(address)
  );
}

function hostName(host: string): string {
  return (/^\[([^\]]+)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d+$/, "")).toLowerCase();
}
