import type { FeedKind } from "../core/feed.ts";

const COSTS = [
  "Which services make up 80% of our cloud cost last month?",
  "How much did we spend yesterday vs the day before?",
  "Show daily cost for the last 30 days",
  "Which service increased the most month over month?",
];

/** What a first question may be, by what is connected: the more there is, the less only of cost. */
const FIRST: readonly { kind: FeedKind; question: string }[] = [
  { kind: "costs", question: "Which services make up 80% of our cloud cost last month?" },
  { kind: "incidents", question: "What should I do first?" },
  { kind: "deploys", question: "How are our DORA metrics?" },
  { kind: "customers", question: "Which customers are likely to churn?" },
  { kind: "ai_usage", question: "What do we spend on AI per model?" },
];
const SHOWN = 4;

function questionsFor(kinds: ReadonlySet<FeedKind>): readonly string[] {
  const found = FIRST.filter(({ kind }) => kinds.has(kind)).map(({ question }) => question);
  return (found.length < 2 && kinds.has("costs") ? COSTS : found.length > 0 ? found : ["What can you do?"]).slice(0, SHOWN);
}

/** What the empty console shows. */
export async function startPage(
  isDemo: boolean,
  kinds: ReadonlySet<FeedKind>,
): Promise<{ label?: string; greeting: string; advice?: string; suggestions: readonly string[] }> {
  const label = isDemo ? { label: (await import("../demo/index.ts")).DEMO_LABEL } : {};
  if (kinds.size === 0)
    return {
      ...label,
      greeting: "Nothing is connected yet",
      advice: "On the server, `npm run -s firstmate -- init` asks what to connect and tries it. `npm run demo` shows a simulated company.",
      suggestions: ["What can you do?"],
    };
  const what = kinds.size > 1 ? "how your engineering is doing, and what it costs" : "what your engineering costs";
  return { ...label, greeting: `Ask ${what}. Every figure comes with where it is from.`, suggestions: questionsFor(kinds) };
}
