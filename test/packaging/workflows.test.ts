import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, ".github/workflows");
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

describe.each(workflows)("the workflow $name", ({ text }) => {
  it("uses only actions pinned to a commit", () => {
    const used = [...text.matchAll(/uses: (\S+)/g)].map((match) => match[1]);

    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
  });

  it("names tests that are there", () => {
    const named = [...text.matchAll(/\btest\/\S+\.test\.ts/g)].map(([path]) => path);

    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("may read unless a job says more, and runs the gate that everybody runs", () => {
    const workflow = parse(text) as { permissions: object; jobs: Record<string, { "timeout-minutes"?: number }> };

    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"]).toBeTypeOf("number");
    expect(text).toContain("- run: .ci/run");
  });
});
