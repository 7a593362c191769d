import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { documents } from "../scripts/documents.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("the documents", () => {
  it.each(documents())("$path is as the code says (else run npm run docs)", ({ path, content }) => {
    expect(read(path)).toBe(content);
  });

  it("the README names only scripts that exist", () => {
    const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts);
    const named = [...read("README.md").matchAll(/npm (?:run (?:-s )?([\w:]+)|(test|start))\b/g)].map(
      (match) => match[1] ?? match[2] ?? "",
    );

    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
    expect(named).toContain("demo");
    expect(named).toContain("test");
  });

  it("the README links only to files that exist", () => {
    const links = [...read("README.md").matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? "");

    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect(() => readFileSync(join(root, link))).not.toThrow();
  });

  it("continuous integration runs the README's install and test commands", () => {
    const steps = read(".ci/run").split("\n");

    expect(steps).toContain("npm ci");
    expect(steps).toContain("npm test");
    expect(read("README.md")).toContain("npm ci && npm test");
  });
});
