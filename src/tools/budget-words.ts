import { UserError } from "../errors.ts";

export const BUDGET_USAGE = "It goes like this: `/budget Atlas 20000 EUR per month`, or `/budget Atlas none`.";

export interface BudgetWords {
  /** Absent: the project the place is bound to. */
  project?: string;
  /** null takes the budget away. */
  amount: number | null;
  /** ISO 4217; absent when it was not said. */
  currency?: string;
  period?: string;
}

const COMMAND = /^\/budget\b\s*([\s\S]*)$/i;
const PLEASE = "^(?:please\\s+|can you\\s+|could you\\s+)?";
const TO = "\\s+(?:to|at|=)\\s+(.+?)\\s*[?]?$";
/** Verbs that name a change; "what is the budget" has none. */
const VERB = "(?:set|change|raise|lower|increase|reduce|make|put|update)";
const SENTENCES: readonly RegExp[] = [
  new RegExp(`${PLEASE}${VERB}\\s+(?:the\\s+)?budget\\s+(?:of|for)\\s+(?:project\\s+)?(.{1,120}?)${TO}`, "i"),
  new RegExp(`${PLEASE}${VERB}\\s+(?:project\\s+)?(.{1,120}?)['’]s\\s+budget${TO}`, "i"),
  new RegExp(`${PLEASE}${VERB}\\s+(?:the\\s+|our\\s+|its\\s+|this project['’]s\\s+)?budget()${TO}`, "i"),
];
const REMOVALS: readonly RegExp[] = [
  new RegExp(
    `${PLEASE}(?:remove|delete|clear|drop)\\s+(?:the\\s+)?budget\\s+(?:of|for|from)\\s+(?:project\\s+)?(.{1,120}?)\\s*[.!?]?$`,
    "i",
  ),
  new RegExp(`${PLEASE}(?:remove|delete|clear|drop)\\s+(?:the\\s+|our\\s+)?budget()\\s*[.!?]?$`, "i"),
];
const NONE = /^(?:none|nothing|no budget)[.!]?$/i;
const AMOUNT =
  /^(?<sign>[€$£])?\s*(?<digits>\d[\d.,' ]*)\s*(?<scale>k|m|thousand|million)?\s*(?<sign2>[€$£])?\s*(?<code>[A-Z]{3}|euros?|dollars?|pounds?)?\s*(?:(?:per|a|an|each|every|\/)\s*(?<period>month|quarter|year)|(?<adverb>monthly|quarterly|yearly|annually))?\s*[.!]?$/i;
const CURRENCIES: Readonly<Record<string, string>> = {
  "€": "EUR",
  $: "USD",
  "£": "GBP",
  euro: "EUR",
  euros: "EUR",
  dollar: "USD",
  dollars: "USD",
  pound: "GBP",
  pounds: "GBP",
};
const ADVERBS: Readonly<Record<string, string>> = { monthly: "month", quarterly: "quarter", yearly: "year", annually: "year" };
const SCALES: Readonly<Record<string, number>> = { k: 1_000, thousand: 1_000, m: 1_000_000, million: 1_000_000 };

/** A budget in a person's words; undefined when they ask for something else. Throws UserError where a part cannot be read. */
export function budgetFromWords(words: string): BudgetWords | undefined {
  const said = words.trim();
  const [, command] = COMMAND.exec(said) ?? [];
  if (command !== undefined) {
    const [, project, rest] = /^(.{1,120}?)\s+((?:none|[€$£]?\s*\d)[\s\S]*)$/i.exec(command) ?? [];
    if (project === undefined || rest === undefined) throw new UserError(`Which project, and how much? ${BUDGET_USAGE}`);
    return { project, ...amountIn(rest) };
  }
  for (const pattern of SENTENCES) {
    const [, project, rest] = pattern.exec(said) ?? [];
    if (rest !== undefined) return { ...(project ? { project } : {}), ...amountIn(rest) };
  }
  for (const pattern of REMOVALS) {
    const [whole, project] = pattern.exec(said) ?? [];
    if (whole !== undefined) return { ...(project ? { project } : {}), amount: null };
  }
  return undefined;
}

function amountIn(text: string): BudgetWords {
  const rest = text.trim();
  if (NONE.test(rest)) return { amount: null };
  const parts = AMOUNT.exec(rest)?.groups;
  const amount = parts && amountOf(parts.digits ?? "", parts.scale);
  if (!parts || amount === undefined) throw new UserError(`I do not read an amount in “${rest}”. ${BUDGET_USAGE}`);
  const unit = parts.sign ?? parts.sign2 ?? parts.code;
  const currency = unit && (CURRENCIES[unit.toLowerCase()] ?? unit.toUpperCase());
  const period = parts.period?.toLowerCase() ?? ADVERBS[parts.adverb?.toLowerCase() ?? ""] ?? "month";
  return { amount, ...(currency ? { currency } : {}), period };
}

/** "20,000", "20 000", "20'000.50", "5k". undefined where a comma may be the decimal sign. */
function amountOf(digits: string, scale: string | undefined): number | undefined {
  const plain = digits.trim().replace(/[ ']/g, "");
  if (!/^\d{1,3}(?:,\d{3})*(?:\.\d+)?$|^\d+(?:\.\d+)?$/.test(plain)) return undefined;
  return Number(plain.replaceAll(",", "")) * (SCALES[scale?.toLowerCase() ?? ""] ?? 1);
}
