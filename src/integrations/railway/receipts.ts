import type { CivilDate, Period, Receipt } from "../../core/fact.ts";
import { plainWords } from "../../core/text.ts";
import { type Cached, stampOf } from "../http.ts";
import type { RailwayClient } from "./client.ts";

/** What a receipt says besides its stamp. */
export interface Asked {
  /** Short and without spaces; with the window it makes the receipt's id. */
  what: string;
  /** The window is added. */
  query: string;
  window?: Period;
  /** First day that may still change. */
  provisional?: CivilDate | undefined;
  truncated?: string | undefined;
  notes?: readonly string[];
}

/** One receipt over all parts of an answer. */
export function receiptOf(client: RailwayClient, asked: Asked, parts: readonly [Cached<unknown>, ...Cached<unknown>[]]): Receipt {
  const { what, query, window, provisional, truncated, notes = [] } = asked;
  const stamp = stampOf(...parts);
  const said = [...(stamp.notes ?? []), ...notes];
  const url = client.page("dashboard");
  return {
    ...stamp,
    id: `railway-${what}${window ? `-${window.from}-${window.to}` : ""}`,
    source: "Railway",
    query: window ? `${query}, ${window.from} to ${window.to} (UTC days)` : query,
    ...(window ? { window } : {}),
    ...(provisional ? { provisional: `since ${provisional}` } : {}),
    ...(truncated ? { truncated: cleanWords(truncated) } : {}),
    ...(said.length > 0 ? { notes: said } : {}),
    ...(url ? { url } : {}),
  };
}

/** A vendor's words inside ours: one line, nothing that controls a screen, no links. */
export function cleanWords(text: string): string {
  return plainWords(text)
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
