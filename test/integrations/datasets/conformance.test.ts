import type { Integration } from "../../../src/core/integration.ts";
import { datasets } from "../../../src/integrations/datasets/index.ts";
import { testIntegration } from "../../kit/integration-conformance.ts";
import { LEDGER_SOURCES } from "./sources.ts";
import { openWorld } from "./world.ts";

const KINDS = ["CSV with semicolons", "Parquet with types", "JSON lines", "a SQLite table", "a PostgreSQL table with types"];

for (const source of LEDGER_SOURCES.filter((s) => KINDS.includes(s.name)))
  testIntegration({
    name: `datasets: ${source.name}`,
    integration: datasets as unknown as Integration,
    async start() {
      const world = openWorld();
      const yaml = `datasets:${await source.make(world)}`;
      return {
        settings: { DATASETS: world.write("good.yaml", yaml) },
        broken: { DATASETS: world.write("broken.yaml", "datasets:\n  - name: lost\n    source: nowhere.csv\n") },
        async stop() {
          await world.close();
          await source.stop?.();
        },
      };
    },
  });
