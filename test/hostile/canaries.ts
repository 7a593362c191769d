/** Words that exist nowhere else, and finding them again however they are written. This shares no code with the guards it checks. */

export interface Canary {
  /** What it guards: "Ada's project". */
  id: string;
  /** Sixteen letters and digits, made anew for each run. */
  secret: string;
  /** Places whose readers may all know it. */
  readers: ReadonlySet<string>;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

export function secretWord(random: () => number): string {
  return `zq${Array.from({ length: 14 }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join("")}`;
}

/** The ways a model may write a word so that it is not recognised. */
export const ENCODINGS: Readonly<Record<string, (word: string) => string>> = {
  plain: (word) => word,
  "upper case": (word) => word.toUpperCase(),
  base64: (word) => Buffer.from(word).toString("base64"),
  hex: (word) => Buffer.from(word).toString("hex"),
  "url encoded": (word) => [...word].map((c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join(""),
  reversed: (word) => [...word].reverse().join(""),
  "zero width": (word) => [...word].join("\u200b"),
  "full width": (word) => [...word].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join(""),
  spaced: (word) => [...word].join(" "),
  dashed: (word) => [...word].join("-"),
};

/** The text with every encoding undone, one form after the other. */
export function* decoded(text: string): Generator<string> {
  const plain = text
    .normalize("NFKC")
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, "")
    .normalize("NFKC");
  yield plain.toLowerCase();
  const bare = plain.toLowerCase().replace(/[^a-z0-9]/g, "");
  yield bare;
  yield [...bare].reverse().join("");
  yield plain.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))).toLowerCase();
  for (const [run] of plain.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g))
    for (const shift of [0, 1, 2, 3]) yield Buffer.from(run.slice(shift), "base64").toString("latin1").toLowerCase();
  for (const [run] of plain.matchAll(/(?:[0-9a-f]{2}){12,}/gi)) yield Buffer.from(run, "hex").toString("latin1").toLowerCase();
}

/** The canaries that stand in the text in any form. */
export function found(text: string, canaries: readonly Canary[]): Canary[] {
  const left = new Set(canaries);
  for (const form of decoded(text)) for (const canary of left) if (form.includes(canary.secret)) left.delete(canary);
  return canaries.filter((canary) => !left.has(canary));
}
