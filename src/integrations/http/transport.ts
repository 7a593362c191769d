import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { Agent, Response as WireResponse } from "undici";
import { isPublicAddress } from "./address.ts";
import { type Exchange, follow, isRedirect, MAX_REDIRECTS } from "./redirect.ts";
import type { Words } from "./words.ts";

/** Sends one request and reads its whole answer. */
export interface Transport {
  /** Rejects with VendorError for what the rules refuse, else with the error of the network or the signal's reason. */
  send(exchange: Exchange, redirect: Request["redirect"], signal: AbortSignal): Promise<Response>;
  close(): Promise<void>;
}

export interface TransportOptions {
  baseUrl: string;
  hosts?: readonly string[];
  maxBytes: number;
  words: Words;
}

/** About the way the bytes came, not about what arrives here. */
const WIRE_HEADERS = new Set(["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"]);

export function createTransport({ baseUrl, hosts = [], maxBytes, words }: TransportOptions): Transport {
  const base = new URL(baseUrl);
  let agents: Promise<{ open: Agent; guarded: Agent; fetch: typeof import("undici").fetch }> | undefined;
  const load = async () => {
    const { Agent, fetch } = await import("undici");
    return { open: new Agent({ allowH2: false }), guarded: new Agent({ allowH2: false, connect: { lookup: publicLookup(words) } }), fetch };
  };

  /** Configuration says so; anything else was said by somebody on the network. */
  function isConfigured(url: URL): boolean {
    if (url.origin === base.origin) return true;
    return url.protocol === "https:" && hosts.some((host) => (host.startsWith(".") ? url.hostname.endsWith(host) : url.host === host));
  }

  async function dial({ url, method, headers, body }: Exchange, signal: AbortSignal): Promise<WireResponse> {
    const configured = isConfigured(url);
    if (!configured && !mayBeAsked(url)) throw words.redirect(url.host);
    agents ??= load();
    const { open, guarded, fetch } = await agents;
    const dispatcher = configured ? open : guarded;
    return fetch(url, { method, headers: [...headers], redirect: "manual", signal, dispatcher, ...(body ? { body } : {}) });
  }

  return {
    async send(first, redirect, signal) {
      if (!isConfigured(first.url)) throw words.redirect(first.url.host);
      let exchange = first;
      for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
        const response = await dial(exchange, signal);
        const location = response.headers.get("location");
        if (redirect === "manual" || !isRedirect(response.status) || location === null) return whole(response, maxBytes, words);
        await response.body?.cancel();
        const next = redirect === "error" ? undefined : follow(exchange, response.status, location);
        if (!next) throw words.redirect(URL.parse(location, exchange.url.href)?.host ?? "");
        exchange = next;
      }
      throw words.redirect(exchange.url.host);
    },
    async close() {
      const opened = await agents;
      agents = undefined;
      await Promise.all([opened?.open.destroy(), opened?.guarded.destroy()]);
    },
  };
}

/** Names are checked when they are resolved, by the guarded agent: the address that is checked is the one that is dialled. */
function mayBeAsked({ protocol, hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return protocol === "https:" && (isIP(host) === 0 || isPublicAddress(host));
}

/** Resolves as the system does and fails unless every address is public. */
export function publicLookup(words: Words, resolve: typeof systemLookup = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? words.redirect(hostname), "");
      if (!addresses.every(({ address }) => isPublicAddress(address))) return callback(words.redirect(hostname), "");
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

/** The answer with its body read, unpacked and within the limit. Leaving the loop closes the connection. */
async function whole(response: WireResponse, maxBytes: number, words: Words): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = Number(response.headers.get("content-length")) > maxBytes ? Number.POSITIVE_INFINITY : 0;
  if (size > maxBytes) await response.body?.cancel();
  else
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) break;
      chunks.push(chunk);
    }
  if (size > maxBytes) throw words.tooLarge(maxBytes);
  const headers = new Headers([...response.headers].filter(([name]) => !WIRE_HEADERS.has(name)));
  const body = [204, 205, 304].includes(response.status) ? null : Buffer.concat(chunks);
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
