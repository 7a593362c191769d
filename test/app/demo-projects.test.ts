import { randomUUID } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { recordDemoProjects } from "../../src/app/demo.ts";
import { DEMO_PROJECTS } from "../../src/demo/projects.ts";
import { projectFields, projects } from "../../src/records/projects.ts";
import { createRecords } from "../../src/records/record-store.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";

test("the simulated company's projects are on record once, and one that was archived does not come back", async () => {
  const database = await openDatabase("sqlite::memory:");
  onTestFinished(() => database.close());
  await migrate(database);
  const records = createRecords(database, () => new Date("2026-11-21T09:00:00Z"), randomUUID);
  const by = { id: "ada", sight: "all" } as const;
  const names = async () => (await records.list(projects, { limit: 50 }, "all")).records.map(({ data }) => data.name).sort();

  await recordDemoProjects({ records });
  const [first] = (await records.list(projects, { limit: 1 }, "all")).records;
  await records.setArchived(projects, first?.id ?? "", true, by);
  await recordDemoProjects({ records });

  expect(await names()).toEqual(
    DEMO_PROJECTS.map(({ name }) => name)
      .filter((name) => name !== first?.data.name)
      .sort(),
  );
  for (const project of DEMO_PROJECTS) expect(projectFields.safeParse(project).success).toBe(true);
});
