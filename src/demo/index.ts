import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CivilDate } from "../core/fact.ts";
import { COMPANY_DATASETS, companyFiles } from "./files.ts";
import { COMPANY } from "./story.ts";
import { createWorld } from "./world/index.ts";

export const DEMO_LABEL = `Demo data: ${COMPANY} is a simulated company`;
const SEED = 20_240_607;
/** Raised when what is written changes, so that a folder of an earlier version is written anew. */
const VERSION = 5;

const DESCRIPTION = `# Written by the demo: a simulated company. Every receipt from here is labelled demo.
datasets:${COMPANY_DATASETS}`;

/**
 * Writes the company's tables up to the day before `today` into `folder` and gives the path of the datasets file.
 * Does nothing when that day's tables are there. A reader sees the old table or the new one, never a half.
 */
export function writeDemoCompany(folder: string, today: CivilDate, seed = SEED): string {
  const description = join(folder, "datasets.yaml");
  const stamp = join(folder, `written-${today}-${seed}-${VERSION}`);
  if (existsSync(stamp) && existsSync(description)) return description;
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(companyFiles(createWorld(today, seed)))) replaceFile(join(folder, name), content);
  replaceFile(description, DESCRIPTION);
  writeFileSync(stamp, "");
  return description;
}

function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
