import { z } from "zod";
import { parameters } from "../../../core/parameters.ts";
import { closest, listWords, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding } from "../../../core/tool.ts";
import { matchValues } from "../../../core/value-names.ts";
import { UserError } from "../../../errors.ts";
import { linked, said } from "../../words.ts";
import type { ConfluenceClient } from "../client.ts";
import { quoted, wordsIn } from "../cql.ts";
import { receiptOf } from "../receipts.ts";
import type { Space } from "../schema.ts";
import type { Hit, Wiki } from "../wiki.ts";
import { dayOf, TITLE } from "./words.ts";

const row = z.object({
  ...{
    id: z.string(),
    title: z.string(),
    space: z.string().nullable(),
    edited: z.string(),
    excerpt: z.string(),
    url: z.string().nullable(),
  },
});
const output = z.object({ n: z.number(), total: z.number(), pages: z.array(row) });
const SHOWN = 8;
const MOST = 50;

export function searchPages(client: ConfluenceClient, wiki: Wiki) {
  return defineTool({
    name: "search_pages",
    title: "Wiki search",
    description:
      "Pages of the Confluence wiki by words: title, space, excerpt, last edit and link; without words, the pages edited last. Use it when someone looks for a runbook, decision, post-mortem or how-to that the team wrote. To read a page found use read_page.",
    examples: [
      "what did we decide about retries?",
      "which decision did we take on caching?",
      "wiki page about incident response",
      "search Confluence for onboarding",
      "find the runbook for gate bookings in the wiki",
      "search Confluence for on call",
      "which post-mortems are about live video?",
      "what changed in the wiki lately?",
      "where is the onboarding page?",
      "is there a page about backups?",
      "do we have documentation on releases?",
      "find the design document of gate-api",
      "which wiki pages mention the scanner?",
      "where is it written how to deploy?",
      "look for the meeting notes",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "wiki", hint: "[words]" },
    input: z.strictObject({
      query: parameters.query,
      space: z.string().min(1).max(100).optional().describe('Only in this space: its key or name, "Runbooks".'),
      top: z.int().min(1).max(MOST).optional().describe("Show only so many pages."),
    }),
    output,

    async run({ query, space, top = SHOWN }, { signal }): Promise<Finding> {
      const me = await wiki.who(signal);
      const spaces = space === undefined ? undefined : await wiki.spaces(signal);
      const keys = spaces && space !== undefined ? spacesMeant(space, spaces.value.items) : [];
      const found = await wiki.search(cqlFor(query, keys), top, signal);
      const { hits, total } = found.value;
      const about = `pages${query ? ` with “${said(query, TITLE)}”` : " edited last"}${space ? ` in ${said(space, TITLE)}` : ""}`;
      const truncated = total > hits.length && query ? `the best ${hits.length} of ${total} pages` : undefined;
      const receipt = receiptOf(client, { what: "search", query: about, truncated }, spaces ? [me, spaces, found] : [me, found]);
      const text = wordsOf(hits, total, about, receipt.notes);
      return {
        content: text,
        data: { n: hits.length, total, pages: hits.map(rowOf) },
        blocks: [{ type: "markdown", text }],
        receipts: [receipt],
        suggestions: hits.slice(0, 2).map(({ title }) => `read the page ${said(title, 80)}`),
      };
    },
  });
}

/** By relevance for words, else the latest first. Throws UserError. */
function cqlFor(query: string | undefined, keys: readonly string[]): string {
  const inSpaces = keys.length > 0 ? ` AND space in (${keys.map(quoted).join(", ")})` : "";
  if (query === undefined) return `type = page${inSpaces} ORDER BY lastmodified DESC`;
  return `type = page AND text ~ ${quoted(wordsIn(query) ?? nothingToSeek(query))}${inSpaces}`;
}

function rowOf({ id, title, space, editedAt, excerpt, url }: Hit): z.output<typeof row> {
  return { id, title, space: space ?? null, edited: editedAt.toISOString(), excerpt, url: url ?? null };
}

const FOR_MODEL = 7_600;

function wordsOf(hits: readonly Hit[], total: number, about: string, notes: readonly string[] = []): string {
  const footing = notes.map((note) => `\n\n_${plainWords(note)}_`).join("");
  if (hits.length === 0) return `There are no ${about} that the account may see.${footing}`;
  const count = total > hits.length ? `${hits.length} of ${total}` : String(hits.length);
  const lines = [`**${count} ${total === 1 ? about.replace("pages", "page") : about}**`, ""];
  let left = FOR_MODEL - footing.length - 200;
  for (const [i, { id, title, space, editedAt, excerpt, url }] of hits.entries()) {
    const line = `- ${linked(title, url, TITLE)} (${[space && said(space, TITLE), `edited ${dayOf(editedAt)}`, `id ${id}`].filter(Boolean).join(", ")})${excerpt ? `: ${said(excerpt, 240)}` : ""}`;
    left -= line.length + 1;
    if (left < 0) {
      lines.push(`… and ${hits.length - i} more`);
      break;
    }
    lines.push(line);
  }
  return `${lines.join("\n")}${footing}`;
}

/** Keys of the spaces meant, by key or name. Throws UserError with what there is. */
function spacesMeant(spoken: string, spaces: readonly Space[]): string[] {
  const exact = spaces.filter(({ key }) => key.toLowerCase() === spoken.trim().toLowerCase());
  if (exact.length > 0) return exact.map(({ key }) => key);
  const names = new Set(matchValues(spoken, [...new Set(spaces.map(({ name }) => name))]));
  const found = spaces.filter(({ name }) => names.has(name)).map(({ key }) => key);
  if (found.length > 0) return found;
  const near = closest(
    spoken,
    spaces.flatMap(({ key, name }) => [key, name]),
  );
  const known = listWords(
    spaces.map(({ name }) => plainWords(name)),
    20,
  );
  const what = near ? `Did you mean “${plainWords(near)}”?` : `There is ${known || "none"}.`;
  throw new UserError(`There is no space “${plainWords(spoken)}” in Confluence. ${what}`, {
    path: "space",
    suggestions: near ? [near] : [],
  });
}

function nothingToSeek(query: string): never {
  throw new UserError(`There is no word to look for in “${plainWords(query)}”.`, { path: "query" });
}
