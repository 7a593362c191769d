import { z } from "zod";
import { formatPercent } from "../../../core/format.ts";
import { closest, listWords, plainWords } from "../../../core/text.ts";
import { defineTool, type Finding } from "../../../core/tool.ts";
import { matchValues } from "../../../core/value-names.ts";
import { UserError } from "../../../errors.ts";
import { columnsOf, listed } from "../../listing.ts";
import { counted, said, span } from "../../words.ts";
import type { JiraClient } from "../client.ts";
import { receiptOf } from "../receipts.ts";
import { readNames, type Setup } from "../setup.ts";
import { type Figures, SPRINT_NOTE, sumOf } from "../sprint-figures.ts";
import { readSprints, readWork, type Sprint, type SprintWork } from "../sprints.ts";
import { projectsMeant } from "./asked.ts";
import { ISSUE_COLUMNS, issueCells, issueNamed, round, urlOf } from "./issue-words.ts";

const row = z.object({
  sprint: z.string(),
  project: z.string().nullable(),
  state: z.string(),
  unit: z.enum(["points", "issues"]),
  committed: z.number(),
  added: z.number(),
  completed: z.number(),
  carried: z.number(),
  issues: z.object({ committed: z.number(), added: z.number(), completed: z.number(), carried: z.number() }),
  began: z.string(),
  ended: z.string().nullable(),
});
const output = z.object({ n: z.number(), sprints: z.array(row) });
const input = z.strictObject({
  project: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("Only of this project, by key or name; with the issues of its sprint. Else all projects."),
  which: z
    .enum(["active", "last"])
    .optional()
    .describe("The sprint that runs, or the one that was closed last. The active one unless given; where none runs, the last."),
  sprint: z.string().min(1).max(100).optional().describe('One sprint by its name: "GATE Sprint 183".'),
  top: z.int().min(1).max(100).optional().describe("Show only so many of the issues that are not done."),
});
type Input = z.output<typeof input>;

export function sprintReport(client: JiraClient) {
  return defineTool({
    name: "sprint_report",
    title: "Sprint report",
    description:
      "How a sprint goes or went in Jira, for each project: committed when it began, added since, done, and carried over, in points or issues; for one project with the issues that are not done. Use it when someone asks about the current or last sprint, its scope or its result.",
    examples: [
      "how did the last sprint go?",
      "sprint report",
      "current sprint",
      "velocity of the team",
      "how is the sprint going?",
      "sprint predictability",
      "how predictable are our sprints?",
      "did we finish the last sprint?",
      "are we on track in the current sprint?",
      "sprint report for GATE",
      "what was carried over from the last sprint?",
      "how much scope was added to the sprint?",
      "will we make the sprint goal?",
      "what is left in the current sprint?",
      "how is our velocity?",
      "burndown",
      "how many points did we finish?",
      "are we going to finish the sprint?",
      "how full is the sprint?",
      "what did the team finish in the last sprint?",
      "is the sprint at risk?",
      "what spilled over?",
      "how many stories did we finish last sprint?",
    ],
    effect: "read",
    role: "viewer",
    command: { name: "sprint", hint: "[project] [active|last]" },
    input,
    output,

    async run(asked, { now, signal }): Promise<Finding> {
      const [sprints, names] = await Promise.all([readSprints(client, signal), readNames(client, signal)]);
      const projects = asked.project === undefined ? undefined : projectsMeant(asked.project, names.value);
      const meant = sprintsMeant(sprints.items, asked, projects);
      const { work, parts, truncated } = await readWork(client, sprints.setup, meant, signal);
      const cut = [sprints.truncated, truncated].filter(Boolean).join("; ") || undefined;
      const query = `sprints ${meant.map(({ name }) => plainWords(name)).join(", ") || "that have begun"}`;
      const receipt = receiptOf(client, sprints.setup, { what: "sprint-report", query, truncated: cut, notes: [SPRINT_NOTE] }, [
        ...sprints.parts,
        names,
        ...parts,
      ]);
      const [only] = work.length === 1 ? work : [];
      return listed({
        text: only ? storyOf(only, asked, sprints.setup, now) : overview(work, asked),
        tables: [sprintTable(work), ...(only ? [openTable(only, sprints.setup, asked, now)] : [])],
        receipts: [receipt],
        data: { n: work.length, sprints: work.map(rowOf) },
        suggestions: only ? ["where do issues wait the longest?"] : [`sprint report for ${work[0]?.sprint.project ?? "a project"}`],
      });
    },
  });
}

/** The active sprints, else the last of each project; or those of that name. Throws UserError when there is none. */
function sprintsMeant(all: readonly Sprint[], { which, sprint, project }: Input, projects: readonly string[] | undefined): Sprint[] {
  const own = all.filter((s) => projects === undefined || projects.includes(s.project ?? ""));
  if (sprint !== undefined) return named(own, sprint);
  const found = [...Map.groupBy(own, (s) => s.project ?? "").values()].flatMap((list) => {
    const active = which === "last" ? [] : list.filter(({ state }) => state === "active");
    const last = list.findLast(({ state }) => state === "closed");
    return active.length > 0 ? active : last ? [last] : [];
  });
  if (found.length > 0) return found;
  const where = project === undefined ? "on a board that the account sees" : `in ${plainWords(project)}`;
  throw new UserError(`No sprint has begun ${where}.`, { path: "project" });
}

function named(all: readonly Sprint[], spoken: string): Sprint[] {
  const names = [...new Set(all.map(({ name }) => name))];
  const found = new Set(matchValues(spoken, names));
  const sprints = all.filter(({ name }) => found.has(name));
  if (sprints.length > 0) return sprints.slice(-12);
  const near = closest(spoken, names);
  const what = near ? `Did you mean “${plainWords(near)}”?` : `The latest are ${listWords(names.slice(-5).map(plainWords)) || "none"}.`;
  throw new UserError(`There is no sprint “${plainWords(spoken)}” that has begun. ${what}`, {
    path: "sprint",
    suggestions: near ? [near] : [],
  });
}

const AMOUNTS = ["committed", "added", "completed", "carried"] as const;

function amounts({ unit, ...lists }: Figures): Record<(typeof AMOUNTS)[number], number> {
  const of = (name: (typeof AMOUNTS)[number]) => round(sumOf(lists[name], unit));
  return { committed: of("committed"), added: of("added"), completed: of("completed"), carried: of("carried") };
}

function rowOf({ sprint, figures }: SprintWork): z.output<typeof row> {
  const { committed, added, completed, carried } = figures;
  return {
    ...{ sprint: sprint.name, project: sprint.project ?? null, state: sprint.state, unit: figures.unit, ...amounts(figures) },
    issues: { committed: committed.length, added: added.length, completed: completed.length, carried: carried.length },
    began: sprint.began.toISOString(),
    ended: sprint.completeDate?.toISOString() ?? null,
  };
}

function sprintTable(work: readonly SprintWork[]) {
  return {
    ...{ title: "Sprints", order: "by project", top: 60 },
    columns: columnsOf(["sprint", "state", "unit", ...AMOUNTS, "done of it"], AMOUNTS),
    rows: work.map(({ sprint, figures }) => {
      const { committed, added, completed, carried } = amounts(figures);
      return {
        cells: [sprint.name, sprint.state, figures.unit, committed, added, completed, carried, shareOf(committed, added, completed)],
      };
    }),
  };
}

function openTable({ figures }: SprintWork, setup: Setup, { top }: Input, now: Date) {
  return {
    ...{ title: "Not done", columns: ISSUE_COLUMNS, order: "the oldest come first", top },
    rows: figures.carried
      .toSorted((a, b) => a.created.getTime() - b.created.getTime())
      .map((issue) => ({ cells: issueCells(issue, now), url: urlOf(issue, setup) })),
  };
}

function overview(work: readonly SprintWork[], { which, sprint }: Input): string {
  const groups = (["points", "issues"] as const).flatMap((unit) => {
    const list = work.filter(({ figures }) => figures.unit === unit);
    if (list.length === 0) return [];
    const sum = (name: (typeof AMOUNTS)[number]) => list.reduce((total, { figures }) => total + amounts(figures)[name], 0);
    return [
      `Of ${counted(sum("committed"), unit.slice(0, -1))} committed and ${sum("added")} added, ${sum("completed")} ${work[0]?.sprint.state === "closed" ? "were" : "are"} done and ${sum("carried")} not (${counted(list.length, "sprint")})`,
    ];
  });
  const states = new Set(work.map(({ sprint }) => sprint.state));
  const none = which === undefined && sprint === undefined && !states.has("active") ? "No sprint runs now; these were closed last. " : "";
  const worst = work
    .filter(({ figures }) => figures.carried.length > 0)
    .toSorted((a, b) => b.figures.carried.length - a.figures.carried.length)
    .slice(0, 3)
    .map(({ sprint, figures }) => `${said(sprint.name)} (${counted(figures.carried.length, "issue")})`);
  return `${none}**${counted(work.length, "sprint")}**. ${groups.join(". ")}.${worst.length > 0 ? ` Most is left of ${listWords(worst)}.` : ""}`;
}

function storyOf({ sprint, figures }: SprintWork, { which, sprint: named }: Input, setup: Setup, now: Date): string {
  const { committed, added, completed, carried } = amounts(figures);
  const isOver = sprint.state === "closed";
  const end = isOver ? (sprint.completeDate ?? sprint.endDate) : sprint.endDate;
  const left =
    end && !isOver
      ? end > now
        ? `, ${span(end.getTime() - now.getTime())} left`
        : `, ${span(now.getTime() - end.getTime())} past its end`
      : "";
  const days = `${sprint.began.toISOString().slice(0, 10)}${end ? ` to ${end.toISOString().slice(0, 10)}` : ""}${left}`;
  const none = which === undefined && named === undefined && isOver ? " (no sprint runs now)" : "";
  const goal = sprint.goal ? ` Goal: “${said(sprint.goal, 200)}”` : "";
  const lead = `**${said(sprint.name)}**, ${sprint.state}${none}, ${days}.${goal}`;
  const amount = `**${completed} of ${committed + added} ${figures.unit}** done (${shareOf(committed, added, completed)}): ${committed} committed, ${added} added; ${carried} not done, in ${counted(figures.carried.length, "issue")}.`;
  const open = figures.carried.slice(0, 3).map((issue) => issueNamed(issue, setup));
  return `${lead}\n\n${amount}${open.length > 0 ? ` Not done: ${open.join("; ")}${figures.carried.length > 3 ? " …" : "."}` : ""}`;
}

function shareOf(committed: number, added: number, completed: number): string {
  return committed + added > 0 ? formatPercent(completed / (committed + added)) : "–";
}
