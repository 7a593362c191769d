const QUESTIONS = [
  "Which services make up 80% of our cloud cost last month?",
  "How much did we spend yesterday vs the day before?",
  "Show daily cost for the last 30 days",
  "Which service increased the most month over month?",
];

/** What the empty console shows. */
export async function startPage(
  isDemo: boolean,
  connected: boolean,
): Promise<{ label?: string; greeting: string; suggestions: readonly string[] }> {
  const label = isDemo ? { label: (await import("../demo/index.ts")).DEMO_LABEL } : {};
  if (!connected)
    return {
      ...label,
      greeting: "Nothing is connected yet. Set DATASETS to a file that describes a bill, or start the demo.",
      suggestions: ["What can you do?"],
    };
  return { ...label, greeting: "Ask about what your engineering costs. Every figure comes with where it is from.", suggestions: QUESTIONS };
}
