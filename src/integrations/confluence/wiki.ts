import { VendorError } from "../../errors.ts";
import { type Cached, readPages } from "../http.ts";
import type { ConfluenceClient } from "./client.ts";
import { markdownOf } from "./markdown.ts";
import { type PageListed, pageAnswer, pagesAnswer, type Space, searchAnswer, spacesAnswer, userAnswer } from "./schema.ts";
import { loadV1, loadV2 } from "./sdk.ts";

/** What is read of Confluence, for tools and for an index of what is known. Everything throws VendorError. */
export type Wiki = ReturnType<typeof createWiki>;

export interface WikiPage {
  id: string;
  title: string;
  space?: string;
  /** The last change. */
  editedAt: Date;
  version: number;
  url?: string;
}

export interface Hit {
  id: string;
  title: string;
  space?: string;
  excerpt: string;
  editedAt: Date;
  url?: string;
}

const HOUR_MS = 3_600_000;
const PAGE = 100;

export function createWiki(client: ConfluenceClient) {
  const { http } = client;

  /** With a bad token Confluence may answer as it would to a stranger, with whatever is public. */
  function who(signal: AbortSignal): Promise<Cached<{ name: string }>> {
    const load = async (during: AbortSignal) => {
      const { getCurrentUser } = await loadV1();
      const { type, displayName } = http.parse(await getCurrentUser(client.sdk(during)), userAnswer);
      if (type === "anonymous")
        throw new VendorError("Confluence", "Confluence did not accept the credentials. Check CONFLUENCE_EMAIL and CONFLUENCE_TOKEN.", {
          status: 401,
        });
      return { name: displayName ?? "The account" };
    };
    return http.cached("who", load, signal, { operation: "read user" });
  }

  function spaces(signal: AbortSignal) {
    const load = async (during: AbortSignal) => {
      const { getSpaces } = await loadV2();
      return readPages<Space>(
        async (cursor) => {
          const { results, _links } = http.parse(
            await getSpaces(client.sdk(during), { limit: 250, ...(cursor ? { cursor } : {}) }),
            spacesAnswer,
          );
          return { items: results, next: cursorIn(_links?.next) };
        },
        { pages: 20, what: "spaces" },
      );
    };
    return http.cached("spaces", load, signal, { operation: "list spaces" });
  }

  /** The best of what a query of ours finds, and how many there are in all. */
  function search(cql: string, limit: number, signal: AbortSignal): Promise<Cached<{ hits: readonly Hit[]; total: number }>> {
    const load = async (during: AbortSignal) => {
      const { searchByCQL } = await loadV1();
      const answer = http.parse(await searchByCQL(client.sdk(during), { cql, limit, excerpt: "highlight" }), searchAnswer);
      const hits = answer.results.flatMap(({ content, title, excerpt, url, lastModified, resultGlobalContainer: space }): Hit[] => {
        if (!content) return [];
        const words = markdownOf(unmarked(excerpt ?? "")).replace(/\s+/g, " ");
        return [
          {
            id: content.id,
            title: unmarked(title),
            excerpt: words,
            editedAt: lastModified,
            ...named("space", space?.title),
            ...named("url", pageUrl(answer._links?.base, url)),
          },
        ];
      });
      return { hits, total: Math.max(answer.totalSize, hits.length) };
    };
    return http.cached(`search ${limit} ${cql}`, load, signal, { operation: "search" });
  }

  async function withSpace(
    { id, title, spaceId, version, _links }: PageListed,
    base: string | undefined,
    signal: AbortSignal,
  ): Promise<WikiPage> {
    const { value } = await spaces(signal);
    const space = value.items.find((known) => known.id === spaceId)?.name;
    return {
      id,
      title,
      editedAt: version.createdAt,
      version: version.number,
      ...named("space", space),
      ...named("url", pageUrl(base, _links?.webui)),
    };
  }

  /** A page with its words; refuses with 404 for one that is not there or may not be seen. */
  function page(id: string, signal: AbortSignal): Promise<Cached<WikiPage & { markdown: string }>> {
    const load = async (during: AbortSignal) => {
      const { getPageById } = await loadV2();
      const answer = http.parse(await getPageById(client.sdk(during), { id, bodyFormat: "storage" }), pageAnswer);
      return { ...(await withSpace(answer, answer._links?.base, during)), markdown: markdownOf(answer.body.storage?.value ?? "") };
    };
    return http.cached(`page ${id}`, load, signal, { operation: "read page" });
  }

  return {
    ...{ who, spaces, search, page },
    /** Pages with exactly this title, in any space. */
    async titled(title: string, signal: AbortSignal): Promise<Cached<readonly WikiPage[]>> {
      const load = async (during: AbortSignal) => {
        const { getPages } = await loadV2();
        const { results, _links } = http.parse(await getPages(client.sdk(during), { title, status: ["current"], limit: 10 }), pagesAnswer);
        return Promise.all(results.map((found) => withSpace(found, _links?.base, during)));
      };
      return http.cached(`titled ${title}`, load, signal, { operation: "find page" });
    },
    /** All pages the account sees; `version` tells which have changed. Not kept longer than the others: an index asks rarely. */
    async listPages(signal: AbortSignal): Promise<Cached<{ items: readonly WikiPage[]; truncated?: string }>> {
      const load = async (during: AbortSignal) => {
        const { getPages } = await loadV2();
        let base: string | undefined;
        const { items, truncated } = await readPages<PageListed>(
          async (cursor) => {
            const answer = await getPages(client.sdk(during), { status: ["current"], limit: PAGE, ...(cursor ? { cursor } : {}) });
            const { results, _links } = http.parse(answer, pagesAnswer);
            base ??= _links?.base;
            return { items: results, next: cursorIn(_links?.next) };
          },
          { pages: 200, what: "pages" },
        );
        const pages = await Promise.all(items.map((found) => withSpace(found, base, during)));
        return { items: pages, ...(truncated ? { truncated } : {}) };
      };
      return http.cached("pages", load, signal, { operation: "list pages", staleMs: 24 * HOUR_MS });
    },
    async pageMarkdown(id: string, signal: AbortSignal): Promise<string> {
      return (await page(id, signal)).value.markdown;
    },
  };
}

/** Without what the search puts around the words it found. */
function unmarked(text: string): string {
  return text.replace(/@@@(?:end)?hl@@@/g, "");
}

/** The next page's cursor out of its link. */
function cursorIn(next: string | undefined): string | undefined {
  return next === undefined ? undefined : (URL.parse(next, "https://wiki.invalid")?.searchParams.get("cursor") ?? undefined);
}

/** Where people read it: below the site's own https address, or nowhere. */
function pageUrl(base: string | undefined, path: string | undefined): string | undefined {
  if (!base || !/^https:\/\/[\w.-]+(?::\d+)?(?:\/wiki)?$/.test(base) || !path?.startsWith("/") || path.startsWith("//")) return undefined;
  return /^[\w\-./~%+,:;=?&@!*$]+$/.test(path) ? `${base}${path}`.slice(0, 500) : undefined;
}

function named<Name extends string>(name: Name, value: string | undefined): { [K in Name]?: string } {
  return (value ? { [name]: value } : {}) as { [K in Name]?: string };
}
