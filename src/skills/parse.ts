import { z } from "zod";
import type { Skill, SkillStep } from "../core/knowledge.ts";
import type { SkillFile } from "./find.ts";

/** What the header may say, leniently: the fields used, in any shape that can be read. */
const header = z.object({
  name: z.unknown().optional(),
  description: z.string().trim().min(1),
  "allowed-tools": z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  metadata: z.record(z.string(), z.coerce.string()).optional().catch(undefined),
});

const stepList = z.array(
  z.object({ title: z.string().min(1), tool: z.string().min(1), input: z.record(z.string(), z.unknown()).default({}) }),
);

/**
 * A SKILL.md in the Agent Skills format: a YAML header between two lines of "---", then markdown. Throws Error in words for doctor when
 * there is no header, no description, or no YAML; anything else that is odd is a problem beside the skill.
 */
export async function parseSkill({ folder, text, steps }: SkillFile): Promise<{ skill: Skill; problems: readonly string[] }> {
  const [, yaml, body = ""] = /^\ufeff?---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/.exec(text) ?? [];
  if (yaml === undefined) throw new Error("it has no header between two lines of “---”");
  const { parse } = await import("yaml");
  const parsed = header.safeParse(readYaml(yaml, parse));
  if (!parsed.success) throw new Error("its header has no description that says what it does and when to use it");
  const { description, "allowed-tools": allowed, metadata = {} } = parsed.data;
  const problems: string[] = [];
  if (parsed.data.name !== folder) problems.push(`its name is not that of its folder, “${folder}”; the folder's name counts`);
  const read = steps === undefined ? [] : readSteps(steps);
  if (read === undefined) problems.push("assets/steps.json is not a list of {title, tool, input}; it is left out");
  const allowedTools = allowed === undefined ? undefined : typeof allowed === "string" ? allowed.split(/[\s,]+/).filter(Boolean) : allowed;
  return {
    skill: { name: folder, description, metadata, body: body.trim(), steps: read ?? [], ...(allowedTools ? { allowedTools } : {}) },
    problems,
  };
}

function readYaml(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    throw new Error("its header is not YAML");
  }
}

function readSteps(text: string): SkillStep[] | undefined {
  try {
    return stepList.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
