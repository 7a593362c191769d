import type { Period, Receipt } from "../../core/fact.ts";
import { plainWords } from "../../core/text.ts";
import { type Cached, stampOf } from "../http.ts";
import type { GithubClient } from "./client.ts";

/** What a receipt says besides its stamp. */
export interface Asked {
  /** Short and without spaces; with the window it makes the receipt's id. */
  what: string;
  /** "pull requests opened". The window is added. */
  query: string;
  window?: Period;
  truncated?: string | undefined;
  notes?: readonly string[];
  /** Path on GitHub's own site. */
  path?: string;
}

/** One receipt over all parts of an answer. Without parts (a period that lies ahead) nothing was asked: it says so. */
export function receiptOf(client: GithubClient, asked: Asked, parts: readonly Cached<unknown>[]): Receipt {
  const { what, query, window, truncated, notes = [], path } = asked;
  const [first, ...others] = parts;
  const stamp = first
    ? stampOf(first, ...others)
    : { fetchedAt: client.now(), status: client.http.demo ? ("demo" as const) : ("live" as const), notes: ["No day of it has come yet."] };
  const site = siteOf(client);
  const said = [...(stamp.notes ?? []), ...notes];
  return {
    ...stamp,
    id: `github-${what}${window ? `-${window.from}-${window.to}` : ""}`,
    source: `GitHub (${client.org})`,
    query: window ? `${query} ${window.from} to ${window.to}` : query,
    ...(window ? { window } : {}),
    ...(truncated ? { truncated: plainWords(truncated) } : {}),
    ...(said.length > 0 ? { notes: said } : {}),
    ...(site && path !== undefined ? { url: `${site}/${path}` } : {}),
  };
}

/** Where people look at it; undefined for an address that is neither GitHub's nor an Enterprise Server's. */
function siteOf({ apiUrl }: GithubClient): string | undefined {
  const url = new URL(apiUrl);
  if (url.protocol !== "https:") return undefined;
  if (url.hostname.startsWith("api.")) return `https://${url.hostname.slice("api.".length)}`;
  return /\/api\/v3\/?$/.test(url.pathname) ? url.origin : undefined;
}

/** Notes of something an answer can do without. */
export function withoutIt(what: string, error: unknown): string {
  return `${what}: ${error instanceof Error ? error.message : "GitHub did not say why."}`;
}
