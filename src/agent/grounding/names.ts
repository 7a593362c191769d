import { isCommonWord, looksCommon } from "./common-words.ts";

/** The name of a thing as it stands in a text. */
export interface NameMention {
  text: string;
  start: number;
  end: number;
  /** Said with a name's own marks (digits, capitals inside, code, a label of a figure): surely a name. */
  sure: boolean;
}

/** What the conversation's sources call things. */
export interface Vocabulary {
  /** Adds the words of a text. `named` are whole names, which may be said by their initials. */
  add(text: string): void;
  knows(name: string): boolean;
}

const VENDORS = /^(?:amazon|aws|google|azure|microsoft|cloud|gcp)(?=[\s-]|[A-Z])/i;

/** `base` is known too; it is left as it is. */
export function createVocabulary(base?: Pick<Vocabulary, "knows">): Vocabulary {
  const words = new Set<string>();
  const initials = new Set<string>();
  const segments: string[] = [];
  let joined = "";
  let fresh = false;

  function knowsPart(part: string): boolean {
    const squashed = squash(part);
    if (squashed === "") return true;
    if (words.has(squashed) || words.has(singular(squashed)) || initials.has(squashed)) return true;
    if (fresh) {
      joined = segments.join("\n");
      fresh = false;
    }
    return squashed.length >= 4 && (joined.includes(squashed) || joined.includes(singular(squashed)));
  }

  function knows(name: string): boolean {
    return knowsItself(name) || (base?.knows(name) ?? false);
  }

  function knowsItself(name: string): boolean {
    if (knowsPart(name) || knowsPart(name.replace(VENDORS, ""))) return true;
    if (/\s[·/]\s/.test(name)) return name.split(/\s[·/]\s/).every(knows);
    // In other words' company: every word that is no everyday one stands in one and the same place of a source.
    const own = name.split(/[^\p{L}\d]+/u).filter((word) => word !== "" && !isCommonWord(word) && !VENDORS.test(`${word} `));
    if (own.length === 0) return name.split(/\s+/).every((word) => isCommonWord(word) || knowsPart(word));
    if (own.length === 1) return knowsPart(own[0] ?? "");
    const wanted = own.map((word) => singular(squash(word)));
    return own.every(knowsPart) && segments.some((segment) => wanted.every((word) => segment.includes(word)));
  }

  return {
    add(text) {
      for (const segment of text.split(/[|,;:()\n→·“”"]|\s[–—-]\s|\band\b|\. /)) {
        const squashed = squash(segment);
        if (squashed === "") continue;
        segments.push(squashed);
        for (const word of segment.split(/[^\p{L}\d_-]+/u)) {
          addWord(word);
          for (const part of word.split(/[_-]|(?<=[\p{Ll}])(?=\p{Lu})/u)) addWord(part);
        }
        for (const short of initialsOf(segment)) initials.add(short);
      }
      fresh = true;
    },
    knows,
  };

  function addWord(word: string): void {
    const squashed = squash(word);
    if (squashed) words.add(squashed).add(singular(squashed));
  }
}

/** "Amazon Elastic Compute Cloud" → aecc, ecc, ec2. */
function initialsOf(segment: string): string[] {
  return [...segment.matchAll(/\p{Lu}[\p{L}\d]*(?:\s+(?:for|of|and)?\s*\p{Lu}[\p{L}\d]*)+/gu)].flatMap(([run]) => {
    const letters = run.split(/\s+/).flatMap((word) => (/^\p{Lu}/u.test(word) ? [word[0]?.toLowerCase() ?? ""] : []));
    return letters.flatMap((_, from) => {
      const rest = letters.slice(from);
      return rest.length < 2 ? [] : [rest.join(""), rest.join("").replace(/(.)\1+/g, (same, letter) => `${letter}${same.length}`)];
    });
  });
}

export function squash(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKC")
    .replace(/['’]s\b/g, "")
    .replace(/[^\p{L}\d]+/gu, "");
}

function singular(word: string): string {
  if (/ies$/.test(word)) return `${word.slice(0, -3)}y`;
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}

const CODE = /`([^`\n]{1,80})`/g;
/** Letters with digits, capitals inside, underscores; versions and hashes too. */
const CODED =
  /(?<![\p{L}\d/_-])(?=[\p{L}\d._#/-]*\p{L})(?=[\p{L}._#/-]*\d|\p{L}+_|\p{Ll}+\p{Lu}|\p{Lu}\p{Ll}+\p{Lu})[\p{L}\d][\p{L}\d._#/-]*[\p{L}\d]/gu;
const CAPITALS = /(?<![\p{L}\d'’_-])\p{Lu}[\p{L}\d'’&-]*(?:\s+(?:(?:of|for|de)\s+)?\p{Lu}[\p{L}\d'’&-]*)*/gu;
/** What stands before a figure at the head of a line, or in bold: the label of a figure. */
const LABEL =
  /^[\s>]*(?:[-*•|]|\d+[.)])\s*(?:\*\*|`|_)?([^:|*`_\n(–—]{2,50}?)(?:\*\*|`|_)?\s*(?::|\||\(|[–—]|\s-\s|,)\s*(?:\*\*)?(?:about |roughly |nearly |almost |(?:just )?over |~)?(?=[$€£¥]?\d|[A-Z]{3}\s\d)/gmu;
/** A lower-case name with a hyphen beside the kind of thing it is: "the data-lake account". */
const KIND =
  "(?:services?|accounts?|teams?|regions?|repos?|repositor(?:y|ies)|projects?|products?|workspaces?|environments?|clusters?|customers?|channels?|datasets?|buckets?|databases?)";
const HYPHENED = new RegExp(`\\b(?:([a-z]+(?:-[a-z]+)+)\\s+${KIND}|${KIND}\\s+([a-z]+(?:-[a-z]+)+))\\b`, "g");

/** A lower-case name with a hyphen where an adjective cannot stand: "for data-lake it was". */
const JOINED = /(?:\b(?:[Ff]or|of|than|above|below|and|by|in|with)\s+[*_`]*)?(?<![\p{L}\d-])(\p{Ll}+(?:-\p{Ll}+)+)(?![\p{L}\d-])/gu;

/** Names in a sentence. `english`: capitals mean names; else only what is surely one is given. */
export function readNames(sentence: string, english: boolean): NameMention[] {
  const found: NameMention[] = [];
  const taken = (start: number, end: number) => found.some((name) => start < name.end && end > name.start);
  const take = (text: string, start: number, sure: boolean) => {
    const end = start + text.length;
    if (text.trim() !== "" && !taken(start, end)) found.push({ text, start, end, sure });
  };
  for (const match of sentence.matchAll(CODE)) if (match[1]) take(match[1], match.index + 1, true);
  for (const match of sentence.matchAll(LABEL)) {
    const label = match[1]?.trim() ?? "";
    if (isLabelOfThing(label, english)) take(label, match.index + match[0].indexOf(label), true);
  }
  if (english) for (const run of capitalRuns(sentence)) take(run.text, run.start, run.sure);
  for (const match of sentence.matchAll(CODED)) if (!isMeasureLike(match[0])) take(match[0], match.index, true);
  for (const { text, start } of hyphened(sentence)) take(text, start, true);
  return found.sort((a, b) => a.start - b.start);
}

/** Lower-case names that only their hyphen and their place tell. */
function* hyphened(sentence: string): Generator<{ text: string; start: number }> {
  for (const match of sentence.matchAll(HYPHENED)) {
    const name = match[1] ?? match[2] ?? "";
    if (!name.split("-").some(isCommonWord)) yield { text: name, start: match.index + match[0].indexOf(name) };
  }
  for (const match of sentence.matchAll(JOINED)) {
    const name = match[1] ?? "";
    const start = match.index + match[0].length - name.length;
    const after = sentence.slice(start + name.length);
    const isSubject =
      startsWithFigure(after) ||
      /^[*_`]*['’]s\s/.test(after) ||
      (match[0] !== name && /^[*_`]*(?:\s*[.,;)]|\s+(?:it|gives|together|and)\b)/.test(after));
    if (isSubject && !name.split("-").every(looksCommon)) yield { text: name, start };
  }
}

/** "Redshift" and "data lake", not "Total cost" nor "Largest rise". */
function isLabelOfThing(label: string, english: boolean): boolean {
  const words = label.split(/[\s/]+/).filter(Boolean);
  if (!english || words.length > 4 || /\d{4}|^[\d$€£]/.test(label)) return false;
  return words.length > 0 && words.every((word) => !isCommonWord(word) && !looksCommon(word));
}

/** A number with its unit ("12ms", "3x", "2.5k", "1st"), a quarter ("Q3"), a percentile. */
function isMeasureLike(word: string): boolean {
  return (
    /^(?:\d[\d.,]*\p{L}{1,3}|[QH]\d|\d+(?:-\p{Ll}+)+|[pP]\d\d|\d+D|M\d|\d[\d.,]*[kKMBT]?[-/]\d[\d.,]*[kKMBT]?)$/u.test(word) ||
    /^\d{4}-|^\d+(?:st|nd|rd|th)$/.test(word)
  );
}

/** Whether what comes next begins a sentence, a list item or a cell, behind its marks. */
function isOpening(lead: string): boolean {
  const bare = lead.replace(/[*_`"“(\s]+$/, "");
  return bare === "" || /[.!?:;|•]$/.test(bare) || /(?:^|\n)\s*(?:-|\d+[.)])$/.test(bare);
}

function* capitalRuns(sentence: string): Generator<{ text: string; start: number; sure: boolean }> {
  for (const match of sentence.matchAll(CAPITALS)) {
    const opens = isOpening(sentence.slice(Math.max(0, match.index - 80), match.index));
    const places = [...match[0].matchAll(/[^\s]+/g)].map((word) => ({ text: word[0].replace(/['’]s?$/, ""), at: word.index }));
    let from = 0;
    while (from < places.length && isCommonWord(places[from]?.text ?? "")) from += 1;
    let to = places.length;
    while (to > from && isCommonWord(places[to - 1]?.text ?? "")) to -= 1;
    const first = places[from];
    const last = places[to - 1];
    if (!first || !last || to <= from) continue;
    const single = to - from === 1;
    if (
      single &&
      opens &&
      from === 0 &&
      !startsWithFigure(sentence.slice(match.index + last.at + last.text.length)) &&
      !isAcronym(first.text)
    )
      continue;
    if (single && opens && from === 0 && looksCommon(first.text)) continue;
    yield { text: match[0].slice(first.at, last.at + last.text.length), start: match.index + first.at, sure: true };
  }
}

function isAcronym(word: string): boolean {
  return /^\p{Lu}{2,}\d*$/u.test(word);
}

/** A single word at a sentence's head names a thing when a figure is said of it: "Redshift cost $300", "Redshift ($300)". */
function startsWithFigure(after: string): boolean {
  return SAID_OF.test(after) && /\d/.test(after);
}

const SAID_OF =
  /^[*_`]*(?:\s*[(:–—]|,\s|\s+(?:alone\s+)?(?:is|was|rose|fell|grew|shrank|came|comes|costs?|makes?|made|leads?|led|follows?|dropped|climbed|jumped|stands?|stood|has|had|accounts?|accounted|increased|decreased|declined|at|with|up|down)\b|\s+and\s+[*_`]*(?:\p{Lu}|\p{Ll}+-))/u;
