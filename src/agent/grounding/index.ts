import type { Operand } from "./arithmetic.ts";
import { checkSentence, type Stray, type Surroundings, type Trace, type Verdict } from "./check.ts";
import { createEvidence, type Evidence } from "./evidence.ts";
import { splitSentences } from "./sentences.ts";

export type { Stray, Trace } from "./check.ts";
export { isCommonWord } from "./common-words.ts";
export { createEvidence, type Evidence } from "./evidence.ts";
export { splitSentences } from "./sentences.ts";

export interface GroundingOptions {
  now: Date;
  /** What the person asked; its figures may be repeated. */
  question: string;
  /** Earlier questions and answers of the conversation, and other words the model was shown. */
  shown?: readonly string[];
  /** Words that name things: titles and descriptions of tools. */
  words?: readonly string[];
}

/** The sources of one turn, and a reading of the answer sentence by sentence. Pure but for what `add` takes in. */
export interface Grounding {
  /** A tool's result as the model was shown it. Gives its number, counted from 0. */
  add(result: string): number;
  /** Begins a text. */
  begin(): Reader;
  /** Numbers, dates and names of a whole text that no source has. */
  check(text: string): Verdict;
}

export interface Reader {
  /** Checks the next sentence after those that were accepted. */
  check(sentence: string, listed?: number): Verdict;
  /** Takes a sentence for said: what it rightly says may be worked with. */
  accept(sentence: string, verdict: Verdict): void;
}

export function createGrounding({ now, question, shown = [], words = [] }: GroundingOptions): Grounding {
  const evidence = createEvidence(now);
  for (const text of shown) evidence.add(text);
  const asked = askedFigures(question, evidence);
  evidence.addWords(words.join("\n"));
  const first = 1 + shown.length;

  function begin(): Reader {
    let earlier: readonly Operand[] = [];
    let before = "";
    return {
      check: (sentence, listed = 0) => toResults(checkSentence(sentence, evidence, { earlier, asked, before, listed } satisfies Surroundings)),
      accept(sentence, { figures }) {
        earlier = [...earlier, ...figures].slice(-24);
        before = sentence;
      },
    };
  }

  /** Sources by the number of their result; the question and history have none. */
  function toResults(verdict: Verdict): Verdict {
    const results = (sources: readonly number[]) => sources.map((source) => source - first).filter((result) => result >= 0);
    return { ...verdict, traces: verdict.traces.map((trace) => ({ ...trace, sources: results(trace.sources) })) };
  }

  return {
    add: (result) => evidence.add(result) - first,
    begin,
    check(text) {
      const reader = begin();
      const listed = countListed(text);
      const strays: Stray[] = [];
      const traces: Trace[] = [];
      let at = 0;
      for (const sentence of splitSentences(text)) {
        const verdict = reader.check(sentence, listed);
        reader.accept(sentence, verdict);
        strays.push(...verdict.strays.map((stray) => ({ ...stray, start: stray.start + at, end: stray.end + at })));
        traces.push(...verdict.traces);
        at += sentence.length;
      }
      return { strays, traces, figures: [] };
    },
  };
}

function askedFigures(question: string, evidence: Evidence): Operand[] {
  const source = evidence.add(question);
  return evidence.figures.filter((figure) => figure.source === source);
}

/** Items of the lists in a text. */
export function countListed(text: string): number {
  return text.match(/^\s*(?:[-*•]|\d+[.)])\s/gm)?.length ?? 0;
}
