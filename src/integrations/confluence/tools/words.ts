/** Characters of a page's title or space that are told. */
export const TITLE = 120;

export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
