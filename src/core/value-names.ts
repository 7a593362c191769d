/**
 * How people call things: "EC2" for "Amazon Elastic Compute Cloud - Compute", "cloudwatch" for "AmazonCloudWatch".
 * Works on any list of names; no vendor's table is kept here.
 */

const VENDOR_WORDS = new Set(["amazon", "aws", "azure", "microsoft", "google", "gcp", "oracle", "oci", "ibm"]);
const FILLER_WORDS = new Set(["for", "of", "and", "the", "a", "in", "on", "to", "with"]);

/** Lower-case words of a name; camelCase and punctuation split. */
export function wordsOf(name: string): string[] {
  return name
    .normalize("NFKC")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** The keys a name answers to: its words run together, without the vendor's name, its initials ("ec2", "s3", "rds"). */
export function keysOf(name: string): string[] {
  const words = wordsOf(name);
  const own = words.filter((w) => !VENDOR_WORDS.has(w));
  const main = wordsOf(name.split(/ - | \(/)[0] ?? name).filter((w) => !VENDOR_WORDS.has(w));
  const inBrackets = [...name.matchAll(/\(([A-Za-z0-9]{2,8})\)/g)].map((m) => (m[1] ?? "").toLowerCase());
  const keys = [words.join(""), own.join(""), main.join(""), ...glued(words), ...inBrackets, ...initials(main), lastPart(name)];
  return [...new Set(keys)].filter((key) => key.length >= 2);
}

/** The name without its owner: "web" of "acme/web"; the whole where there is none. Its words run together. */
export function lastPart(name: string): string {
  const [, part = name] = /^[\w.-]+\/([\w.-]+)$/.exec(name) ?? [];
  return wordsOf(part).join("");
}

/** "awskms" and "AWSELB" are one word to us; the vendor's name in front is still not theirs. */
function glued(words: readonly string[]): string[] {
  const [word = "", ...more] = words;
  if (more.length > 0) return [];
  return [...VENDOR_WORDS].filter((vendor) => word.startsWith(vendor)).map((vendor) => word.slice(vendor.length));
}

/** "Simple Storage Service" → "sss" and "s3". Only for names of two words or more. */
function initials(words: readonly string[]): string[] {
  const letters = words.filter((w) => !FILLER_WORDS.has(w)).map((w) => w[0] ?? "");
  if (letters.length < 2) return [];
  const plain = letters.join("");
  const counted = plain.replace(/(.)\1+/g, (run) => `${run[0]}${run.length}`);
  return [plain, counted];
}

/** The names `spoken` means: the exact one, else those with that key, else those that hold all its words. Empty when none. */
export function matchValues(spoken: string, names: readonly string[]): string[] {
  const lower = spoken.trim().toLowerCase();
  const exact = names.filter((name) => name === spoken.trim());
  if (exact.length > 0) return exact;
  const same = names.filter((name) => name.toLowerCase() === lower);
  if (same.length > 0) return same;
  const key = wordsOf(spoken).join("");
  if (key.length < 2) return [];
  const keyed = names.filter((name) => keysOf(name).includes(key));
  if (keyed.length > 0) return keyed;
  const wanted = wordsOf(spoken).filter((w) => !FILLER_WORDS.has(w));
  return key.length < 3 ? [] : names.filter((name) => holdsAll(name, wanted));
}

function holdsAll(name: string, wanted: readonly string[]): boolean {
  const words = wordsOf(name);
  const joined = words.join("");
  return wanted.length > 0 && (wanted.every((w) => words.includes(w)) || (wanted.join("").length >= 5 && joined.includes(wanted.join(""))));
}
