import { loadMarkdown } from "./load-markdown.ts";
import type { DocumentSource } from "./sources.ts";

/** A wiki as knowledge sees it. */
export interface WikiPages {
  /** As a person knows it: "Confluence". */
  name: string;
  list(signal: AbortSignal): Promise<{ pages: readonly { id: string; title: string; version: number; url?: string }[]; demo: boolean }>;
  /** Throws VendorError. */
  markdown(id: string, signal: AbortSignal): Promise<string>;
}

/** The pages of a wiki; a new version is read again. */
export function wikiSource(wiki: WikiPages): DocumentSource {
  return {
    name: wiki.name,
    async list(signal) {
      const { pages, demo } = await wiki.list(signal);
      return pages.map(({ id, title, version, url }) => ({
        key: `${wiki.name}:${id}`,
        part: "wiki",
        document: title,
        stamp: String(version),
        ...(url ? { url } : {}),
        ...(demo ? { demo: true as const } : {}),
      }));
    },
    async read({ key, document }, signal) {
      const { sections } = loadMarkdown(await wiki.markdown(key.slice(key.lastIndexOf(":") + 1), signal), document);
      return { title: document, sections };
    },
  };
}
