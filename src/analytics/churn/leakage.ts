import { wordsOf } from "../../core/value-names.ts";
import type { Strength } from "./strength.ts";

/** A column alone should not rank so well; what does was written down after the fact. */
const TOO_GOOD = 0.97;
/** Nor should it settle so many of the rarer label's rows for sure. */
const TOO_CERTAIN = 0.3;
/** Less is enough for a column that is called like the label: "Churn Score". */
const TOO_GOOD_BY_NAME = 0.8;

/** Why a column gives the label away, in words that follow its name; undefined when it does not. */
export function givesAway(name: string, label: string, { auc, certain }: Strength): string | undefined {
  if (auc >= TOO_GOOD) return `tells “${label}” almost by itself (AUC ${auc.toFixed(2)})`;
  if (certain >= TOO_CERTAIN) return `settles ${Math.round(100 * certain)}% of the rarer outcome for sure`;
  const words = wordsOf(name);
  const own = wordsOf(label);
  const named = own.length > 0 && own.every((word) => words.includes(word));
  return named && auc >= TOO_GOOD_BY_NAME ? `is called like “${label}” and follows it closely (AUC ${auc.toFixed(2)})` : undefined;
}
