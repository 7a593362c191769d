import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface SkillFile {
  /** The folder's own name. */
  folder: string;
  /** Of SKILL.md. */
  text: string;
  /** Of assets/steps.json, when there is one. */
  steps?: string;
}

/** Every folder directly below that holds a SKILL.md, in the order of names. A folder that is not there has none. */
export async function findSkills(root: string): Promise<SkillFile[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((e) => e.isDirectory() && !e.name.startsWith(".")).map((e) => e.name);
  const files = await Promise.all(names.sort().map((name) => read(root, name)));
  return files.filter((file) => file !== undefined);
}

async function read(root: string, folder: string): Promise<SkillFile | undefined> {
  const text = await readFile(join(root, folder, "SKILL.md"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const steps = await readFile(join(root, folder, "assets", "steps.json"), "utf8").catch(() => undefined);
  return { folder, text, ...(steps === undefined ? {} : { steps }) };
}
