/** Characters of a body that are looked at for words. */
const BODY_LIMIT = 20_000;

/** A credential and the forms in which it may be echoed. */
export function formsOf(value: string): string[] {
  const token = value.replace(/^\w+\s+/, "");
  const decoded = /^basic\s/i.test(value) ? Buffer.from(token, "base64").toString("utf8") : "";
  return [value, token, decoded, decoded.slice(decoded.indexOf(":") + 1)].filter((text) => text.length >= 6);
}

/** The sentence in an error body: JSON's usual places, a page's text, or the text itself. */
export function wordsOf(body: string): string {
  const text = body.slice(0, BODY_LIMIT);
  try {
    return messageIn(JSON.parse(text)) ?? text;
  } catch {
    return text;
  }
}

export function messageIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth > 3) return undefined;
  if (Array.isArray(value)) return messageIn(value[0], depth + 1);
  const fields = value as Record<string, unknown>;
  for (const name of ["message", "Message", "error_description", "error", "errors", "errorMessages", "detail", "title"]) {
    const found = messageIn(fields[name], depth + 1);
    if (found) return found;
  }
  return byField(fields.errors);
}

const MOST_FIELDS = 3;

/** {"errors": {"priority": "Priority is required."}}: what each field lacks. */
function byField(errors: unknown): string | undefined {
  if (typeof errors !== "object" || errors === null || Array.isArray(errors)) return undefined;
  const said = Object.entries(errors).filter(([, words]) => typeof words === "string" && words !== "");
  const words = said.slice(0, MOST_FIELDS).map(([field, lacks]) => `${field}: ${lacks}`);
  return words.length > 0 ? words.join("; ") : undefined;
}

/** Without markup: a proxy's error page is mostly tags. */
export function plain(text: string): string {
  return text
    .slice(0, BODY_LIMIT)
    .replace(/<(script|style)\b[^>]*>[^<]*<\/\1>/gi, " ")
    .replace(/<[^<>]*>/g, " ");
}

/** "items[3].name". */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, key) => (typeof key === "number" ? `${place}[${key}]` : `${place}${place ? "." : ""}${String(key)}`),
    "",
  );
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
