import { access } from "node:fs/promises";
import { UserError } from "../../errors.ts";
import { WrongUse } from "../command.ts";
import type { AnalysisValues } from "./analysis.ts";

/** The options that must be there, as text. Throws WrongUse that names those missing. */
export function needed<Name extends string>(values: AnalysisValues, names: readonly Name[]): Record<Name, string> {
  const missing = names.filter((name) => !textOf(values, name));
  if (missing.length > 0)
    throw new WrongUse(`${missing.map((name) => `--${name}`).join(" and ")} ${missing.length > 1 ? "are" : "is"} needed.`);
  return Object.fromEntries(names.map((name) => [name, textOf(values, name)])) as Record<Name, string>;
}

/** An option's text; undefined when it was not given. */
export function textOf(values: AnalysisValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An option as a whole number between the bounds, both included. Throws WrongUse. */
export function wholeNumber(values: AnalysisValues, name: string, bounds: { from: number; to: number }): number | undefined {
  const text = textOf(values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < bounds.from || value > bounds.to)
    throw new WrongUse(`--${name} must be a whole number from ${bounds.from} to ${bounds.to}.`);
  return value;
}

/** Throws UserError when nobody can read the file. */
export async function mustExist(path: string): Promise<void> {
  await access(path).catch(() => {
    throw new UserError(`There is no readable file at ${path}.`);
  });
}

/** An option's names, parted by commas. */
export function listOf(values: AnalysisValues, name: string): string[] {
  return (textOf(values, name) ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
}
