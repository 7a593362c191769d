import type { Tool } from "../../core/tool.ts";
import { correctionOfWriting, type Stray } from "../grounding/index.ts";

/**
 * What a model writes for others to read (a post, a comment) is held to the same as its answer, before a person is asked to approve it:
 * what no source has is sent back once, and then marked; addresses that nobody gave are taken out.
 */

/** Looks at texts of the model, and gives them as they may go out. */
export interface Vet {
  /** Words for people: what in them no source has, and the words with marks and without foreign addresses. */
  vet(text: string): { strays: readonly Stray[]; words: string };
  /** Without foreign addresses alone. */
  clean(text: string): string;
}

/** The arguments to go on with, or what the model is asked to mend first. */
export type Vetted = { input: Readonly<Record<string, unknown>> } | { ask: string };

/** Fields that hold words for people. Names, ids and schedules are checked by the tool itself, and hold no foreign address. */
const WRITING = /^(?:text|body|comment|description|summary|title|message|notes?|reason|content)$/i;

/** One turn's: each tool that writes is sent back once. */
export function createProposalVetting({ vet, clean }: Vet): (tool: Tool, input: Readonly<Record<string, unknown>>) => Vetted {
  const sentBack = new Set<string>();
  return (tool, input) => {
    if (tool.effect !== "write") return { input };
    const strays: Stray[] = [];
    const vetted = Object.entries(input).map(([name, value]) => {
      if (typeof value !== "string" || !WRITING.test(name)) return [name, cleaned(value, clean)];
      const { strays: found, words } = vet(value);
      strays.push(...found);
      return [name, words];
    });
    if (strays.length > 0 && !sentBack.has(tool.name)) {
      sentBack.add(tool.name);
      return { ask: correctionOfWriting(strays) };
    }
    return { input: Object.fromEntries(vetted) };
  };
}

/** JSON as it was, each text in it cleaned. */
function cleaned(value: unknown, clean: Vet["clean"]): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_, one: unknown) => (typeof one === "string" ? clean(one) : one));
}
