import { addDays, fromInstant } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import type { Imported } from "../records/imports/index.ts";
import type { Running } from "./context.ts";

const FIRST_AFTER_MS = 2 * 60_000;
const HOUR_MS = 3_600_000;
/** Sources mend their last days: an hour to two days late. */
const DAYS = 3;
const LONGEST_MS = 10 * 60_000;

export type ImportRecords = (period: Period, signal: AbortSignal) => Promise<Imported[]>;

/** Never twice at once: who asks meanwhile gets what the run under way gives, and then a run of their own. */
export function createImports({ store, sources }: Pick<Running, "store" | "sources">): ImportRecords {
  let before: Promise<unknown> = Promise.resolve();
  return (period, signal) => {
    const run = before.then(async () => {
      const { importRecords } = await import("../records/imports/index.ts");
      return importRecords({ records: store.records, people: store.people, feeds: sources.feeds }, period, signal);
    });
    before = run.catch(() => undefined);
    return run;
  };
}

/** Some minutes after the start and then every so many hours. Gives what ends it. */
export function startImports(importRecords: ImportRecords, { config, sources, log, now, onFault }: Running): () => void {
  const hours = config.core.IMPORT_HOURS;
  if (hours === 0) return () => {};
  const stopping = new AbortController();
  const work = async () => {
    const { importable } = await import("../records/imports/index.ts");
    if (!importable(sources.feeds)) return;
    const today = fromInstant(now());
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(LONGEST_MS)]);
    for (const { source, kind, kept, problem } of await importRecords({ from: addDays(today, -DAYS), to: today }, signal))
      log[problem === null ? "info" : "warn"]("import", { source, kind, kept, problem });
  };
  const safely = () =>
    void work().catch((error: unknown) => {
      if (!stopping.signal.aborted) onFault(error);
    });
  const first = setTimeout(safely, FIRST_AFTER_MS).unref();
  const next = setInterval(safely, hours * HOUR_MS).unref();
  return () => {
    clearTimeout(first);
    clearInterval(next);
    stopping.abort();
  };
}
