import type { Decision } from "./decide.ts";
import type { ToolModel } from "./match-tool.ts";
import type { Reading } from "./read-question.ts";

/** Questions about the bot itself: what it can do, how one of its tools is used. Undefined for all others. */
export function decideAboutUs(question: string, reading: Reading, unknown: number, model: ToolModel): Decision | undefined {
  const thanked = reading.features.length > 0 && reading.features.every((f) => f === "thanks") && unknown === 0;
  if (thanked) return { kind: "ask", text: THANKS, suggestions: [] };
  if (EXPECTED.test(question)) return { kind: "ask", text: MARK_IT, suggestions: ["/alerts"] };
  if (RANKS_PEOPLE.test(question)) return { kind: "none", text: NO_RANKING };
  if (ASKS_FOR_SOURCE.test(question)) return { kind: "ask", text: SOURCES, suggestions: [] };
  return toolToExplain(question, model) ?? asksAboutUs(question, reading, unknown, model);
}

const THANKS = "You are welcome. Ask when you need more.";

const EXPECTED =
  /^\W*(?:but |no,? )?(?:that|this|it|they|those)(?:'s|’s| is| was| were| are)? (?:all )?(?:expected|normal|planned|on purpose|intended)\b/i;
const MARK_IT =
  "I keep that when it is said to its alert: `/alerts` lists them, `/alerts expected ID` marks one, and days like it are then judged by it. `/alerts learned` shows what was marked, and `/alerts undo ID` takes it back.";

/** A person's worth is nothing that these figures show. */
const RANKS_PEOPLE =
  /\b(?:worst|best|laziest|weakest|dumbest|slowest|fastest|top|least productive|most productive|good|bad)\s+(?:engineer|developer|programmer|employee|colleague|coder|manager|person|performer|team member)s?\b|\b(?:fire|sack|lay off)\s+(?:someone|somebody|first|whom|people)\b/i;
const NO_RANKING =
  "I do not rank people: what I read does not show what somebody's work is worth. Ask about the work: review load, cycle time, work in progress, or where issues wait.";

/** "Where does that number come from?" */
const ASKS_FOR_SOURCE =
  /^\W*(?:(?:and|so|but|ok|okay)\W+)?(?:where (?:does|do|did|is|are) (?:that|this|these|those|the|your|it|they)\b(?: (?:number|figure|value|total|sum|amount|data)s?)? (?:come |taken |coming )?from|how (?:do|did|can) you (?:know|get|arrive at|come up with) (?:that|this|it|these|those)\b|what (?:is|are|was) (?:that|this|these|those|it) based on|(?:can|should|may) i (?:trust|believe) (?:that|this|it|these|those|you)\b|are you sure|says who|show (?:me )?(?:the|your) (?:maths?|receipts?|working))/i;
const SOURCES =
  "Every figure here comes with its receipt: press “Show the maths” below an answer. It names the source, what was asked of it, the days, and when it was read.";

/** "help costs", "explain pareto" */
function toolToExplain(question: string, model: ToolModel): Decision | undefined {
  const wanted =
    /^\s*(?:help(?: me)?(?: with)?|explain|how (?:do|can) i use|what (?:is|does))\s+(?:the\s+)?\/?([a-z_ -]+?)(?:\s+(?:command|tool|do))?\s*\??\s*$/i
      .exec(question)?.[1]
      ?.toLowerCase()
      .replace(/[\s-]/g, "_");
  const help = model.tools.find((t) => t.tool.name === "help")?.tool;
  const known =
    wanted !== undefined &&
    model.tools.some(
      ({ tool }) => tool.name === wanted || tool.command?.name === wanted || tool.title.toLowerCase().replaceAll(" ", "_") === wanted,
    );
  return help && known ? { kind: "call", tool: help, input: { tool: wanted } } : undefined;
}

/** "what are you able to do for me": about the bot, not about any data. */
function asksAboutUs(question: string, { features }: Reading, unknown: number, model: ToolModel): Decision | undefined {
  const about =
    /\b(?:you|u|this bot|this thing|this tool|firstmate|i|here)\b/i.test(question) &&
    /\b(?:can|could|do|does|able|know|offer|support|answer|good (?:at|for)|possible|ask|available|work|works)\b/i.test(question);
  const help = model.tools.find((t) => t.tool.name === "help")?.tool;
  return help && about && unknown === 0 && features.every((f) => ["help", "greeting", "exist", "thanks", "go", "table"].includes(f))
    ? { kind: "call", tool: help, input: {} }
    : undefined;
}
