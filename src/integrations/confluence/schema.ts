import { z } from "zod";
import { quoteForeign } from "../../errors.ts";

/** What we read of Confluence's answers, no more. Words of people come in as one harmless line; bodies are turned into markdown. */

const words = z.string().transform(quoteForeign);
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const id = z.union([z.string().regex(/^\d+$/), z.int().transform(String)]);
const links = z.object({ base: z.string().optional(), webui: z.string().optional(), next: z.string().optional() }).optional();

export const userAnswer = z.object({ type: z.string(), displayName: words.nullish() });

export const searchAnswer = z.object({
  totalSize: z.int(),
  _links: links,
  results: z.array(
    z.object({
      // Gone when the page was deleted and the index does not know it yet.
      content: z.object({ id, type: z.string() }).nullish(),
      title: words,
      excerpt: z.string().nullish(),
      url: z.string(),
      lastModified: instant,
      resultGlobalContainer: z.object({ title: words }).nullish(),
    }),
  ),
});

const pageFields = {
  id,
  title: words,
  spaceId: id.nullish(),
  createdAt: instant,
  version: z.object({ createdAt: instant, number: z.int() }),
  _links: links,
};
const pageListed = z.object(pageFields);
export const pagesAnswer = z.object({ results: z.array(pageListed), _links: links });
export type PageListed = z.output<typeof pageListed>;
export const pageAnswer = z.object({ ...pageFields, body: z.object({ storage: z.object({ value: z.string() }).optional() }) });

const space = z.object({ id, key: words, name: words });
export const spacesAnswer = z.object({ results: z.array(space), _links: links });
export type Space = z.output<typeof space>;
