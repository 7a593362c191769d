import type { CivilDate } from "../../core/fact.ts";
import type { Tool } from "../../core/tool.ts";
import { decide } from "./decide.ts";
import { nearestExamples, type ToolModel } from "./match-tool.ts";
import { readQuestion } from "./read-question.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Examples less like the question than this are about something else. */
const RELATED = 0.22;
const MOST = 3;

/** What a question that could not be matched may have meant: of the tools nearest to it, one example each that works here, the nearest first. */
export function nearQuestions(question: string, model: ToolModel, vocabulary: Vocabulary, today: CivilDate): string[] {
  const near = nearestExamples(model, readQuestion(question, vocabulary, today, model.words));
  const ranked = [...near].filter(([tool, { likeness }]) => likeness >= RELATED && tool.name !== "help");
  const offers: string[] = [];
  for (const [tool, { text }] of ranked.toSorted(([, a], [, b]) => b.likeness - a.likeness)) {
    const example = workingExample(tool, text, model, vocabulary, today);
    if (example !== undefined) offers.push(example);
    // Each look reads an example whole: no more of them than are shown.
    if (offers.length === MOST) break;
  }
  return offers;
}

function workingExample(tool: Tool, nearest: string, model: ToolModel, vocabulary: Vocabulary, today: CivilDate): string | undefined {
  return [nearest, ...tool.examples].find((example) => {
    if (example.includes("{")) return false;
    const decision = decide(example, [], model, vocabulary, today);
    return decision.kind === "call" && decision.tool === tool;
  });
}
