import { createHmac, timingSafeEqual } from "node:crypto";

/** Paths that open for whoever holds them, until they expire: a chart in a chat message, an `<img>` in a page. */

const LIFETIME_MS = 24 * 3_600_000;

/** The path with `expires` (seconds since 1970) and `signature` added. */
export function signPath(path: string, secret: string, now: Date, lifetimeMs = LIFETIME_MS): string {
  const expires = Math.floor((now.getTime() + lifetimeMs) / 1000);
  return `${path}?expires=${expires}&signature=${signatureOf(path, expires, secret)}`;
}

export function isSigned(path: string, query: URLSearchParams, secret: string, now: Date): boolean {
  const expires = Number(query.get("expires"));
  const given = Buffer.from(query.get("signature") ?? "");
  const wanted = Buffer.from(signatureOf(path, expires, secret));
  return (
    Number.isSafeInteger(expires) && expires * 1000 > now.getTime() && given.length === wanted.length && timingSafeEqual(given, wanted)
  );
}

function signatureOf(path: string, expires: number, secret: string): string {
  return createHmac("sha256", secret).update(`${path}\n${expires}`).digest("base64url");
}
