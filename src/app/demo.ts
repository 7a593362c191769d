import { join, resolve } from "node:path";
import { loadConfig, processSources } from "../config.ts";
import { civilDate } from "../core/civil-date.ts";
import { settingsGroups } from "./connections.ts";

export interface DemoSettings {
  /** Settings that point at the simulated company. */
  overrides: Record<string, string>;
  /** Where its vendors answer. */
  origins: readonly string[];
  /** Writes the files of a new day; does nothing while the day is the same. */
  refresh(): void;
  close(): Promise<void>;
}

/** A simulated company: its vendors on a loopback port and its files in a folder. Production code reads them like any other. */
export async function prepareDemo(given: Readonly<Record<string, string>>, now: () => Date): Promise<DemoSettings> {
  const { core } = await loadConfig(processSources(given), settingsGroups());
  const { writeDemoCompany } = await import("../demo/index.ts");
  const { startHost } = await import("../demo/host.ts");
  const { simulators } = await import("../demo/vendors/index.ts");
  const folder = resolve(core.DATA_DIR, "demo");
  const refresh = () => writeDemoCompany(folder, civilDate(now(), core.TIME_ZONE));
  const database = core.DATABASE_URL ? {} : { DATABASE_URL: `sqlite:${join(resolve(core.DATA_DIR), "demo.db")}` };
  const host = await startHost({ simulators, now });
  return {
    overrides: { ...given, ...host.settings, DATASETS: refresh(), ...database },
    origins: [host.origin],
    refresh,
    close: () => host.close(),
  };
}
