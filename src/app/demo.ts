import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { loadConfig, processSources } from "../config/index.ts";
import { civilDate } from "../core/civil-date.ts";
import { settingsGroups } from "./connections.ts";
import type { Store } from "./store.ts";

export interface DemoSettings {
  /** Settings that point at the simulated company. */
  overrides: Record<string, string>;
  /** Where its vendors answer. */
  origins: readonly string[];
  /** Writes the files of a new day; does nothing while the day is the same. */
  refresh(): void;
  close(): Promise<void>;
}

/** V8 would rather take a gigabyte than collect what making two years leaves behind; the company itself needs a third of it. */
const MODEST = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 16 };

/** What the company's thread tells once it can answer. */
interface Opened {
  origin: string;
  settings: Readonly<Record<string, string>>;
  datasets: string;
}

/** Puts the company's projects on record where there are none. */
export async function recordDemoProjects({ records }: Pick<Store, "records">): Promise<void> {
  const { projects } = await import("../records/projects.ts");
  const { records: known } = await records.list(projects, { limit: 1, archived: "all" }, "all");
  if (known.length > 0) return;
  const { DEMO_PROJECTS } = await import("../demo/projects.ts");
  for (const project of DEMO_PROJECTS) await records.create(projects, project, FOUNDER, `demo-${project.name}`);
}

const FOUNDER = { id: "demo", sight: "all" } as const;

/** A simulated company: its vendors on a loopback port and its files in a folder, kept by a thread. Production code reads them like any other. */
export async function prepareDemo(given: Readonly<Record<string, string>>, now: () => Date): Promise<DemoSettings> {
  const { core } = await loadConfig(processSources(given), settingsGroups());
  const folder = resolve(core.DATA_DIR, "demo");
  const day = () => civilDate(now(), core.TIME_ZONE);
  const thread = new Worker(new URL("../demo/worker.ts", import.meta.url), {
    workerData: { folder, today: day() },
    resourceLimits: MODEST,
  });
  const opened = await new Promise<Opened>((resolveWith, reject) => {
    thread.once("message", resolveWith);
    thread.once("error", reject);
  });
  // A demo that is done must not be kept alive by its company.
  thread.unref();
  const database = core.DATABASE_URL ? {} : { DATABASE_URL: `sqlite:${join(resolve(core.DATA_DIR), "demo.db")}` };
  return {
    overrides: { ...given, ...opened.settings, DATASETS: opened.datasets, ...database },
    origins: [opened.origin],
    refresh: () => thread.postMessage(day()),
    async close() {
      await thread.terminate();
    },
  };
}
