import type { GetPromptResult, Prompt } from "@modelcontextprotocol/server";
import { closest, cut } from "../core/text.ts";
import { UserError } from "../errors.ts";
import type { Skill } from "./world.ts";

/** Longest description and subject that are passed on, in characters. */
const MOST_DESCRIPTION = 1_024;
const MOST_SUBJECT = 4_000;

/** A skill as a prompt: its way of working, and what to apply it to. */
export function toPrompt({ name, description }: Skill): Prompt {
  return {
    name,
    description: cut(description, MOST_DESCRIPTION),
    arguments: [{ name: "subject", description: "What to apply it to, in plain words.", required: false }],
  };
}

/** Throws UserError for a name there is not. */
export function openPrompt(skills: readonly Skill[], name: string, given: Readonly<Record<string, string>>): GetPromptResult {
  const skill = skills.find((s) => s.name === name);
  if (!skill) {
    const near = closest(
      name,
      skills.map((s) => s.name),
    );
    throw new UserError(`There is no prompt “${cut(name, 60)}”.${near ? ` Did you mean “${near}”?` : ""}`);
  }
  const subject = given.subject ? `\n\n## Apply it to\n\n${cut(given.subject, MOST_SUBJECT)}` : "";
  return {
    description: cut(skill.description, MOST_DESCRIPTION),
    messages: [{ role: "user", content: { type: "text", text: `${skill.body}${subject}` } }],
  };
}
