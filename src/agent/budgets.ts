import { fromInstant } from "../core/civil-date.ts";

/** What answers have used: tokens in, out and cached, and their list price in US dollars. */
export interface Spend {
  tokens: number;
  usd: number;
}

export type Limit = Partial<Spend>;

/** What may be used in a UTC day: by all, by one person, in one channel. */
export interface BudgetLimits {
  day: Limit;
  user: Limit;
  channel: Limit;
}

/** Whose money a question is. */
export interface Payer {
  user: string;
  conversation: string;
  channel: string;
}

/** full: the model answers. small: the smaller one does, most of a budget is used. none: no model does. `reason` completes "Answered …: ". */
export type Allowance = { level: "full" } | { level: "small" | "none"; reason: string };

export interface Budgets {
  allowance(payer: Payer): Promise<Allowance>;
}

export interface BudgetOptions {
  limits: BudgetLimits;
  now(): Date;
  /** What was used since then by all, by the person, and in the channel the conversation is in; from the database, so that all processes share it. */
  spentSince(start: Date, payer: Payer): Promise<Record<keyof BudgetLimits, Spend>>;
}

/** From this share of a budget on the smaller model answers: what is left lasts longer, and the limit stays the limit. */
export const SPARING = 0.8;

const WORDS: Readonly<Record<keyof BudgetLimits, string>> = { day: "today's", user: "your", channel: "this channel's" };
const KINDS = ["tokens", "usd"] as const;

export function createBudgets({ limits, now, spentSince }: BudgetOptions): Budgets {
  const isLimited = Object.values(limits).some(({ tokens, usd }) => tokens !== undefined || usd !== undefined);
  return {
    async allowance(payer) {
      if (!isLimited) return { level: "full" };
      const spent = await spentSince(new Date(`${fromInstant(now())}T00:00:00Z`), payer);
      const shares = (["day", "user", "channel"] as const).flatMap((scope) =>
        KINDS.map((kind) => ({ words: wordsFor(scope, kind), share: shareOf(spent[scope][kind], limits[scope][kind]) })),
      );
      const [worst] = shares.sort((a, b) => b.share - a.share);
      if (!worst || worst.share < SPARING) return { level: "full" };
      return worst.share >= 1
        ? { level: "none", reason: `${worst.words} is used up` }
        : { level: "small", reason: `most of ${worst.words} is used` };
    },
  };
}

/** A budget of zero is used up from the start. */
function shareOf(spent: number, limit: number | undefined): number {
  if (limit === undefined) return 0;
  return limit === 0 ? 1 : spent / limit;
}

function wordsFor(scope: keyof BudgetLimits, kind: (typeof KINDS)[number]): string {
  return `${WORDS[scope]} ${kind === "usd" ? "money" : "token"} budget${scope === "day" ? "" : " for today"}`;
}
