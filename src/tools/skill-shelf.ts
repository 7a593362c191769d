import { z } from "zod";
import type { Skill, SkillShelf } from "../core/knowledge.ts";
import { closest, listWords, plainWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { wordsOf } from "../core/value-names.ts";
import { UserError } from "../errors.ts";

/** A field that takes the whole of what was said, and may stay empty. */
export const saidParameter = z.string().max(400).default("").describe("Words that hold its name, as the person said them.");

/** Throws UserError where this deployment has none. */
export function shelfOf({ skills }: ToolContext): SkillShelf {
  if (!skills) throw new UserError("There are no skills here. Set SKILLS_DIR to a folder with one folder per skill.");
  return skills;
}

export function isCoach(skill: Skill): boolean {
  return skill.metadata.kind === "coach";
}

/** The part of the knowledge a coach answers from, which is also what it is called: "ewm". */
export function partOf(coach: Skill): string {
  return coach.metadata.part ?? coach.name.replace(/^coach-/, "");
}

/** The skill of that name. Throws UserError with the nearest, or all there are. */
export function skillNamed(name: string, skills: readonly Skill[]): Skill {
  const plain = wordsOf(name).join("-");
  const found = skills.find((s) => s.name === plain);
  if (found) return found;
  const names = skills.map((s) => s.name);
  const near = closest(plain, names);
  throw new UserError(
    `There is no skill “${plainWords(name)}”. ${near ? `Did you mean “${near}”?` : `There is ${listWords(names, 30)}.`}`,
    {
      path: "skill",
      suggestions: near ? [`/skill ${near}`] : [],
    },
  );
}

/** The skill whose name stands in what was said: "do a cost review for last month". The longest name wins; else the only one whose words were said in short ("exec"). undefined when there is none. */
export function skillIn(said: string, skills: readonly Skill[]): Skill | undefined {
  const words = wordsOf(said);
  const line = ` ${words.join(" ")} `;
  const named = skills.filter(({ name }) => line.includes(` ${name.replaceAll("-", " ")} `));
  if (named.length > 0) return named.sort((a, b) => b.name.length - a.name.length)[0];
  const meant = skills.filter(({ name }) => name.split("-").every((part) => words.some((word) => isShortFor(word, part))));
  return meant.length === 1 ? meant[0] : undefined;
}

/** "exec" is short for "executive", "tailor" for "tailoring". */
function isShortFor(word: string, part: string): boolean {
  return word === part || (Math.min(word.length, part.length) >= 4 && (part.startsWith(word) || word.startsWith(part)));
}

/** Lists kept in one string of a skill's metadata, parted by bars. */
export function listed(text: string | undefined): string[] {
  return (text ?? "").split("|").flatMap((part) => part.trim() || []);
}
