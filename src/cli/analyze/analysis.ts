import type { ParseArgsOptionsConfig } from "node:util";
import type { Feed } from "../../core/feed.ts";
import type { Table } from "../../core/table.ts";
import type { World } from "../command.ts";

/** One analysis of files: a line of `firstmate analyze --help`. */
export interface Analysis {
  readonly name: string;
  /** After the name: "--in FILE --by COLUMN …". */
  readonly usage: string;
  readonly summary: string;
  /** One line per option. */
  readonly details: readonly string[];
  readonly options: ParseArgsOptionsConfig;
  /** Gives the exit status. Throws WrongUse for options that make no sense, UserError for what the file lacks. */
  run(values: AnalysisValues, files: AnalysisFiles, world: World): Promise<number>;
}

/** Options as given; a flag is true. */
export type AnalysisValues = Readonly<Record<string, string | boolean | undefined>>;

/** How analyses reach files; handed over by the composition root. */
export interface AnalysisFiles {
  /** A CSV, Parquet or JSON file. Throws UserError when it cannot be read. */
  readTable(path: string, signal: AbortSignal): Promise<Table>;
  /** One file as a feed, with the columns as its only dimension and measure. */
  openFeed(path: string, columns: { by: string; measure: string; unit?: string }): Promise<{ feed: Feed; close(): Promise<void> }>;
}
