import type { Receipt } from "../../core/fact.ts";
import { plainWords } from "../../core/text.ts";
import { type Cached, stampOf } from "../http.ts";
import type { ConfluenceClient } from "./client.ts";

export function receiptOf(
  client: ConfluenceClient,
  asked: { what: string; query: string; truncated?: string | undefined; url?: string | undefined },
  parts: readonly [Cached<unknown>, ...Cached<unknown>[]],
): Receipt {
  return {
    ...stampOf(...parts),
    id: `confluence-${asked.what}`,
    source: `Confluence (${new URL(client.address).host})`,
    query: plainWords(asked.query),
    ...(asked.truncated ? { truncated: plainWords(asked.truncated) } : {}),
    ...(asked.url ? { url: asked.url } : {}),
  };
}
