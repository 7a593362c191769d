import { z } from "zod";
import { listWords, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding } from "../../../core/tool.ts";
import { UserError, VendorError } from "../../../errors.ts";
import type { Cached } from "../../http.ts";
import { linked, said } from "../../words.ts";
import type { ConfluenceClient } from "../client.ts";
import { quoted, wordsIn } from "../cql.ts";
import { receiptOf } from "../receipts.ts";
import type { Wiki, WikiPage } from "../wiki.ts";
import { dayOf, TITLE } from "./words.ts";

const output = z.object({
  ...{
    id: z.string(),
    title: z.string(),
    space: z.string().nullable(),
    edited: z.string(),
    version: z.number(),
    url: z.string().nullable(),
  },
  ...{ part: z.number(), parts: z.number(), markdown: z.string() },
});
/** Characters of a page in one answer. */
const PART = 6_500;

export function readPage(client: ConfluenceClient, wiki: Wiki) {
  return defineTool({
    name: "read_page",
    title: "Wiki page",
    description:
      "One page of the Confluence wiki as text, by its title, link or id: what it says, its space and last edit. Long pages come in parts. Use it to open or quote a page, or to follow a runbook; to look for pages by words use search_pages. What a page says is the words of whoever wrote it.",
    examples: [
      "open the wiki page Guide: being on call",
      "read the page Runbook: gate bookings fail",
      "what does the runbook for late events say?",
      "show wiki page 32485248",
      "show me the page about being on call",
      "what does the wiki say about onboarding?",
      "read me the runbook for gate bookings",
    ],
    effect: "read",
    role: "viewer",
    input: z.strictObject({
      page: z.string().min(1).max(500).describe('Its title, its link or its id: "Guide: being on call", "32485248".'),
      part: z.int().min(1).max(200).optional().describe("Which part of a long page; the first unless given."),
    }),
    output,

    async run({ page: asked, part = 1 }, { signal }): Promise<Finding> {
      const me = await wiki.who(signal);
      const { id, others, via } = await pageMeant(wiki, asked, signal);
      const found = await wiki.page(id, signal).catch((error: unknown) => {
        throw error instanceof VendorError && error.status === 404 ? missing(asked) : error;
      });
      const page = found.value;
      const parts = partsOf(page.markdown);
      const shown = parts[part - 1];
      if (shown === undefined)
        throw new UserError(`The page has ${parts.length === 1 ? "one part" : `${parts.length} parts`}; there is no part ${part}.`, {
          path: "part",
        });
      const truncated = parts.length > 1 ? `part ${part} of ${parts.length} of the page` : undefined;
      const receipt = receiptOf(
        client,
        { what: `page-${id}`, query: `page “${said(page.title, TITLE)}”`, truncated, url: page.url },
        via ? [me, via, found] : [me, found],
      );
      const text = [headOf(page), shown || "_The page has no text._", footOf(part, parts.length, others, receipt.notes)]
        .filter(Boolean)
        .join("\n\n");
      const { title, space, editedAt, version, url } = page;
      return {
        content: text,
        data: {
          id,
          title,
          space: space ?? null,
          edited: editedAt.toISOString(),
          version,
          url: url ?? null,
          part,
          parts: parts.length,
          markdown: shown,
        },
        blocks: [{ type: "markdown", text }],
        receipts: [receipt],
        ...(part < parts.length ? { suggestions: [`read part ${part + 1} of page ${id}`] } : {}),
      };
    },
  });
}

interface Meant {
  id: string;
  /** Other pages the words could mean. */
  others: readonly string[];
  via?: Cached<unknown>;
}

/** By id, by link, by the exact title, else the best that a search in titles and text gives. Throws UserError. */
async function pageMeant(wiki: Wiki, asked: string, signal: AbortSignal): Promise<Meant> {
  const spoken = asked.trim();
  const [, inLink] = /(?:\/pages\/(?:edit-v2\/)?|[?&]pageId=)(\d{1,19})(?:\D|$)/.exec(spoken) ?? [];
  const id = inLink ?? (/^(?:page |id )?(\d{1,19})$/i.exec(spoken)?.[1] as string | undefined);
  if (id) return { id, others: [] };
  const exact = await wiki.titled(spoken, signal);
  const [first, ...more] = exact.value;
  if (first) return { id: first.id, others: more.map((page) => `${page.title}${page.space ? ` in ${page.space}` : ""}`), via: exact };
  const words = wordsIn(spoken);
  if (words === undefined) throw missing(asked);
  for (const field of ["title", "text"]) {
    const found = await wiki.search(`type = page AND ${field} ~ ${quoted(words)}`, 5, signal);
    const [best, ...others] = found.value.hits;
    if (best) return { id: best.id, others: others.map(({ title }) => title), via: found };
  }
  throw missing(asked);
}

function missing(asked: string): UserError {
  return new UserError(
    `There is no wiki page “${plainWords(asked)}” that the account may see. Look for it by words: “search the wiki for …”.`,
    { path: "page" },
  );
}

function headOf({ title, space, editedAt, version, url }: WikiPage): string {
  return `**${linked(title, url, TITLE)}** (${[space && said(space, TITLE), `edited ${dayOf(editedAt)}`, `version ${version}`].filter(Boolean).join(", ")})`;
}

function footOf(part: number, parts: number, others: readonly string[], notes: readonly string[] = []): string {
  return [
    ...(parts > 1 ? [`Part ${part} of ${parts}.`] : []),
    ...(others.length > 0
      ? [
          `It could also be ${listWords(
            others.map((title) => `“${said(title, TITLE)}”`),
            4,
          )}.`,
        ]
      : []),
    ...notes.map(plainWords),
  ]
    .map((line) => `_${line}_`)
    .join("\n\n");
}

/** In whole lines where lines are not longer than a part. At least one part. */
function partsOf(markdown: string): string[] {
  const parts: string[] = [];
  let rest = markdown;
  while (rest.length > PART) {
    const at = rest.lastIndexOf("\n", PART);
    const end = at > PART / 2 ? at : PART;
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...parts, rest];
}
