import type { IncomingMessage } from "node:http";
import { HttpError, type Route } from "../core/http.ts";
import { hasRole, type User } from "../core/message.ts";
import type { VerifiedKey } from "../records/keys.ts";
import { checkOwnPage, readSessionCookie } from "./cookie.ts";

/** Who may knock over HTTP. One place for every door. */
export interface AccessOptions {
  /** The address the server is bound to. */
  host: string;
  publicUrl: string | undefined;
  production: boolean;
  timeZone: string;
  verifyKey(secret: string): Promise<VerifiedKey | null>;
  /** The user of an access token; null when it opens nothing. */
  userOfToken(token: string): Promise<User | null>;
  /** The user of a console session; null when nobody is signed in by it. */
  userOfCookie(secret: string): Promise<User | null>;
}

/** What proxies, tunnels and content networks add on the way. */
const FORWARDED =
  /^(?:forwarded|via|x-forwarded(?:-.+)?|x-real-ip|x-original-.+|x-client-ip|x-cluster-client-ip|x-envoy-.+|x-amzn-trace-id|true-client-ip|cf-.+|fly-.+|fastly-.+)$/;

/**
 * Whether the request may use the route, and as whom; undefined on routes that are open or check for themselves. Throws HttpError 401
 * where nobody is known, 403 where the role does not suffice. The one decision of all that comes over HTTP.
 */
export async function admit(
  route: Pick<Route, "access" | "keyed" | "agentKeys" | "projectKeys" | "issued">,
  request: IncomingMessage,
  authenticated: (request: IncomingMessage, issued: Route["issued"]) => Promise<User | undefined>,
): Promise<User | undefined> {
  if (route.access === "open" || route.access === "own") return undefined;
  const user = await authenticated(request, route.issued);
  if (!user || (route.keyed && isKeyless(user))) throw unauthorized("This needs a key.", route.issued?.challenge);
  if (route.agentKeys && user.agent !== undefined) return user;
  if (!hasRole(user.roles, route.access))
    throw new HttpError(403, `This needs the role ${route.access}; yours is ${user.roles.join(", ") || "none"}.`);
  if (user.project && !route.projectKeys)
    throw new HttpError(403, "This is about more than the one project your key is for. Use a key without a project.");
  return user;
}

/**
 * The user behind a request; undefined when nobody is known. A key, an access token, the console's cookie, or one's own machine, in this
 * order. Throws HttpError 401 for a key or token that is wrong, expired or revoked, 403 for a change with the cookie from another site.
 */
export async function authenticate(request: IncomingMessage, options: AccessOptions, issued?: Route["issued"]): Promise<User | undefined> {
  const { headers, method } = request;
  if (headers.authorization !== undefined) return byBearer(headers.authorization, options, issued);
  const cookie = readSessionCookie(headers, isSecure(options.publicUrl));
  const user = cookie === undefined ? null : await options.userOfCookie(cookie);
  if (user) {
    checkOwnPage(method, headers, options.publicUrl);
    return user;
  }
  return isLocalViewer(request, options)
    ? { id: LOCAL_VIEWER, name: "local viewer", timeZone: options.timeZone, roles: ["viewer"] }
    : undefined;
}

async function byBearer(header: string, options: AccessOptions, issued: Route["issued"]): Promise<User> {
  const secret = /^Bearer\s+(\S+)$/i.exec(header)?.[1] ?? "";
  if (secret.split(".").length === 3) {
    const user = (await options.userOfToken(secret)) ?? (await issued?.userOf(secret));
    if (user) return user;
    throw unauthorized(
      "This access token is not valid: it is forged, expired, or its session has ended. Refresh it, or sign in again.",
      issued && `${issued.challenge}, error="invalid_token"`,
    );
  }
  const key = secret ? await options.verifyKey(secret) : null;
  if (!key) throw unauthorized("This key is not valid: it is unknown, expired or revoked, or its project is archived.");
  const rights = key.agent === undefined ? { roles: [key.role] } : { roles: [], agent: key.agent };
  const project = key.project ? { project: key.project } : {};
  return { id: `key:${key.id}`, name: key.name, timeZone: options.timeZone, ...rights, ...project };
}

/** Cookies are kept off plain HTTP wherever there is anything else. */
export function isSecure(publicUrl: string | undefined): boolean {
  return publicUrl?.startsWith("https:") ?? false;
}

const LOCAL_VIEWER = "local:viewer";

/** Let in without a key, for being on this machine. */
export function isKeyless({ id }: User): boolean {
  return id === LOCAL_VIEWER;
}

export function unauthorized(message: string, challenge = "Bearer"): HttpError {
  return new HttpError(401, `${message} Create one with \`firstmate key create --role viewer\` and send it as “Authorization: Bearer …”.`, {
    headers: { "www-authenticate": challenge },
  });
}

/**
 * The key-less viewer on one's own machine: everything about the request must be loopback, and nothing may hint at a proxy, another
 * site or a deployment. The Host check defeats DNS rebinding, the Origin and content-type checks other pages in the same browser.
 */
function isLocalViewer(request: IncomingMessage, options: Pick<AccessOptions, "host" | "publicUrl" | "production">): boolean {
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
