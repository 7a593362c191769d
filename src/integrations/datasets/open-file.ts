import type { Feed } from "../../core/feed.ts";
import { wordsOf } from "../../core/value-names.ts";
import { UserError } from "../../errors.ts";
import { createDatasetFeed } from "./feed.ts";
import { loadDatasets } from "./load.ts";
import { createFileEngine, openSource } from "./sources.ts";

/** One file as a feed with one dimension and one measure, for analyses from the command line. Throws UserError for a description file. */
export async function openFileFeed(
  path: string,
  columns: { by: string; measure: string; unit?: string },
  now: () => Date,
): Promise<{ feed: Feed; close(): Promise<void> }> {
  const [loaded] = await loadDatasets(path);
  if (loaded?.source.kind !== "files" || loaded.description.dimensions) throw new UserError(`${path} is not a CSV, Parquet or JSON file.`);
  const engine = createFileEngine([loaded.source]);
  const name = (text: string) =>
    wordsOf(text)
      .join("_")
      .replace(/[^a-z0-9_]/g, "")
      .replace(/^[^a-z]+/, "")
      .slice(0, 40) || "value";
  const description = {
    ...loaded.description,
    measures: [{ name: name(columns.measure), column: columns.measure, ...(columns.unit ? { unit: columns.unit } : {}) }],
    dimensions: [{ name: name(columns.by), column: columns.by }],
  };
  const feed = createDatasetFeed(description, openSource(description.name, loaded.source, engine, now), now);
  return { feed, close: () => engine.close() };
}
