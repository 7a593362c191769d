import type { Knowledge, SkillShelf } from "../../src/core/knowledge.ts";
import type { ToolContext } from "../../src/core/tool.ts";
import { createKnowledge, type DocumentSource, folderSource } from "../../src/knowledge/index.ts";
import { readSkills } from "../../src/skills/index.ts";
import { billFeed } from "../kit/fixture-feed.ts";
import { temporary } from "../knowledge/kit.ts";
import { contextOf } from "./world.ts";

const root = (name: string) => new URL(`../../${name}`, import.meta.url).pathname;

export const shippedSkills: SkillShelf = { list: async () => (await readSkills([root("skills")])).skills };

/** A turn with the shipped knowledge and skills, or with other documents. */
export function libraryContext(
  sources: readonly DocumentSource[] = [folderSource(root("knowledge"))],
): ToolContext & { knowledge: Knowledge; skills: SkillShelf } {
  const context = contextOf([billFeed()]);
  return { ...context, knowledge: createKnowledge({ sources, folder: temporary(), now: () => context.now }), skills: shippedSkills };
}
