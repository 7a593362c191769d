import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CivilDate } from "../core/fact.ts";
import { billCsv } from "./bill.ts";
import { COMPANY_DATASETS, companyFiles } from "./files.ts";
import { COMPANY } from "./story.ts";
import { createWorld } from "./world/index.ts";

export const DEMO_LABEL = `Demo data: ${COMPANY} is a simulated company`;
const SEED = 20_240_607;
/** Raised when what is written changes, so that a folder of an earlier version is written anew. */
const VERSION = 4;

const DESCRIPTION = `# Written by the demo: a simulated company. Every receipt from here is labelled demo.
datasets:
  - name: bill
    title: ${COMPANY} cloud bill
    source: bill.csv
    time: ChargePeriodStart
    measures: [{ name: cost, column: BilledCost, unit: currency, currency_column: BillingCurrency }]
    dimensions:
      - { name: service, column: ServiceName }
      - { name: account, column: SubAccountName }
      - { name: region, column: RegionId }
      - { name: service_category, column: ServiceCategory }
      - { name: charge_category, column: ChargeCategory }
      - { name: provider, column: ProviderName }
    feed: costs
    rolling: true
    provisional_days: 2
    simulated: true${COMPANY_DATASETS}`;

/**
 * Writes the company's bill and tables up to the day before `today` into `folder` and gives the path of the datasets file.
 * Does nothing when that day's bill is there. A reader sees the old bill or the new one, never a half.
 */
export function writeDemoCompany(folder: string, today: CivilDate, seed = SEED): string {
  const description = join(folder, "datasets.yaml");
  const stamp = join(folder, `written-${today}-${seed}-${VERSION}`);
  if (existsSync(stamp) && existsSync(description)) return description;
  mkdirSync(folder, { recursive: true });
  replaceFile(join(folder, "bill.csv"), billCsv(today, seed));
  for (const [name, content] of Object.entries(companyFiles(createWorld(today, seed)))) replaceFile(join(folder, name), content);
  replaceFile(description, DESCRIPTION);
  writeFileSync(stamp, "");
  return description;
}

function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}
