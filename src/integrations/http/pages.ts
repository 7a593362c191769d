/** One page, as the vendor's client read it. */
export interface Page<T> {
  items: readonly T[];
  /** Cursor or address of the next page; absent on the last. */
  next?: string | undefined;
}

export interface Pages<T> {
  items: readonly T[];
  /** What was left out, in words for a receipt's `truncated`; absent when all was read. */
  truncated?: string;
}

/**
 * Reads page after page until the last, and never for ever: it stops at `pages` pages, and at a cursor that comes again.
 * Throws what `load` throws: half a list is not an answer.
 */
export async function readPages<T>(
  load: (cursor: string | undefined) => Promise<Page<T>>,
  limit: { pages: number; what: string },
): Promise<Pages<T>> {
  const items: T[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 1; page <= limit.pages; page++) {
    const { items: more, next } = await load(cursor);
    items.push(...more);
    if (next === undefined || next === "") return { items };
    if (seen.has(next)) return { items, truncated: `the source gave the same page again after ${items.length} ${limit.what}` };
    seen.add(next);
    cursor = next;
  }
  return { items, truncated: `the first ${items.length} ${limit.what} of more` };
}
