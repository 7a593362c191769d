import type { Turn } from "../../core/agent.ts";
import { wordsOf } from "../../core/value-names.ts";
import type { Decision } from "./decide.ts";

const RUN =
  /^\W*(?:(?:please|kindly|can you|could you)\W+)?(?:run|do|start|use|execute|perform|prepare)\s+(?:(?:the|a|an|our)\s+)?(?:skill\s+)?([\w -]{3,60}?)(?:\s+skill)?\W*$/i;

/** "run cost-review", "do the sprint review": a skill by the whole of its name. Nothing else need be understood for that, and no source be asked. */
export async function namedSkill({ message, tools, context }: Turn): Promise<Decision | undefined> {
  const said = RUN.exec(message.text)?.[1];
  const tool = tools.find(({ effect, input }) => effect === "read" && "skill" in input.shape && "period" in input.shape);
  if (said === undefined || !tool || !context.skills) return undefined;
  const name = wordsOf(said).join("-");
  const found = (await context.skills.list()).some((skill) => skill.name === name && skill.metadata.kind !== "coach");
  return found ? { kind: "call", tool, input: { skill: name } } : undefined;
}
