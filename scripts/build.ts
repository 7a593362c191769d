import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import { billOfMaterials } from "./sbom.ts";

/**
 * What is shipped, in the npm package and in the image: dist/ with the bundle, the licences of all that is in it, and a list of parts
 * (CycloneDX). With `--pack` also npm-shrinkwrap.json, which gives whoever installs the package the versions of this checkout; it is in
 * the way of npm here, so `--remove` takes it and dist/ away again.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "dist");
const lock = join(root, "npm-shrinkwrap.json");

rmSync(target, { recursive: true, force: true });
rmSync(lock, { force: true });
if (!process.argv.includes("--remove")) {
  mkdirSync(target);
  const packages = await bundle(target);
  writeFileSync(join(target, "LICENSES.txt"), packages.map(licenceOf).join("\n\n"));
  writeFileSync(join(target, "sbom.cdx.json"), `${JSON.stringify(billOfMaterials(root, packages), null, 1)}\n`);
  if (process.argv.includes("--pack")) writeFileSync(lock, withoutTools(readFileSync(join(root, "package-lock.json"), "utf8")));
}

/** The name, and the words its authors ask to be passed on with it. */
function licenceOf(folder: string): string {
  const at = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as Record<string, unknown>;
  const texts = readdirSync(at).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file) && !file.endsWith(".js"));
  return [`${name} ${version} (${license})`, ...texts.map((file) => readFileSync(join(at, file), "utf8").trim())].join("\n\n");
}

/** The lock without the packages that only a checkout needs: those in the bundle, and tools. */
function withoutTools(text: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, { dev?: boolean; devDependencies?: object }> };
  const packages = Object.entries(lock.packages).filter(([, { dev }]) => !dev);
  for (const [, entry] of packages) delete entry.devDependencies;
  return JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 1);
}
