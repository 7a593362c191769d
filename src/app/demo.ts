import { join, resolve } from "node:path";
import { loadConfig, processSources } from "../config.ts";
import { civilDate } from "../core/civil-date.ts";
import { settingsGroups } from "./connections.ts";

export interface DemoSettings {
  /** Settings that point at the simulated company. */
  overrides: Record<string, string>;
  /** Writes the bill of a new day; does nothing while the day is the same. */
  refresh(): void;
}

/** The demo is a folder of the simulated company's bills: production code reads them like any other. */
export async function prepareDemo(given: Readonly<Record<string, string>>, now: () => Date): Promise<DemoSettings> {
  const { core } = await loadConfig(processSources(given), settingsGroups());
  const { writeDemoCompany } = await import("../demo/index.ts");
  const folder = resolve(core.DATA_DIR, "demo");
  const refresh = () => writeDemoCompany(folder, civilDate(now(), core.TIME_ZONE));
  const database = core.DATABASE_URL ? {} : { DATABASE_URL: `sqlite:${join(resolve(core.DATA_DIR), "demo.db")}` };
  return { overrides: { ...given, DATASETS: refresh(), ...database }, refresh };
}
