/**
 * Whether an error is less than another by more than rounding. Parameters that fit equally well differ in the last digits, and those in
 * another unit differ otherwise: without this the choice among them, and so the forecast, would depend on the unit.
 */
export function clearlyLess(error: number, than: number): boolean {
  return error < than * (1 - 1e-9);
}
