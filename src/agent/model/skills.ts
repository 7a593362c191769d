import { z } from "zod";
import type { Turn } from "../../core/agent.ts";
import type { SkillShelf } from "../../core/knowledge.ts";
import { listWords } from "../../core/text.ts";
import type { Finding } from "../../core/tool.ts";

/** Skills as the model meets them: names in the prompt, one opened by its name, and from then on only the tools it may use. */

export const OPEN_SKILL = "open_skill";

/** As much of the finding of OPEN_SKILL as binds the turn. */
const opened = z.object({ skill: z.string(), allowedTools: z.array(z.string()) });

/** What the skills that were opened in a turn leave to be called. */
export interface SkillBounds {
  /** Names of the tools that may still be called; undefined: all of the turn. Another skill may always be opened: that never widens them. */
  readonly allowed: ReadonlySet<string> | undefined;
  /** Why a call may not run now, in words for the model; undefined when it may. */
  refuses(tool: string): string | undefined;
  /** Told of each finding of a tool. */
  learn(tool: string, finding: Finding): void;
}

export function createSkillBounds(): SkillBounds {
  let allowed: ReadonlySet<string> | undefined;
  const skills: string[] = [];
  return {
    get allowed() {
      return allowed;
    },
    refuses(tool) {
      if (allowed === undefined || tool === OPEN_SKILL || allowed.has(tool)) return undefined;
      const may = allowed.size > 0 ? `only ${listWords([...allowed], 30)}` : "no tool together";
      return `${named(skills)} allows ${may}; “${tool}” stays closed until the next question. Go on with those, and name what is missing.`;
    },
    learn(tool, { data }) {
      const bounds = tool === OPEN_SKILL ? opened.safeParse(data).data : undefined;
      if (!bounds) return;
      const before = allowed;
      allowed = new Set(bounds.allowedTools.filter((name) => before === undefined || before.has(name)));
      skills.push(bounds.skill);
    },
  };
}

function named(skills: readonly string[]): string {
  return `The skill ${listWords(skills.map((name) => `“${name}”`))}, which was opened for this answer,`;
}

/** Milliseconds for which the names of the skills are taken for known: they are files. */
const KNOWN_MS = 60_000;
const known = new WeakMap<SkillShelf, { at: number; names: readonly string[] }>();

/** The names of the skills that this turn's model can open, sorted; none where it cannot open any, or they cannot be read. */
export async function skillNames({ tools, context: { skills, now } }: Turn): Promise<readonly string[]> {
  if (!skills || !tools.some(({ name }) => name === OPEN_SKILL)) return [];
  const before = known.get(skills);
  if (before && Math.abs(now.getTime() - before.at) < KNOWN_MS) return before.names;
  const list = await skills.list().catch(() => []);
  const names = list.map(({ name }) => name).sort();
  known.set(skills, { at: now.getTime(), names });
  return names;
}
