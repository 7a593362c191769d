import type { Evidence, SourceFigure } from "./evidence.ts";
import type { Quantity } from "./quantities.ts";
import type { SourceRow } from "./tables.ts";
import type { Unit } from "./units.ts";

/** What a claim may be worked out from. */
export interface Operands {
  evidence: Evidence;
  /** The words of the sentence, lower case. */
  words: string;
  /** Figures of the same sentence that are traced, and those of the question. */
  near: readonly Operand[];
  /** Figures of the sentences before. */
  earlier: readonly Operand[];
  /** Rows whose names or dates the sentence says. */
  rows: readonly SourceRow[];
  /** The rows are plainly whose figure it is: nothing of others gives it. */
  isOwned: boolean;
  /** Small whole numbers in the sentence, "both" is 2. */
  counts: readonly number[];
}

export type Operand = Pick<Quantity, "value" | "step" | "unit" | "text" | "noun"> &
  Pick<SourceFigure, "owner" | "period"> & { source?: number };

/** How a claim comes about. */
export interface Derivation {
  how: string;
  /** Indices of the texts that hold the operands. */
  sources: readonly number[];
}

export function derivation(how: string, operands: readonly Operand[]): Derivation {
  const shown = operands.slice(0, 4).map(({ text }) => text);
  const words = `${how} ${shown.join(" and ")}${operands.length > 4 ? ` and ${operands.length - 4} more` : ""}`;
  return { how: words, sources: [...new Set(operands.flatMap(({ source }) => source ?? []))] };
}

/** Of one kind with the operands' unit; a plain number is of any. */
export function isOfKind(claim: Quantity, unit: Unit): boolean {
  if (claim.unit === unit || (claim.unit === "points" && unit === "percent")) return true;
  return claim.unit === "" && claim.digits && unit.startsWith("money");
}

/** How far a sum of rounded figures may be off. */
export function slackOf(parts: readonly Operand[]): number {
  return parts.reduce((total, { step }) => total + step / 2, 0);
}

export function cellsOf(row: SourceRow): SourceFigure[] {
  return row.cells.filter((cell) => cell !== undefined);
}
