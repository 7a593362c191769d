import type { Skill } from "../core/knowledge.ts";
import { findSkills, type SkillFile } from "./find.ts";
import { parseSkill } from "./parse.ts";

export { checkSkill } from "./check.ts";
export { parseSkill } from "./parse.ts";

export interface SkillProblem {
  folder: string;
  message: string;
}

/**
 * All skills below the folders, by name; the later folder wins a name. Lenient: a skill is left out only when its header cannot be
 * read or says nothing of when to use it. Read anew each time, so that a changed file counts at once.
 */
export async function readSkills(folders: readonly string[]): Promise<{ skills: readonly Skill[]; problems: readonly SkillProblem[] }> {
  const found = new Map<string, Skill>();
  const problems: SkillProblem[] = [];
  for (const file of (await Promise.all(folders.map(findSkills))).flat()) {
    const read = await readOne(file);
    if ("skill" in read) found.set(read.skill.name, read.skill);
    for (const message of read.problems) problems.push({ folder: file.folder, message });
  }
  const skills = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { skills, problems };
}

async function readOne(file: SkillFile): Promise<{ skill: Skill; problems: readonly string[] } | { problems: readonly string[] }> {
  try {
    return await parseSkill(file);
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : "it cannot be read"] };
  }
}
