/** A file as columns of text, just as written. An empty cell is null; a number column keeps its digits. */
export interface Table {
  /** Names as in the header, in order. */
  readonly columns: readonly string[];
  readonly length: number;
  /** Cells of one column, one per row. Throws UserError for a name the table does not have; says which are near. */
  column(name: string): readonly (string | null)[];
  /** The column as numbers; NaN where a cell is empty or no number one can calculate with, and how many of each. Throws UserError like `column`. */
  numbers(name: string): { values: Float64Array; empty: number; bad: number };
}
