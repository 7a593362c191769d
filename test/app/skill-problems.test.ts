import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { firstmate, remove, temporaryFolder } from "../kit/app.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await temporaryFolder();
});
afterEach(() => remove(dataDir));

it("doctor names a skill that cannot be read, and goes on without it", async () => {
  const folder = join(dataDir, "skills");
  await mkdir(join(folder, "cost-reveiw"), { recursive: true });
  await writeFile(join(folder, "cost-reveiw", "SKILL.md"), "# No header\n");

  const { out } = await firstmate(["doctor"], { dataDir, env: { SKILLS_DIR: folder } });

  expect(out).toMatch(/warning\s+skills: cost-reveiw: it has no header/);
  expect(out).toMatch(/ok\s+knowledge: .* skills/);
}, 60_000);
