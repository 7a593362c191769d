import { z } from "zod";

/** The types that fields of records are made of. All text is cut of spaces around it and has no control characters. */

const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** One line. */
export function line(most: number): z.ZodString {
  return z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(most, `must have at most ${most} characters`)
    .refine((text) => !CONTROL.test(text), "must be one line without control characters") as z.ZodString;
}

/** Many lines. */
export function prose(most: number): z.ZodString {
  return z
    .string()
    .trim()
    .max(most, `must have at most ${most} characters`)
    .refine((text) => !text.includes("\0"), "must not hold a NUL character") as z.ZodString;
}

export function lines(most: number, each = 200): z.ZodArray<z.ZodString> {
  return z
    .array(line(each))
    .max(most, `must have at most ${most} entries`)
    .refine(
      (all) => new Set(all.map((one) => one.toLowerCase())).size === all.length,
      "must not name the same twice",
    ) as z.ZodArray<z.ZodString>;
}

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be a code of three capital letters such as USD")
  .describe("ISO 4217 code.");

export const money = z.strictObject({
  amount: z.number("must be a number").min(0, "must not be negative").max(1e15, "is too large"),
  currency,
});

export const instant = z.iso
  .datetime({ offset: true, message: "must be an instant such as 2026-11-21T09:00:00Z" })
  .transform(toUtc)
  .pipe(z.string());

export const day = z.iso.date("must be a day such as 2026-11-21");

export const count = z.int("must be a whole number").min(0, "must not be negative").max(1e12, "is too large");

export const projectId = z.string().max(80).describe("Id of the project it belongs to.");

function toUtc(text: string): string {
  return new Date(text).toISOString();
}
