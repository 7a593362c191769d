import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "../scripts/bundle.ts";
import { openFolder } from "./processes.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The program as it is shipped, made in `folder`; gives its entry. */
export async function makeArtefact(folder: string): Promise<string> {
  await bundle(join(openFolder(folder), "dist"));
  for (const name of ["bin", "package.json", "manifest", "knowledge", "skills", "eval"])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return join(folder, "bin/firstmate.mjs");
}
