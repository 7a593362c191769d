import { z } from "zod";
import { FEED_KINDS, type Feed } from "../../core/feed.ts";
import { type CheckResult, defineIntegration } from "../../core/integration.ts";
import { formatPeriod } from "../../core/period.ts";
import { listWords } from "../../core/text.ts";
import { explainError } from "../../errors.ts";

/** Files and tables described once, askable like any other source. DuckDB reads the files, locked to their folders. */
export const datasets = defineIntegration({
  name: "datasets",
  title: "Datasets",
  topics: ["datasets"],
  kinds: FEED_KINDS,
  settings: z.object({
    DATASETS: z
      .string()
      .describe(
        "A YAML file that describes datasets (CSV, Parquet, JSON, SQLite, PostgreSQL), or one data file; FOCUS and AWS bills need no description.",
      ),
  }),
  requires: ["DATASETS"],

  async connect(settings, context) {
    const [{ createDatasetFeed }, { loadDatasets }, { createFileEngine, openSource }] = await Promise.all([
      import("./feed.ts"),
      import("./load.ts"),
      import("./sources.ts"),
    ]);
    const loaded = await loadDatasets(settings.DATASETS);
    const engine = createFileEngine(loaded.map((d) => d.source));
    const opened = loaded.map(({ description, source }) => ({
      name: description.name,
      source: openSource(description.name, source, engine, context.now),
      description,
    }));
    const feeds = opened.map(({ description, source }) => createDatasetFeed(description, source, context.now));
    return {
      tools: [],
      feeds,
      check: (signal) => Promise.all(feeds.map((feed) => checkFeed(feed, signal))),
      async close() {
        await Promise.all(opened.map(({ source }) => source.close()));
        await engine.close();
      },
    };
  },
});

async function checkFeed(feed: Feed, signal: AbortSignal): Promise<CheckResult> {
  const name = `dataset ${feed.name}`;
  try {
    const about = await feed.describe(signal, "names");
    const days = about.covers ? `, ${formatPeriod(about.covers)}` : ", no dates";
    return {
      name,
      state: "ok",
      message: `${listWords(about.measures.map((m) => m.name))} by ${listWords(about.dimensions.map((d) => d.name)) || "nothing"}${days}`,
    };
  } catch (error) {
    return {
      name,
      state: "failed",
      message: explainError(error),
      fix: "Correct the file or its description in the datasets file, then ask again.",
    };
  }
}
