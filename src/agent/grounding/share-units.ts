import type { Quantity } from "./quantities.ts";

const JOINT = /^\s*(?:to|and|or|–|—|-|until|vs\.?|versus|,|bis|von)\s*$/i;
const TIGHT = /^\s*[–—-]\s*$/;
const DASH = /^\s*(?:[–—-]|to|and)\s*$/;

/** "from 5.8 to 6.5 %", "$2–3k", "10 or 12 ms": the unit and the thousands of the one are those of the other. */
export function shareUnits(text: string, found: Quantity[]): void {
  for (let i = found.length - 2; i >= 0; i--) {
    const [left, right] = [found[i], found[i + 1]];
    if (!left?.digits || !right?.digits) continue;
    const between = text.slice(left.end, right.start);
    if (!JOINT.test(between)) continue;
    if (left.unit === "" && right.unit !== "" && !left.noun) become(left, right);
    else if (right.unit === "" && left.unit.startsWith("money") && (!right.noun || TIGHT.test(between)) && DASH.test(between))
      become(right, left);
    if (left.unit !== right.unit) continue;
    if (left.factor === 1 && right.factor > 1 && left.value <= (1.2 * right.value) / right.factor && /[–—-]|to/.test(between))
      grow(left, right.factor);
    if (left.hedge === "about" && right.hedge === "") right.hedge = "about";
  }
}

/** The plain number is measured as the other is. */
function become(plain: Quantity, like: Quantity): void {
  grow(plain, like.scale);
  plain.factor = plain.factor / like.scale;
  plain.unit = like.unit;
  plain.scale = like.scale;
}

function grow(quantity: Quantity, factor: number): void {
  quantity.value *= factor;
  quantity.step *= factor;
  quantity.factor *= factor;
}
