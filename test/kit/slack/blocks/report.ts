import { type Fields, isFields } from "../shapes.ts";

/** Collects what is wrong with blocks, in Slack's own form: a sentence and a JSON pointer. */
export class Report {
  readonly messages: string[] = [];

  add(sentence: string, at: string): void {
    this.messages.push(`${sentence} [json-pointer:${at}]`);
  }

  /** The value as an object, or undefined after a complaint. */
  object(value: unknown, at: string): Fields | undefined {
    if (isFields(value)) return value;
    this.add("must be an object", at);
    return undefined;
  }

  /** Complains of missing and of unknown fields; Slack refuses both. `required` and `optional` are space-separated. */
  fields(value: Fields, at: string, required: string, optional = ""): void {
    const needed = required.split(" ").filter(Boolean);
    const known = new Set([...needed, ...optional.split(" ").filter(Boolean)]);
    for (const name of needed) if (value[name] === undefined) this.add(`missing required field: ${name}`, at);
    for (const name of Object.keys(value)) if (!known.has(name)) this.add(`invalid additional property: ${name}`, at);
  }

  /** Lengths are in UTF-16 units, as JavaScript counts; never more than what Slack counts. */
  string(value: unknown, at: string, { min = 1, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {}): value is string {
    if (typeof value !== "string") this.add("must be a string", at);
    else if (value.length < min) this.add(`must be more than ${min - 1} characters`, at);
    else if (value.length > max) this.add(`must be less than ${max + 1} characters`, at);
    else return true;
    return false;
  }

  optionalString(value: unknown, at: string, limits: { min?: number; max?: number } = {}): void {
    if (value !== undefined) this.string(value, at, limits);
  }

  optionalBoolean(value: unknown, at: string): void {
    if (value !== undefined && typeof value !== "boolean") this.add("must be a boolean", at);
  }

  number(value: unknown, at: string, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, integer = false } = {}): void {
    if (typeof value !== "number" || !Number.isFinite(value)) this.add("must be a number", at);
    else if (integer && !Number.isInteger(value)) this.add("must be an integer", at);
    else if (value < min || value > max) this.add(`must be from ${min} to ${max}`, at);
  }

  oneOf(value: unknown, at: string, choices: readonly string[]): void {
    if (!choices.includes(value as string)) this.add(`must be one of: ${choices.join(", ")}`, at);
  }

  /** The items; [] after a complaint. */
  list(value: unknown, at: string, { min = 1, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {}): readonly unknown[] {
    if (!Array.isArray(value)) {
      this.add("must be an array", at);
      return [];
    }
    if (value.length < min) this.add(`no fewer than ${min} items allowed`, at);
    if (value.length > max) this.add(`no more than ${max} items allowed`, at);
    return value;
  }
}
