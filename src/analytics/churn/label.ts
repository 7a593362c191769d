import { listWords } from "../../core/text.ts";
import { UserError } from "../../errors.ts";

/** The outcome column as 0 and 1, and what it was made of. */
export interface Labels {
  /** 1 positive, 0 negative, 255 for a blank cell: such a row trains nothing. */
  values: Uint8Array;
  positive: string;
  negatives: readonly string[];
  blank: number;
}

export const NO_LABEL = 255;

const POSITIVE = new Set([
  "yes",
  "true",
  "1",
  "y",
  "t",
  "churned",
  "churn",
  "left",
  "lost",
  "cancelled",
  "canceled",
  "delayed",
  "late",
  "attrited",
]);
const NEGATIVE = new Set(["no", "false", "0", "n", "f", "retained", "stayed", "active", "current", "kept", "existing", "on time"]);
const MOST_VALUES = 10;

/**
 * yes/no, true/false, 1/0, Churned against the rest; else `positive` names the outcome meant, all other values being its opposite.
 * Throws UserError when that cannot be told or there is one class only.
 */
export function readLabels(name: string, cells: readonly (string | null)[], positive?: string): Labels {
  const texts = cells.map((cell) => cell?.trim() ?? "");
  const found = [...new Set(texts)].filter((text) => text !== "");
  if (found.length === 0)
    throw new UserError(`The column “${name}” is empty. It must say for past rows what became of them.`, { path: "label" });
  const meant = found.filter((text) => (positive === undefined ? POSITIVE.has(key(text)) : key(text) === key(positive)));
  const listed = listWords(
    found.map((text) => `“${text.slice(0, 40)}”`),
    MOST_VALUES,
  );
  if (positive !== undefined && meant.length === 0)
    throw new UserError(`No row of “${name}” has the value “${positive}”. It has ${listed}.`, { path: "positive" });
  const known = found.every((text) => POSITIVE.has(key(text)) || NEGATIVE.has(key(text)));
  if (meant.length === 0 && !known)
    throw new UserError(`“${name}” has ${listed}. Say which of them is the outcome to predict, with the option “positive”.`, {
      path: "positive",
    });
  if (meant.length === 0 || meant.length === found.length)
    throw new UserError(`All rows of “${name}” are ${listed}. Learning needs both outcomes: rows that ended so and rows that did not.`, {
      path: "label",
    });
  if (found.length > MOST_VALUES && positive === undefined)
    throw new UserError(`“${name}” has ${found.length} values. A label has two; name the outcome to predict with the option “positive”.`, {
      path: "positive",
    });
  const values = Uint8Array.from(texts, (text) => (text === "" ? NO_LABEL : meant.includes(text) ? 1 : 0));
  return {
    values,
    positive: meant[0] ?? "",
    negatives: found.filter((text) => !meant.includes(text)),
    blank: texts.filter((text) => text === "").length,
  };
}

/** Case does not matter, and 1.0 is 1. */
function key(text: string): string {
  const lower = text.trim().toLowerCase();
  return lower !== "" && Number.isFinite(Number(lower)) ? String(Number(lower)) : lower;
}
