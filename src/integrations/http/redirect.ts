/** One request as it goes over the wire. */
export interface Exchange {
  url: URL;
  method: string;
  headers: Headers;
  body?: Uint8Array<ArrayBuffer>;
}

export const MAX_REDIRECTS = 3;
/** What a stranger may see of a request. A list of what to hide would miss the next vendor's header. */
const HARMLESS_HEADERS = new Set(["accept", "accept-language", "user-agent"]);

/** The request a redirect asks for; undefined when it is not followed. Bodies are not carried to another origin. */
export function follow(from: Exchange, status: number, location: string): Exchange | undefined {
  const url = URL.parse(location, from.url.href);
  if (!url || url.username || url.password) return undefined;
  const sameOrigin = url.origin === from.url.origin;
  const reads = from.method === "GET" || from.method === "HEAD";
  if (!reads && !(sameOrigin && (status === 307 || status === 308))) return undefined;
  if (sameOrigin) return { ...from, url };
  const headers = new Headers([...from.headers].filter(([name]) => HARMLESS_HEADERS.has(name)));
  return { url, method: from.method, headers };
}

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
