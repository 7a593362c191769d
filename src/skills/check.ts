import { z } from "zod";
import type { SkillFile } from "./find.ts";
import { parseSkill } from "./parse.ts";

/** The specification, to the letter, for the skills we ship: agentskills.io, "docs/specification". */
const strict = z.strictObject({
  name: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  description: z.string().min(1).max(1_024),
  license: z.string().optional(),
  compatibility: z.string().min(1).max(500).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  "allowed-tools": z.string().optional(),
});

const MOST_LINES = 500;
/** 5,000 tokens of English. */
const MOST_CHARACTERS = 20_000;

/** Everything that keeps a skill from being valid, in words; empty when nothing does. `tools` are the names there are. */
export async function checkSkill(file: SkillFile, tools: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  const yaml = /^---\n([\s\S]*?)\n---\n/.exec(file.text)?.[1];
  if (yaml === undefined) return ["it does not begin with a header between two lines of “---”"];
  const { parse } = await import("yaml");
  const checked = strict.safeParse(parse(yaml));
  if (!checked.success) problems.push(...checked.error.issues.map((i) => `${i.path.join(".") || "header"}: ${i.message}`));
  else if (checked.data.name !== file.folder) problems.push(`name: is “${checked.data.name}”, and the folder “${file.folder}”`);
  if (checked.success && !/\b[Uu]se (?:it |this )?(?:when|for|before|after)\b/.test(checked.data.description))
    problems.push("description: does not say when to use it");
  const { skill, problems: odd } = await parseSkill(file);
  problems.push(...odd.filter((p) => !p.startsWith("its name")));
  if (skill.body.split("\n").length > MOST_LINES || skill.body.length > MOST_CHARACTERS)
    problems.push("body: longer than 500 lines or 5,000 tokens");
  const known = new Set(tools);
  for (const tool of skill.allowedTools ?? []) if (!known.has(tool)) problems.push(`allowed-tools: there is no tool “${tool}”`);
  for (const { tool } of skill.steps)
    if (!known.has(tool)) problems.push(`steps: there is no tool “${tool}”`);
    else if (skill.allowedTools && !skill.allowedTools.includes(tool)) problems.push(`steps: “${tool}” is not among the allowed tools`);
  return problems;
}
