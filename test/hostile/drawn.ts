/**
 * A body without what a platform shows as plain words, reads as an address of its own, or never shows: buttons, and the ids of people
 * and rooms in the fields of a call.
 */
export function drawn(body: unknown): string {
  return JSON.stringify(body, function drop(this: object, key, value: unknown) {
    const isPlain = typeof value === "object" && value !== null && "type" in value && PLAIN_TYPES.has(String(value.type));
    const isFileName = key === "name" && "contentUrl" in this;
    return isPlain || isFileName || PLAIN_FIELDS.has(key) ? undefined : value;
  });
}

const PLAIN_TYPES = new Set(["plain_text", "raw_text"]);
const PLAIN_FIELDS = new Set([
  "answer",
  "value",
  "actions",
  "suggestedActions",
  "user",
  "recipient_user_id",
  "headers",
  "from",
  "recipient",
  "conversation",
]);
