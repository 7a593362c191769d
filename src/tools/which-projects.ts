import { formatValue } from "../core/format.ts";
import { cut, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { wordsOf } from "../core/value-names.ts";
import type { Project } from "../records/projects.ts";
import type { KnownProject } from "./list-projects.ts";

const HERE = /\b(?:this|here)\b.*\b(?:bound|linked|about)\b|\b(?:bound|linked)\b.*\b(?:this|here)\b/i;
const MINE = /\b(?:my|mine)\b|\bam i on\b|\bdo i (?:own|have)\b/i;

interface Meant {
  shown: readonly KnownProject[];
  text: string;
}

/** The projects the words mean, all of them where they name none, and what to say of them. */
export function whichProjects(words: string, all: readonly KnownProject[], context: Pick<ToolContext, "scope" | "user">): Meant {
  const named = projectsIn(words, all);
  if (named.length > 0) return { shown: named, text: allOf(named) };
  const bound = all.filter(({ id }) => id === context.scope);
  if (HERE.test(words)) return boundHere(bound, all);
  if (MINE.test(words)) return ownOf(context.user, all);
  if (bound.length > 0 && IT.test(words)) return { shown: bound, text: allOf(bound) };
  const asked = ABOUT_ONE.exec(words)?.[1];
  return asked === undefined || NOTHING.test(asked) ? { shown: all, text: allOf(all) } : holding(asked, all);
}

const IT = /\b(?:the|this|our|its) (?:project|owner|budget|team|members?|repositor(?:y|ies)|services|tech stack)\b|\bit\b/i;
/** Where no name was said after all. */
const NOTHING = /^(?:the|this|that|our|my|your|it|all|each|every|them|which|what)\b/i;

function boundHere([only]: readonly KnownProject[], all: readonly KnownProject[]): Meant {
  if (only) return { shown: [only], text: `This place is bound to ${sentenceOf(only)}` };
  return { shown: all, text: `This place is bound to no project. There is ${namesOf(all)}; \`/bind NAME\` binds it.` };
}

function ownOf(user: ToolContext["user"], all: readonly KnownProject[]): Meant {
  const own = all.filter((project) => isOf(project, user));
  if (own.length === 0) return { shown: all, text: `No project names you as its owner or a member. You may see ${namesOf(all)}.` };
  return { shown: own, text: own.length === 1 ? allOf(own) : `**${own.length} projects name you**: ${namesOf(own)}.` };
}

function holding(asked: string, all: readonly KnownProject[]): Meant {
  const holders = all.filter((project) => holds(project, asked));
  const name = cut(asked, 60);
  if (holders.length > 0) return { shown: holders, text: `${name} belongs to ${allOf(holders)}` };
  return { shown: all, text: `No project on record is called “${name}”, or has such a service or repository. There is ${namesOf(all)}.` };
}

/** A question about one thing, by its name: “who owns the checkout service?” */
const ABOUT_ONE =
  /\b(?:who\s+(?:owns|leads|runs|works on|is on|is in|is responsible for)|(?:owners?|members?|tech stack|repositories|services)\s+(?:of|for))\s+(?:the\s+|our\s+|project\s+)*(?!projects?\b)([\w][\w./ -]{0,80}?)(?:\s+(?:service|repository|repo|project))?\s*[?.!]*$/i;

function holds({ services = [], repositories = [] }: Project, name: string): boolean {
  const wanted = wordsOf(name).join(" ");
  return [...services, ...repositories.flatMap((one) => [one, one.split("/").at(-1) ?? one])].some(
    (one) => wordsOf(one).join(" ") === wanted,
  );
}

function allOf(shown: readonly KnownProject[]): string {
  const [only] = shown;
  return shown.length === 1 && only ? sentenceOf(only) : `**${shown.length} projects**: ${namesOf(shown)}.`;
}

function namesOf(projects: readonly KnownProject[]): string {
  return listWords(projects.map(({ name }) => name));
}

function isOf({ owner, members = [] }: Project, { id, name, email }: ToolContext["user"]): boolean {
  const own = [id, name, ...(email ? [email] : [])].map((one) => one.toLowerCase());
  return [...members, ...(owner ? [owner] : [])].some((one) => own.includes(one.toLowerCase()));
}

/** The projects whose names stand in the words, the longest name first: in “atlas web” that is not also “atlas”. */
export function projectsIn<P extends { name: string }>(words: string, projects: readonly P[]): P[] {
  let rest = ` ${wordsOf(words).join(" ")} `;
  const found: P[] = [];
  for (const project of projects.toSorted((a, b) => b.name.length - a.name.length)) {
    const name = ` ${wordsOf(project.name).join(" ")} `;
    if (name.trim() === "" || !rest.includes(name)) continue;
    rest = rest.replaceAll(name, " ");
    found.push(project);
  }
  return found;
}

function sentenceOf({ name, owner, members = [], description, budget }: Project): string {
  const parts = [
    owner ? `owned by ${owner}` : "without an owner on record",
    members.length > 0 ? `seen by ${listWords(members)}` : "seen by everyone here",
    ...(budget ? [`with a budget of ${budgetOf(budget)}`] : []),
  ];
  return `**Project ${name}**, ${listWords(parts)}.${description ? ` ${description}` : ""}`;
}

/** "€500.00 a month" */
export function budgetOf({ amount, currency, period }: NonNullable<Project["budget"]>): string {
  return `${formatValue(amount, currency)} a ${period}`;
}
