import type { ConnectContext, Connection } from "../../core/integration.ts";
import type { Tool } from "../../core/tool.ts";
import { checkConfluence } from "./check.ts";
import { type ConfluenceSettings, createClient } from "./client.ts";
import { readPage } from "./tools/read-page.ts";
import { searchPages } from "./tools/search-pages.ts";
import { createWiki, type Wiki } from "./wiki.ts";

/** `wiki` is for an index of what is known: `listPages`, `pageMarkdown`. */
export interface ConfluenceConnection extends Connection {
  readonly wiki: Pick<Wiki, "listPages" | "pageMarkdown">;
}

export function connectConfluence(settings: ConfluenceSettings, context: ConnectContext): ConfluenceConnection {
  const client = createClient(settings, context);
  const wiki = createWiki(client);
  return {
    wiki,
    tools: [searchPages(client, wiki), readPage(client, wiki)] as unknown as readonly Tool[],
    feeds: [],
    check: (signal) => checkConfluence(client, wiki, signal),
    close: () => client.http.close(),
  };
}
