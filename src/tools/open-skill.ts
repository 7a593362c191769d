import { z } from "zod";
import type { Skill } from "../core/knowledge.ts";
import type { TableBlock } from "../core/reply.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { listed, saidParameter, shelfOf, skillIn, skillNamed } from "./skill-shelf.ts";

const output = z.object({
  skill: z.string().nullable(),
  allowedTools: z.array(z.string()).nullable(),
  skills: z.array(z.object({ name: z.string(), description: z.string(), kind: z.string(), version: z.string().nullable() })),
});

export const openSkill = defineTool({
  name: "open_skill",
  title: "Skills",
  description:
    "Ways of working, written down: cost review, incident triage, weekly summary, release notes and others, and the prompt library with its versions. Opens one by its name and gives its instructions and the tools it uses; without a name it lists them all. Use it when a request matches a skill, before the work begins.",
  examples: [
    "which skills are there?",
    "list the skills",
    "open the skill cost-review",
    "show me the incident triage skill",
    "what is in the prompt library?",
    "how do you do a sprint review?",
    "what skills do you have?",
    "which playbooks are there?",
    "how does the cost review work?",
    "show me the prompt library",
    "which ways of working do you know?",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "skills", hint: "[NAME]" },
  input: z.strictObject({
    skill: z.string().min(1).max(64).optional().describe('Its name: "cost-review".'),
    query: saidParameter,
  }),
  output,

  async run({ skill: name, query }, context): Promise<Finding> {
    const skills = await shelfOf(context).list();
    const skill = name === undefined ? skillIn(query, skills) : skillNamed(name, skills);
    const rows = skills.map((s) => ({
      name: s.name,
      description: s.description,
      kind: s.metadata.kind ?? "skill",
      version: s.metadata.version ?? null,
    }));
    return skill ? opened(skill, rows) : overview(skills, rows);
  },
});

type Rows = z.output<typeof output>["skills"];

function opened(skill: Skill, skills: Rows): Finding {
  const { name, description, body, allowedTools, metadata } = skill;
  const version = metadata.version ? `, version ${metadata.version}` : "";
  const uses = allowedTools ? `\n\n_Tools: ${allowedTools.map((t) => `\`${t}\``).join(", ")}_` : "";
  const text = `**Skill ${name}${version}.** ${description}\n\n${body}${uses}`;
  return {
    content: text,
    data: { skill: name, allowedTools: allowedTools ? [...allowedTools] : null, skills },
    blocks: [{ type: "markdown", text }],
    receipts: [],
    suggestions: [...(skill.steps.length > 0 ? [`/skill ${name}`] : []), ...listed(metadata.asks)].slice(0, 3),
  };
}

function overview(skills: readonly Skill[], rows: Rows): Finding {
  const table: TableBlock = {
    type: "table",
    columns: ["skill", "what it does", "kind", "version"].map((label) => ({ label, type: "text" as const })),
    rows: skills.map(({ name, description, metadata }) => [
      name,
      firstSentence(description),
      metadata.kind ?? "skill",
      metadata.version ?? null,
    ]),
  };
  const text =
    skills.length === 0
      ? "There are no skills. Put a folder with a SKILL.md into the folder that SKILLS_DIR names."
      : `There are ${skills.length} skills. Run one with \`/skill NAME\`; a coach answers with \`/coach\`.`;
  return {
    content: `${text}\n\n${skills.map((s) => `- ${s.name}: ${firstSentence(s.description)}`).join("\n")}`,
    data: { skill: null, allowedTools: null, skills: rows },
    blocks: [{ type: "markdown", text }, table],
    receipts: [],
    suggestions: skills
      .filter((s) => s.steps.length > 0)
      .map((s) => `/skill ${s.name}`)
      .slice(0, 3),
  };
}

function firstSentence(text: string): string {
  return /^.*?[.](?=\s|$)/s.exec(text)?.[0] ?? text;
}
