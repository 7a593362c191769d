import type { Period, Receipt } from "../../core/fact.ts";
import { plainWords } from "../../core/text.ts";
import { type Cached, stampOf } from "../http.ts";
import type { JiraClient } from "./client.ts";
import type { Setup } from "./setup.ts";

export interface Asked {
  /** Short and without spaces; with the window it makes the receipt's id. */
  what: string;
  /** "issues created". The window is added. */
  query: string;
  window?: Period | undefined;
  truncated?: string | undefined;
  notes?: readonly string[];
  /** Opens the same search in Jira. */
  jql?: string;
}

/** One receipt over all parts of an answer. */
export function receiptOf(
  client: JiraClient,
  setup: Setup,
  { what, query, window, truncated, notes = [], jql }: Asked,
  parts: readonly [Cached<unknown>, ...Cached<unknown>[]],
): Receipt {
  const stamp = stampOf(...parts);
  const said = [...(stamp.notes ?? []), ...notes];
  return {
    ...stamp,
    id: `jira-${what}${window ? `-${window.from}-${window.to}` : ""}`,
    source: `Jira (${new URL(setup.site ?? client.address).host})`,
    query: window ? `${query} ${window.from} to ${window.to}` : query,
    ...(window ? { window } : {}),
    ...(truncated ? { truncated: plainWords(truncated) } : {}),
    ...(said.length > 0 ? { notes: said } : {}),
    ...(setup.site && jql ? { url: `${setup.site}/issues/?jql=${encodeURIComponent(jql)}` } : {}),
  };
}
