/**
 * Removes secrets from anything before it leaves the process: by the name of the field, by the shape of the value,
 * and by the values of the settings that are secret. Depth and size are bounded, so that a log line always comes out.
 */
export type Redactor = <T>(value: T) => T;

const SECRET_NAME =
  /^(?:.*[_-])?(?:authorization|cookies?|set-cookie|passwords?|passwd|passphrase|pwd|secrets?|token|jwt|api[_-]?keys?|access[_-]?keys?|private[_-]?keys?|client[_-]?secret|signing[_-]?secret|credentials?|session[_-]?id)$|(?:Tokens?|Secrets?|Passwords?|Passphrase|ApiKeys?|AccessKeys?|PrivateKeys?|Authorization|Cookies?|Credentials?|SessionId)$/i;
/** What is a secret wherever it stands, in prose too. */
export const SECRET_SHAPES: readonly RegExp[] = [
  /\bfm_[\w-]{20,}/g,
  /\bsk-(?:ant-)?[\w-]{16,}/g,
  /\bxox[abeoprs]-[\w-]{8,}/g,
  /\bxapp-[\w-]{8,}/g,
  /\bgh[opsur]_\w{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bATATT[\w=-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bNRAK-[A-Z0-9]{16,}/g,
  /\bdt0[a-z]\d{2}\.[A-Z0-9]{8,}\.[A-Z0-9]{16,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  // From the slashes on: looking for the scheme would begin anew at every letter.
  /(:\/\/[^\s:/@]*:)[^\s/]+@/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
const SECRET_VALUES: readonly RegExp[] = [...SECRET_SHAPES, /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi];
const HIDDEN = "[redacted]";
const MAX_DEPTH = 8;
const MAX_ITEMS = 200;
/** Values in one line, however they are nested. */
const MAX_VALUES = 2_000;
const MAX_TEXT = 8_000;
/** Text beyond the limit that is still searched, so that a secret across the limit does not leave its first half. */
const MARGIN = 4_000;

export function createRedactor(secrets: readonly string[]): Redactor {
  const known = [...new Set(secrets.filter((s) => s.length >= 6))].sort((a, b) => b.length - a.length);
  const searched = MAX_TEXT + Math.max(MARGIN, known[0]?.length ?? 0);
  function text(value: string): string {
    let out = value.slice(0, searched);
    for (const secret of known) out = out.replaceAll(secret, HIDDEN);
    for (const pattern of SECRET_VALUES) out = out.replace(pattern, (_, lead: unknown) => hiddenAfter(lead));
    return value.length > MAX_TEXT ? `${out.slice(0, MAX_TEXT)}… (${value.length} characters)` : out;
  }
  function walk(value: unknown, depth: number, state: WalkState): unknown {
    if (typeof value === "string") return text(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    if (state.inside.has(value)) return "[circular]";
    if (depth >= MAX_DEPTH) return "[deep]";
    state.inside.add(value);
    try {
      return inside(value, depth, state);
    } catch {
      return "[unreadable]";
    } finally {
      state.inside.delete(value);
    }
  }
  function inside(value: object, depth: number, state: WalkState): unknown {
    if (value instanceof Error) return fields(errorFields(value), depth, state);
    if (value instanceof URL) return text(value.href);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value) || value instanceof Set) return take([...value], state).map((item) => walk(item, depth + 1, state));
    return fields(value instanceof Map ? [...value].map(([key, item]) => [String(key), item]) : Object.entries(value), depth, state);
  }
  function fields(entries: readonly (readonly [string, unknown])[], depth: number, state: WalkState): Record<string, unknown> {
    return Object.fromEntries(
      take(entries, state).map(([key, item]) => [text(key), isSecret(key, item) ? HIDDEN : walk(item, depth + 1, state)]),
    );
  }
  return <T>(value: T) => walk(value, 0, { inside: new WeakSet(), left: MAX_VALUES }) as T;
}

interface WalkState {
  /** The objects around the one that is read: meeting one again is a circle. */
  inside: WeakSet<object>;
  /** How many values the line may still have. */
  left: number;
}

function take<T>(items: readonly T[], state: WalkState): readonly T[] {
  const taken = items.slice(0, Math.min(MAX_ITEMS, state.left));
  state.left -= taken.length;
  return taken;
}

/** A number of tokens is a figure, not a secret. */
function isSecret(key: string, item: unknown): boolean {
  if (item === undefined || item === null || !SECRET_NAME.test(key)) return false;
  return !(typeof item === "number" && /tokens?$/i.test(key));
}

/** What stands before a secret is kept: the scheme and name of an address, "Bearer". */
export function hiddenAfter(lead: unknown): string {
  if (typeof lead === "string" && lead.endsWith(":")) return `${lead}${HIDDEN}@`;
  return typeof lead === "string" ? `${lead} ${HIDDEN}` : HIDDEN;
}

/** What an error says and what hangs on it: a status, a vendor's words, the errors of an AggregateError, the cause. */
function errorFields(error: Error): [string, unknown][] {
  const errors = error instanceof AggregateError ? [["errors", error.errors] satisfies [string, unknown]] : [];
  const cause = error.cause === undefined ? [] : [["cause", error.cause] satisfies [string, unknown]];
  const own = Object.entries(error).filter(([key]) => !["name", "message", "stack", "cause", "errors"].includes(key));
  return [["name", error.name], ["message", error.message], ["stack", error.stack], ...own, ...errors, ...cause];
}
