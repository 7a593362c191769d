import { knowsFeature, type Match, type ToolModel } from "./match-tool.ts";
import type { Reading } from "./read-question.ts";
import { stem } from "./stem.ts";

/** Concepts that fit any tool: they say how to show, not what to ask. */
export const GENERIC: ReadonlySet<string> = new Set([
  "large",
  "small",
  "go",
  "chart",
  "table",
  "total",
  "average",
  "compare",
  "split",
  "trend",
  "change",
  "orders",
  "exist",
  "greeting",
  "thanks",
  "only",
  "{period}",
  "{compare}",
  "{top}",
  "{grain}",
  "{kind}",
  "{value}",
  "{dimension}",
]);

/** The features tools are matched by: politeness aside where something is really asked. */
export function matchable(reading: Reading, model: ToolModel): string[] {
  const domain = reading.features.some((f) => !GENERIC.has(f) && f !== "help");
  const kept = reading.features.filter(
    (f) => !(domain && ["help", "greeting", "thanks"].includes(f)) && !(f === "who" && reading.slots.by.length > 0),
  );
  return [...kept, ...[...reading.foreign.map((f) => f.word), ...reading.named].map(stem).filter((word) => model.stems.has(word))];
}

/** At least one thing must be said that the tool's own examples say too, beside how to show it. */
export function isAboutSomething(reading: Reading, best: Match, model: ToolModel): boolean {
  const features = matchable(reading, model);
  const specific = features.some((f) => !GENERIC.has(f) && knowsFeature(model, best.tool, f));
  if (features.includes("total") && features.includes("{period}") && best.tool.reads !== undefined) return true;
  const named =
    features.includes("{dimension}") &&
    features.some((f) => ["large", "small", "{top}", "{grain}", "{value}", "split", "table", "chart"].includes(f));
  const valued =
    features.includes("{value}") && (features.includes("{period}") || features.includes("trend") || features.includes("{grain}"));
  return specific || ((named || valued) && (best.tool.reads !== undefined || features.includes("{dataset}")));
}
