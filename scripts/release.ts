import { readFileSync, writeFileSync } from "node:fs";
import { hasNews, notesOf, released } from "./changelog.ts";

/**
 * Run by `npm version`, which has written the new version to package.json: names it in the changelog and where files name the version.
 * With --check, which runs before that, it only looks whether there is anything to release; with --notes it prints what is said of the
 * version, for the release page.
 */
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const write = (path: string, text: string) => writeFileSync(new URL(`../${path}`, import.meta.url), text);
const { version } = JSON.parse(read("package.json")) as { version: string };

/** Where a version of ours stands outside package.json. */
const NAMED: readonly (readonly [path: string, place: RegExp])[] = [
  ["deploy/kubernetes.yaml", /(?<=image: firstmate:)\S+/g],
  ["docs/operations.md", /(?<=firstmate-)\d[\w.-]*(?=\.tgz)/g],
];

if (process.argv.includes("--check")) {
  // Before the version is written, or the next try would count from it.
  if (!hasNews(read("CHANGELOG.md"))) {
    console.error("Nothing stands below Unreleased in CHANGELOG.md: write what users and operators will notice.");
    process.exitCode = 1;
  }
} else if (process.argv.includes("--notes")) process.stdout.write(notesOf(read("CHANGELOG.md"), version));
else {
  write("CHANGELOG.md", released(read("CHANGELOG.md"), version, new Date().toISOString().slice(0, 10)));
  for (const [path, place] of NAMED) write(path, read(path).replace(place, version));
}
