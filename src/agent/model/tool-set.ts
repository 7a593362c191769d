import { cut } from "../../core/text.ts";
import type { Tool } from "../../core/tool.ts";
import { defineTool, markLast, type ToolDefinition } from "./definitions.ts";
import { type Ranking, rankTools } from "./rank-tools.ts";

/**
 * What a model is told of the tools. Few tools are all sent. Of many, a small stable set is: those that are asked for most, and two that
 * reach the others. What a question probably needs beyond them stands in that question's own message, behind everything that is cached.
 */
export interface ToolSet {
  /** The same bytes for the same tools, whatever is asked. */
  readonly definitions: readonly ToolDefinition[];
  /**
   * Tools for this question with their arguments, to be called through `call_tool`; "" when the set will do. `before` are the names of
   * those that answered last: people go on from there.
   */
  likely(question: string, before: readonly string[]): string;
  /** What `find_tools` answers, among the tools that are `allowed`; absent when all tools are sent. */
  find?(query: string, allowed?: ReadonlySet<string>): string;
  /** The arguments of the tools of a skill that are not sent anyway; "" when all are. */
  inside(allowed: ReadonlySet<string>): string;
}

export const FIND_TOOLS = "find_tools";
export const CALL_TOOL = "call_tool";

/** Characters of definitions that are sent as they are. */
const ALL_FIT = 9_000;
/** Characters of the definitions of the set. */
const SET = 6_500;
/** Characters of the tools of a skill that come with it. */
const INSIDE = 5_000;
const LIKELY = 2;
const FOUND = 3;
/** A tool this much below the best is not what was meant. */
const NEAR = 0.6;

const sets = new WeakMap<readonly Tool[], ToolSet>();

export function toolSetOf(tools: readonly Tool[]): ToolSet {
  const known = sets.get(tools);
  if (known) return known;
  const made = makeSet(tools);
  sets.set(tools, made);
  return made;
}

function makeSet(tools: readonly Tool[]): ToolSet {
  const all = tools.map(defineTool);
  if (sizeOf(all) <= ALL_FIT) return { definitions: markLast(all), likely: () => "", inside: () => "" };
  const core = coreOf(tools);
  const rank = rankTools(tools);
  const others = tools.filter((tool) => !core.includes(tool));
  return {
    definitions: markLast([...core.map(defineTool), ...reaching(others)]),
    likely(question, before) {
      const again = others.filter(({ name }) => before.includes(name)).slice(-1);
      const meant = near(rank, question, LIKELY, true).filter((tool) => others.includes(tool));
      const wanted = [...new Set([...again, ...meant])];
      return wanted.length === 0 ? "" : `Tools that may fit, through ${CALL_TOOL}:\n${wanted.map(describe).join("\n")}`;
    },
    find(query, allowed) {
      const open = tools.filter(({ name }) => allowed?.has(name) ?? true);
      const found = near((words) => rank(words).filter(({ tool }) => open.includes(tool)), query, FOUND, false);
      if (found.length > 0) return found.map(describe).join("\n");
      return `No tool speaks of “${cut(query, 80)}”. The tools are: ${listNames(open.map(({ name }) => name))}.`;
    },
    inside(allowed) {
      const hidden = others.filter(({ name }) => allowed.has(name)).map(describe);
      const room = hidden.filter((_, i) => hidden.slice(0, i + 1).join("\n").length <= INSIDE);
      const rest = hidden.length > room.length ? `\nThe arguments of the others by ${FIND_TOOLS}.` : "";
      return hidden.length === 0 ? "" : `\n\nIts tools, through ${CALL_TOOL}:\n${room.join("\n")}${rest}`;
    },
  };
}

/** Those that say so of themselves, in their order, as far as there is room. */
function coreOf(tools: readonly Tool[]): Tool[] {
  let left = SET;
  return tools.filter((tool) => {
    const size = sizeOf([defineTool(tool)]);
    if (!tool.always || size > left) return false;
    left -= size;
    return true;
  });
}

function near(rank: Ranking, words: string, most: number, clearly: boolean): Tool[] {
  const ranked = rank(words).filter(({ clear }) => clear || !clearly);
  const least = (ranked[0]?.score ?? 0) * NEAR;
  return ranked
    .filter(({ score }) => score >= least)
    .slice(0, most)
    .map(({ tool }) => tool);
}

function reaching(others: readonly Tool[]): ToolDefinition[] {
  const query = { type: "string", description: "What is to be found out or done, in a few words." };
  const name = { type: "string", description: "Its name." };
  const input = { type: "object", description: "Its arguments." };
  return [
    {
      name: FIND_TOOLS,
      description: `Finds further tools and gives their arguments. Further tools: ${listNames(others.map((tool) => tool.name))}.`,
      input_schema: { type: "object", properties: { query }, required: ["query"] },
    },
    {
      name: CALL_TOOL,
      description: `Calls a further tool whose arguments you have seen, in the question or by ${FIND_TOOLS}.`,
      input_schema: { type: "object", properties: { name, input }, required: ["name", "input"] },
    },
  ];
}

/** So many of one external server are named. */
const NAMED = 4;

/** All names; of an external server with many tools the first ones and how many there are. */
export function listNames(names: readonly string[]): string {
  const groups = Map.groupBy(names, (name) => /^(.+?)__/.exec(name)?.[1] ?? "");
  return [...groups]
    .map(([server, own]) =>
      server === "" || own.length <= NAMED
        ? own.join(", ")
        : `${own.slice(0, NAMED).join(", ")} and ${own.length - NAMED} more of ${server}__`,
    )
    .join(", ");
}

function describe(tool: Tool): string {
  const { name, description, input_schema } = defineTool(tool);
  return `- ${name}: ${description}\n  Arguments: ${JSON.stringify(input_schema)}`;
}

function sizeOf(definitions: readonly ToolDefinition[]): number {
  return JSON.stringify(definitions).length;
}
