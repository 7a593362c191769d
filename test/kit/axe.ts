import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const SCRIPT = fileURLToPath(import.meta.resolve("axe-core/axe.min.js"));
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Where only the colours differ from a page that was looked at whole. */
const COLOURS = ["color-contrast", "link-in-text-block"];
let script: Promise<string> | undefined;

/** What axe-core finds wrong with what the page shows now, one line a rule; empty when all is well. */
export async function accessibilityFaults(page: Page, { only }: { only?: "colours" } = {}): Promise<string[]> {
  script ??= readFile(SCRIPT, "utf8");
  await page.evaluate(`${await script};0`);
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, { runOnly: ${JSON.stringify(only ? COLOURS : TAGS)}, resultTypes: ["violations"] })`,
  );
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 4)
        .map(({ target }) => target.join(" "))
        .join(" | ")}`,
  );
}

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[] }[];
}
