import { z } from "zod";
import type { Skill, SkillStep } from "../core/knowledge.ts";
import { parameters } from "../core/parameters.ts";
import type { Block } from "../core/reply.ts";
import { cut, listWords } from "../core/text.ts";
import { defineTool, type Finding, hasItsFeeds, type Tool, type ToolContext } from "../core/tool.ts";
import { explainError, UserError, VendorError } from "../errors.ts";
import { isCoach, listed, partOf, saidParameter, shelfOf, skillIn, skillNamed } from "./skill-shelf.ts";

const output = z.object({
  skill: z.string(),
  steps: z.array(z.object({ title: z.string(), tool: z.string(), done: z.boolean(), note: z.string().nullable(), data: z.unknown() })),
});

const CHARACTERS = 7_200;
/** A skill that calls skills would never end. */
const NEVER_A_STEP = new Set(["run_skill", "open_skill"]);

export const runSkill = defineTool({
  name: "run_skill",
  title: "Run a skill",
  description:
    "Works through a skill step by step: each step is a call of one of the tools the skill is allowed, with its figures, charts and sources; a step whose source is not connected is left out and named. Use it when someone asks for a cost review, incident triage, weekly executive summary, sprint review, project analysis or another skill by name.",
  examples: [
    "run the cost review",
    "do a cost review for last month",
    "run the skill cost-review",
    "run the incident triage",
    "run the skill incident-triage",
    "run the weekly executive summary",
    "give me the weekly executive summary",
    "run the pareto report",
    "run the sprint review",
    "prepare the sprint review",
    "run the account plan",
    "prepare an account plan",
    "run the project analysis",
    "run a project analysis",
    "run the release notes",
    "write the release notes",
    "write a weekly summary for the executives",
    "prepare the board summary",
    "write the release notes for last week",
    "triage the current incident",
    "do the sprint review",
    "make an account plan for our biggest customer",
    "analyse the project gate-api",
    "write a technical post about our last release",
    "tailor my resume",
    "do a pareto report",
    "release notes for the last two weeks",
    "draft a technical blog post",
    "weekly executive summary",
    "prepare me for the account review",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "skill", hint: "NAME [period]" },
  input: z.strictObject({
    skill: z.string().min(1).max(64).optional().describe('Its name: "cost-review".'),
    query: saidParameter,
    period: parameters.period,
  }),
  output,

  async run({ skill: name, query, period }, context): Promise<Finding> {
    const all = await shelfOf(context).list();
    const coach = skillIn(name ?? query, all.filter(isCoach));
    if (coach) throw toCoach(coach);
    const skills = all.filter((s) => !isCoach(s));
    const skill = name === undefined ? skillIn(query, skills) : skillNamed(name, skills);
    if (!skill)
      throw new UserError(
        `Say which skill. There is ${listWords(
          skills.map((s) => s.name),
          30,
        )}.`,
        {
          path: "skill",
          suggestions: skills
            .filter((s) => s.steps.length > 0)
            .slice(0, 3)
            .map((s) => `/skill ${s.name}`),
        },
      );
    if (skill.steps.length === 0) return byHand(skill);
    const done: Done[] = [];
    for (const step of skill.steps) {
      context.signal.throwIfAborted();
      done.push(await take(step, skill, period, context));
    }
    return findingOf(skill, done);
  },
});

/** A coach has no steps: it is asked. */
function toCoach(coach: Skill): UserError {
  return new UserError(`“${coach.name}” answers questions. Ask it with \`/coach ${partOf(coach)} QUESTION\`.`, {
    path: "skill",
    suggestions: listed(coach.metadata.asks).slice(0, 3),
  });
}

interface Done {
  step: SkillStep;
  finding?: Finding;
  /** Why it was left out. */
  note?: string;
}

/** One step within what the skill allows; what a source lacks is told, not thrown. */
async function take(step: SkillStep, skill: Skill, period: unknown, context: ToolContext): Promise<Done> {
  const tool = context.tools.find((t) => t.name === step.tool);
  const allowed = skill.allowedTools === undefined || skill.allowedTools.includes(step.tool);
  if (!tool) return { step, note: `“${step.tool}” is not connected` };
  if (!allowed || tool.effect !== "read" || NEVER_A_STEP.has(step.tool)) return { step, note: "the skill may not use that tool" };
  if (!hasItsFeeds(tool, context.feeds))
    return {
      step,
      note: `no source of ${[tool.reads ?? []]
        .flat()
        .map((k) => k.replaceAll("_", " "))
        .join(" or ")} is connected`,
    };
  const parsed = tool.input.safeParse(inputOf(step, tool, period));
  if (!parsed.success) return { step, note: "its arguments do not fit the tool any more" };
  try {
    return { step, finding: await tool.run(parsed.data, context) };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof VendorError)) throw error;
    return { step, note: explainError(error) };
  }
}

/** A period that was asked for replaces the step's own, where the tool takes one. */
function inputOf({ input }: SkillStep, tool: Tool, period: unknown): Record<string, unknown> {
  return period !== undefined && "period" in tool.input.shape ? { ...input, period } : { ...input };
}

function findingOf(skill: Skill, done: readonly Done[]): Finding {
  const answered = done.filter((d) => d.finding);
  const left = done.filter((d) => d.note !== undefined);
  const missing = left.length === 0 ? "" : `\n\nLeft out:\n${left.map((d) => `- ${d.step.title}: ${d.note}`).join("\n")}`;
  const head = `**${titleOf(skill.name)}**: ${answered.length} of ${done.length} steps.${missing}`;
  const share = Math.floor(CHARACTERS / Math.max(1, answered.length));
  const parts = answered.flatMap(({ step, finding }): Block[] => {
    const [first, ...rest] = finding?.blocks ?? [];
    const text = first?.type === "markdown" ? first.text : (finding?.content ?? "");
    return [{ type: "markdown", text: `**${step.title}**\n\n${text}` }, ...(first?.type === "markdown" ? rest : (finding?.blocks ?? []))];
  });
  return {
    content: [head, ...answered.map(({ step, finding }) => `**${step.title}**\n\n${cut(finding?.content ?? "", share)}`)].join("\n\n"),
    data: {
      skill: skill.name,
      steps: done.map(({ step, finding, note }) => ({
        title: step.title,
        tool: step.tool,
        done: finding !== undefined,
        note: note ?? null,
        data: finding?.data ?? null,
      })),
    },
    blocks: [{ type: "markdown", text: head }, ...parts],
    facts: answered.flatMap(({ finding }) => finding?.facts ?? []),
    receipts: answered.flatMap(({ finding }) => finding?.receipts ?? []),
    suggestions: [...new Set([...listed(skill.metadata.asks), ...answered.flatMap(({ finding }) => finding?.suggestions ?? [])])].slice(
      0,
      3,
    ),
  };
}

/** A skill of judgement has no calls of its own: its instructions are what there is. */
function byHand(skill: Skill): Finding {
  const text = `**${titleOf(skill.name)}** is written by a language model or by you; these are its instructions.\n\n${skill.body}`;
  return {
    content: text,
    data: { skill: skill.name, steps: [] },
    blocks: [{ type: "markdown", text }],
    receipts: [],
    suggestions: listed(skill.metadata.asks).slice(0, 3),
  };
}

function titleOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("-", " ")}`;
}
