import { readable } from "../../core/format.ts";
import { listWords } from "../../core/text.ts";
import type { Decision } from "./decide.ts";
import { fillInput } from "./fill-input.ts";
import type { Match } from "./match-tool.ts";
import type { Ambiguous, Reading } from "./read-question.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** One name, several dimensions. */
export function askWhich(question: string, { value, of }: Ambiguous): Decision {
  const dimensions = [...of.keys()];
  return {
    kind: "ask",
    text: `“${value}” is the name of a ${listWords(dimensions.map(readable)).replace(" and ", " and of a ")}. Which one do you mean?`,
    suggestions: dimensions.map((d) => question.toLowerCase().replace(value, `${readable(d)} ${value}`)),
  };
}

/** Two tools nearly as likely: each is offered as the command that means it. */
export function askTool(matches: readonly Match[], reading: Reading, vocabulary: Vocabulary): Decision {
  const options = matches.map(({ tool }) => ({
    title: tool.title.toLowerCase(),
    command: `/${tool.command?.name ?? tool.name} ${describeSlots(fillInput(tool, reading.slots, vocabulary))}`.trim(),
  }));
  return {
    kind: "ask",
    text: `I can read that in two ways: ${options.map((o) => `**${o.title}** (\`${o.command}\`)`).join(" or ")}. Which one do you mean?`,
    suggestions: options.map((o) => o.command),
  };
}

/** The arguments as a command would say them. */
export function describeSlots(input: Readonly<Record<string, unknown>>): string {
  const period = input.period as { from: string; to: string } | undefined;
  const by =
    input.by === undefined
      ? ""
      : `by ${[input.by]
          .flat()
          .map((d) => readable(String(d)))
          .join(" and ")}`;
  const filter = Object.values((input.filter ?? {}) as Record<string, string | string[]>)
    .flat()
    .join(" and ");
  return [
    typeof input.measure === "string" ? readable(input.measure) : "",
    by,
    filter ? `for ${filter}` : "",
    period ? `from ${period.from} to ${period.to}` : "",
    input.grain ? `per ${input.grain}` : "",
    input.top ? `top ${input.top}` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
