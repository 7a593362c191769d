import type { IncomingHttpHeaders } from "node:http";
import { HttpError } from "../core/http.ts";

/** The console's session: no script reads it, no other site sends it along. */

const PLAIN = "firstmate_session";
/** Browsers take a name that begins so only with Secure, without Domain and for the whole site. */
const SECURE = `__Host-${PLAIN}`;

export function sessionCookie(secret: string, options: { secure: boolean; maxAgeS: number }): string {
  const { secure, maxAgeS } = options;
  return `${secure ? SECURE : PLAIN}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${secure ? "; Secure" : ""}`;
}

const PROOF = "firstmate_oidc";
const PROOF_S = 600;

/** What a browser holds while it is away to sign in elsewhere; it comes back by a link of that site, so Lax. */
export function proofCookie(proof: string, secure: boolean): string {
  return `${secure ? "__Host-" : ""}${PROOF}=${proof}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${PROOF_S}${secure ? "; Secure" : ""}`;
}

export function readProofCookie(headers: IncomingHttpHeaders, secure: boolean): string | undefined {
  return cookieNamed(headers, `${secure ? "__Host-" : ""}${PROOF}`);
}

/** What the request brings; undefined without one. Two of the same name are none: one may have been planted. */
export function readSessionCookie(headers: IncomingHttpHeaders, secure: boolean): string | undefined {
  return cookieNamed(headers, secure ? SECURE : PLAIN);
}

function cookieNamed({ cookie }: IncomingHttpHeaders, name: string): string | undefined {
  const found = (cookie ?? "").split(";").flatMap((part) => {
    const [key = "", ...value] = part.trim().split("=");
    return key === name ? [value.join("=")] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/**
 * A browser sends the cookie by itself, so what changes something must come from our own page: browsers name the page's origin with
 * every such request. Throws HttpError 403.
 */
export function checkOwnPage(method: string | undefined, headers: IncomingHttpHeaders, publicUrl: string | undefined): void {
  if (method === "GET" || method === "HEAD") return;
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  const own = publicUrl === undefined ? [`http://${host}`, `https://${host}`] : [new URL(publicUrl).origin];
  if (origin !== undefined && own.includes(origin) && (site === undefined || site === "same-origin")) return;
  throw new HttpError(403, "A change with the console's cookie is taken from its own page only. Use a key elsewhere.");
}
