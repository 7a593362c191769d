import type { BudgetStanding } from "../api/routes/budgets.ts";
import { addDays, fromInstant } from "../core/civil-date.ts";
import type { User } from "../core/message.ts";
import { spentSince } from "../records/usage.ts";
import { budgetLimits } from "./answering.ts";
import { modelState } from "./checks.ts";
import type { Running } from "./context.ts";

const NAMES = { day: "All answers", user: "Answers to you", channel: "Answers through the console and REST" } as const;

/** What was used of the day's budgets, for who asks over HTTP. */
export function budgetsOf({ config, store, now }: Pick<Running, "config" | "store" | "now">): (user: User) => Promise<BudgetStanding> {
  const limits = budgetLimits(config.core);
  return async (user) => {
    const day = fromInstant(now());
    const from = `${day}T00:00:00Z`;
    const spent = await spentSince(store.database, new Date(from), { user: user.id, conversation: "", channel: "api" });
    return {
      model: modelState(config),
      from,
      until: `${addDays(day, 1)}T00:00:00Z`,
      scopes: (["day", "user", "channel"] as const).map((scope) => ({
        scope,
        name: NAMES[scope],
        tokens: { used: spent[scope].tokens, limit: limits[scope].tokens ?? null },
        usd: { used: spent[scope].usd, limit: limits[scope].usd ?? null },
      })),
    };
  };
}
