import type { TracedFigure } from "../../core/reply.ts";
import type { Finding } from "../../core/tool.ts";
import {
  AS_IT_STANDS,
  countListed,
  type Grounding,
  markStrays,
  type Stray,
  splitSentences,
  type Trace,
  type Verdict,
  withoutEchoes,
} from "../grounding/index.ts";
import { linksIn, withoutForeignLinks } from "./foreign-links.ts";
import type { Progress } from "./progress.ts";

/** Lets the model's words out sentence by sentence, each once it is traced to its sources. What is out is never taken back. */
export interface Release {
  /** What the last message said that could not be traced; all from there on is held back. */
  readonly strays: readonly Stray[];
  /** What has been let out of the last message. */
  readonly released: string;
  /** A new message of the model begins. */
  begin(): void;
  write(piece: string): void;
  /** The message is at its end: what is left is checked with all of it known. */
  finish(): void;
  /** The model mends what is held back: its next words take the place of that. */
  mend(): void;
  /** The mended words did not come: what was held back before is so again. */
  restore(): void;
  /** Forgets what is held back: it was no answer, only words before a tool. */
  drop(): void;
  /** Lets out what is held back, with a mark after each thing that could not be traced. */
  giveUp(): void;
  /** Words that the model wants written elsewhere: what in them no source has, and the words with marks and without foreign addresses. */
  vet(text: string): { strays: readonly Stray[]; words: string };
  /** The same words without foreign addresses: the person's own and those of results stay. */
  clean(text: string): string;
  /** A tool's result as the model sees it, and the arguments the model called it with: what they hold is no news. */
  learn(result: string, finding: Finding | undefined, input: unknown): void;
  outcome(): Outcome;
}

export interface Outcome {
  /** What was let out with a mark. */
  marked: readonly Stray[];
  /** Addresses that nobody gave, pictures or signs that nobody sees were taken out. */
  cleaned: boolean;
  /** Where the figures of the text come from. */
  figures: readonly TracedFigure[];
}

/** `asked` is the question: its addresses may be written elsewhere, the person gave them. */
export function createRelease(grounding: Grounding, progress: Progress, asked = ""): Release {
  let reader = grounding.begin();
  let unfinished = "";
  let whole = "";
  let out: string[] = [];
  let held: string[] = [];
  let before: string[] = [];
  let mending = false;
  let strays: readonly Stray[] = [];
  const marked: Stray[] = [];
  const traces: Trace[] = [];
  const results: (Finding | undefined)[] = [];
  const links = new Set<string>();
  let cleaned = false;

  function clean(words: string, known: ReadonlySet<string>): string {
    const plain = withoutForeignLinks(words, known);
    cleaned ||= plain !== words;
    return plain;
  }

  function letOut(sentence: string, verdict: Verdict, words = sentence): void {
    reader.accept(sentence, verdict);
    traces.push(...verdict.traces);
    out.push(sentence);
    progress.write(clean(words, links));
  }

  function offer(sentence: string): void {
    // A model asked to go on may begin again with what stands.
    if (mending && held.length === 0 && out.some((said) => said.trim() === sentence.trim())) return;
    const verdict = held.length > 0 ? undefined : reader.check(sentence);
    if (verdict?.strays.length === 0) letOut(sentence, verdict);
    else held.push(sentence);
  }

  function flush(): void {
    if (unfinished !== "") offer(unfinished);
    unfinished = "";
  }

  /** What all of the held sentences say rightly may explain the first of them. */
  function review(): void {
    const listed = countListed(whole);
    const later = held.slice(1).flatMap((sentence) => reader.check(sentence, { listed }).figures);
    while (held[0] !== undefined) {
      const verdict = reader.check(held[0], { listed, later });
      if (verdict.strays.length > 0) break;
      letOut(held.shift() ?? "", verdict);
    }
    strays = held.flatMap((sentence) => reader.check(sentence, { listed, later }).strays);
  }

  return {
    get strays() {
      return strays;
    },
    get released() {
      return out.join("");
    },
    begin() {
      reader = grounding.begin();
      [unfinished, whole, out, held, strays, mending] = ["", "", [], [], [], false];
      progress.paragraph();
    },
    write(piece) {
      unfinished += piece;
      whole += piece;
      const sentences = splitSentences(unfinished);
      unfinished = sentences.pop() ?? "";
      sentences.forEach(offer);
    },
    finish() {
      flush();
      review();
    },
    mend() {
      before = held;
      [unfinished, whole, held, strays, mending] = ["", "", [], [], true];
    },
    restore() {
      [unfinished, held, mending] = ["", before, false];
      review();
    },
    drop() {
      [unfinished, held, strays] = ["", [], []];
    },
    giveUp() {
      flush();
      const listed = countListed(whole);
      for (const sentence of held.splice(0)) {
        const verdict = reader.check(sentence, { listed });
        marked.push(...verdict.strays);
        letOut(sentence, verdict, markStrays(sentence, verdict.strays));
      }
      strays = [];
    },
    vet(text) {
      const { strays: found } = grounding.check(text);
      return { strays: found, words: clean(markStrays(text, found), new Set([...links, ...linksIn(asked)])) };
    },
    clean: (text) => clean(text, new Set([...links, ...linksIn(asked)])),
    learn(result, finding, input) {
      results[grounding.add(withoutEchoes(result, input))] = finding;
      const own = new Set(linksIn(JSON.stringify(input ?? "")));
      // An error may repeat what the model itself wrote.
      const given = [
        ...linksIn(finding ? result : ""),
        ...(finding?.receipts ?? []).map(({ url }) => url),
        ...(finding?.facts ?? []).map(({ url }) => url),
      ];
      for (const link of given) if (link && !own.has(link)) links.add(link);
    },
    outcome() {
      const receiptsOf = (source: number) => results[source]?.receipts.map(({ id }) => id) ?? [];
      // A result made of many readings proves a figure no better than the one that was read for it.
      const proofsOf = ({ how, sources }: Trace) => {
        const proofs = sources.map(receiptsOf).filter((ids) => ids.length > 0);
        return how === AS_IT_STANDS ? proofs.sort((a, b) => a.length - b.length).slice(0, 1) : proofs;
      };
      const figures = traces.map((trace) => ({ text: trace.text, how: trace.how, receipts: [...new Set(proofsOf(trace).flat())] }));
      return { marked: marked.map((stray) => ({ ...stray, text: withoutForeignLinks(stray.text, links) })), cleaned, figures };
    },
  };
}
