import type { CivilDate, Period, Receipt } from "../../core/fact.ts";
import { plainWords } from "../../core/text.ts";
import { type Cached, stampOf } from "../http.ts";
import type { AnthropicClient } from "./client.ts";

/** What a receipt says besides its stamp. */
export interface Asked {
  /** Short and without spaces; with the window it makes the receipt's id. */
  what: string;
  source: string;
  /** The window is added. */
  query: string;
  window: Period;
  /** First day that may still change. */
  provisional?: CivilDate | undefined;
  truncated?: string | undefined;
  notes?: readonly string[] | undefined;
  /** Path on Anthropic's own site. */
  path: string;
}

/** One receipt over all parts of an answer. Without parts (a period that lies ahead) nothing was asked: it says so. */
export function receiptOf(client: AnthropicClient, asked: Asked, parts: readonly Cached<unknown>[]): Receipt {
  const { what, source, query, window, provisional, truncated, notes = [], path } = asked;
  const [first, ...others] = parts;
  const stamp = first
    ? stampOf(first, ...others)
    : {
        fetchedAt: client.now(),
        status: client.http.demo ? ("demo" as const) : ("live" as const),
        notes: ["No day of it can be asked for."],
      };
  const said = [...(stamp.notes ?? []), ...notes];
  const url = client.site(path);
  return {
    ...stamp,
    id: `anthropic-${what}-${window.from}-${window.to}`,
    source,
    query: `${query}, ${window.from} to ${window.to} (UTC days)`,
    window,
    ...(provisional ? { provisional: `since ${provisional}` } : {}),
    ...(truncated ? { truncated: plainWords(truncated) } : {}),
    ...(said.length > 0 ? { notes: said } : {}),
    ...(url ? { url } : {}),
  };
}
