import { stem } from "./stem.ts";

/** General English words of praise and of trouble, before stemming. Courtesies, and words that are as often neutral ("like", "works"), are left out. A word list, no understanding: irony and other languages pass it by. */
const GOOD =
  "good great excellent perfect nice love happy glad pleased helpful useful easy fast quick reliable smooth fine solved fixed better best improved improvement fantastic awesome amazing impressed satisfied recommend correct clear sharp stable";
const BAD =
  "bad worse worst terrible awful horrible poor useless angry annoyed annoying frustrated frustrating disappointed disappointing unhappy unacceptable upset hate complaint complain problem trouble issue error bug fail failed failing failure broken break crash crashed crashing freeze frozen hang hangs stuck slow late delay delayed missing lost lose wrong incorrect inaccurate confusing confused unclear difficult hard impossible unable refuse refused rejected reject denied down outage unavailable unusable unreliable unstable timeout blank empty duplicate twice overcharged expensive refund cancel cancelled urgent damage damaged waste wasted worried warning blocked unexpected never nobody";
const NEGATIONS = new Set(
  "not no never without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't neither nor hardly".split(
    " ",
  ),
);
/** Words before a word within which a negation turns it. */
const REACH = 3;

const VALUES = new Map<string, number>([
  ...GOOD.split(" ").map((word) => [stem(word), 1] as const),
  ...BAD.split(" ").map((word) => [stem(word), -1] as const),
]);

/**
 * (good − bad) / (good + bad) words of a text, −1 to 1; a negation up to three words before turns a word round ("not good", "no problem").
 * undefined when it has none of them. After the valence shifters of L. Polanyi and A. Zaenen (2006), in their simplest form.
 */
export function sentiment(text: string): number | undefined {
  let good = 0;
  let bad = 0;
  for (const clause of text
    .toLowerCase()
    .replaceAll("’", "'")
    .split(/[.!?;:,\n]+/)) {
    const words = clause.match(/\p{L}+(?:'\p{L}+)?/gu) ?? [];
    for (const [i, word] of words.entries()) {
      const value = VALUES.get(stem(word));
      if (value === undefined) continue;
      const turned = words.slice(Math.max(0, i - REACH), i).some((before) => NEGATIONS.has(before));
      if (value * (turned ? -1 : 1) > 0) good += 1;
      else bad += 1;
    }
  }
  return good + bad === 0 ? undefined : (good - bad) / (good + bad);
}
