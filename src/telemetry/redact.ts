/**
 * Removes secrets from anything before it leaves the process: by the name of the field, by the shape of the value,
 * and by the values of the settings that are secret. Depth and size are bounded, so that a log line always comes out.
 */
export type Redactor = <T>(value: T) => T;

const SECRET_NAME =
  /^(?:.*[_-])?(?:authorization|cookie|set-cookie|password|passwd|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|client[_-]?secret|signing[_-]?secret|credentials?|session[_-]?id)$|(?:Token|Secret|Password|ApiKey|AccessKey|PrivateKey|Authorization|Cookie)$/i;
/** Counts of tokens are figures, not secrets. */
const NOT_SECRET = /^(?:(?:input|output|cached|max|total|prompt|completion)_?)?tokens?(?:_?count|used)?$/i;
const SECRET_VALUES: readonly RegExp[] = [
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
  /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:)[^\s@/]+@/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
const HIDDEN = "[redacted]";
const MAX_DEPTH = 8;
const MAX_ITEMS = 200;
const MAX_TEXT = 8_000;

export function createRedactor(secrets: readonly string[]): Redactor {
  const known = [...new Set(secrets.filter((s) => s.length >= 6))].sort((a, b) => b.length - a.length);
  function text(value: string): string {
    let out = value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}… (${value.length} characters)` : value;
    for (const secret of known) out = out.replaceAll(secret, HIDDEN);
    for (const pattern of SECRET_VALUES) out = out.replace(pattern, (match, lead: unknown) => redactMatch(match, lead));
    return out;
  }
  function walk(value: unknown, depth: number, seen: WeakSet<object>): unknown {
    if (typeof value === "string") return text(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    if (seen.has(value)) return "[circular]";
    if (depth >= MAX_DEPTH) return "[deep]";
    seen.add(value);
    if (value instanceof Error) return walk(errorFields(value), depth, seen);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (value instanceof Map) return walk(Object.fromEntries(value), depth + 1, seen);
    if (Array.isArray(value) || value instanceof Set) return [...value].slice(0, MAX_ITEMS).map((item) => walk(item, depth + 1, seen));
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, MAX_ITEMS)
        .map(([key, item]) => [key, isSecretName(key) && item !== undefined && item !== null ? HIDDEN : walk(item, depth + 1, seen)]),
    );
  }
  return <T>(value: T) => walk(value, 0, new WeakSet()) as T;
}

function isSecretName(key: string): boolean {
  return SECRET_NAME.test(key) && !NOT_SECRET.test(key);
}

function redactMatch(_match: string, lead: unknown): string {
  if (typeof lead === "string" && lead.endsWith(":")) return `${lead}${HIDDEN}@`;
  return typeof lead === "string" ? `${lead} ${HIDDEN}` : HIDDEN;
}

function errorFields(error: Error): Record<string, unknown> {
  return { name: error.name, message: error.message, stack: error.stack, ...(error.cause === undefined ? {} : { cause: error.cause }) };
}
