/** Words that say how something is asked, not what about. */
const STOP_WORDS = new Set(
  (
    "a about above after again against all am an and any are as at be because been before being below between both but by can could did do " +
    "does doing down during each few for from further get had has have having he her here his how i if in into is it its itself just let me " +
    "might more most must my no nor not now of off on once only or other our out over own please same she should so some such than that the " +
    "their them then there these they this those through to too under until up us very was we were what when where which while who whom why " +
    "will with would you your yours s t re ve ll d m im ive id cant couldnt didnt doesnt dont hasnt havent hows isnt theres theyre thats " +
    "wasnt werent whats wheres whos wont wouldnt youre"
  ).split(" "),
);

/** The words of a text as they are indexed: camelCase, `_`, `/` and hyphens split, lower case, no stop words, common endings off. */
export function wordsIn(text: string): string[] {
  return plainWordsIn(text).map(stem);
}

/** "put-away" as "putaway" and "IDoc" as "idoc": people write both. For the words alone, never in pairs. */
export function compoundsIn(text: string): string[] {
  const joined = [...text.matchAll(HYPHENED)].map(([, first = "", second = ""]) => `${first}${second}`);
  return [...joined, ...(text.match(CRUMBLING) ?? [])].map((word) => stem(word.toLowerCase()));
}

const HYPHENED = /\b(\p{L}{2,})-(\p{L}{2,})\b/gu;
/** Words that capitals inside would leave in crumbs: IDoc, APIs, MoSCoW. */
const CRUMBLING = /\b(?=[A-Z]*[a-z])(?:[A-Z][a-z]?|[a-z]{1,2})[A-Z][a-zA-Z]+\b/g;

/** The words of a question before their endings are taken off: an iPhone is no phone. */
export function questionWordsIn(text: string): string[] {
  return plainWordsIn(text.replace(CRUMBLING, (word) => word.toLowerCase()));
}

/** The same words before their endings are taken off. */
export function plainWordsIn(text: string): string[] {
  return split(text.normalize("NFKC")).filter((word) => !STOP_WORDS.has(word));
}

/** Each word, and each pair of neighbours: "good receipt" tells more than its words. */
export function termsOf(words: readonly string[]): string[] {
  return [...words, ...words.slice(1).map((word, i) => `${words[i]} ${word}`)];
}

function split(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** "picking", "picked" and "picks" are one; words of three letters stay. */
export function stem(word: string): string {
  if (word.length < 4) return word;
  return word
    .replace(/ies$/, "y")
    .replace(/(?:ings?|ed|es|s|ly)$/, "")
    .replace(/(?<=\p{L}{3})e$/u, "")
    .replace(/([bdfgmnprt])\1$/, "$1");
}
