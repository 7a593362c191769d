import { checkSentence, type Surroundings, type Verdict } from "./check.ts";
import { createEvidence, type Evidence } from "./evidence.ts";
import { MARK } from "./mark.ts";
import { createVocabulary, type Vocabulary } from "./names.ts";
import type { Operand } from "./operands.ts";
import { splitSentences } from "./sentences.ts";
import type { Stray } from "./stray.ts";
import type { Trace } from "./trace.ts";

export type { Verdict } from "./check.ts";
export { withoutEchoes } from "./echo.ts";
export { correctionOf, correctionOfWriting, markStrays, noticeOf } from "./mark.ts";
export { splitSentences } from "./sentences.ts";
export type { Stray } from "./stray.ts";
export { AS_IT_STANDS, type Trace } from "./trace.ts";

export interface GroundingOptions {
  now: Date;
  /** What the person asked; its figures may be repeated. */
  question: string;
  /** Earlier questions and answers of the conversation. What was marked as unverified in them proves nothing. */
  history?: readonly string[];
  /** Words that name things and hold no figures to rely on. */
  words?: readonly string[];
  /** Names learnt before: of tools, which are the same in every turn. */
  known?: Names;
}

export type Names = Pick<Vocabulary, "knows">;

/** Names in texts that many turns share. */
export function learnNames(texts: readonly string[]): Names {
  const vocabulary = createVocabulary();
  vocabulary.add(texts.join("\n"));
  return vocabulary;
}

/** The sources of one turn, and a reading of the answer sentence by sentence. */
export interface Grounding {
  /** A tool's result as the model was shown it. Gives its number, counted from 0. */
  add(result: string): number;
  /** Begins a text. */
  begin(): Reader;
  /** Numbers, dates and names of a whole text that no source has. */
  check(text: string): Omit<Verdict, "figures">;
}

export interface Reader {
  /** Checks the next sentence after those that were accepted. */
  check(sentence: string, more?: Beyond): Verdict;
  /** Takes a sentence for said: what it rightly says may be worked with. */
  accept(sentence: string, verdict: Verdict): void;
}

/** What is known of the text beyond the sentence and those before it. */
export interface Beyond {
  /** Items of its lists. */
  listed?: number;
  /** Traced figures of later sentences. */
  later?: readonly Operand[];
}

export function createGrounding({ now, question, history = [], words = [], known }: GroundingOptions): Grounding {
  const evidence = createEvidence(now, known);
  for (const text of history) evidence.add(withoutMarked(text));
  const asked = askedFigures(question, evidence);
  evidence.addWords(words.join("\n"));
  const first = 1 + history.length;

  function begin(): Reader {
    let earlier: readonly Operand[] = [];
    let before = "";
    return {
      check(sentence, { listed = 0, later = [] } = {}) {
        const around: Surroundings = { earlier: later.length > 0 ? [...earlier, ...later] : earlier, asked, before, listed };
        return toResults(checkSentence(sentence, evidence, around));
      },
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
        const verdict = reader.check(sentence, { listed });
        reader.accept(sentence, verdict);
        for (const stray of verdict.strays) strays.push({ ...stray, start: stray.start + at, end: stray.end + at });
        traces.push(...verdict.traces);
        at += sentence.length;
      }
      return { strays, traces };
    },
  };
}

function askedFigures(question: string, evidence: Evidence): Operand[] {
  const source = evidence.add(question);
  return evidence.figures.filter((figure) => figure.source === source);
}

function withoutMarked(text: string): string {
  return splitSentences(text)
    .filter((sentence) => !sentence.includes(MARK.trim()))
    .join("");
}

/** Items of the lists in a text. */
export function countListed(text: string): number {
  return text.match(/^\s*(?:[-*•]|\d+[.)])\s/gm)?.length ?? 0;
}
