/** A module of the page by its path below `assets/`, for what needs no document. The caller states its exports. */
export async function pageModule<Exports>(path: string): Promise<Exports> {
  return import(new URL(`../../../src/channels/console/assets/${path}`, import.meta.url).href);
}
