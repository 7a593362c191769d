/** Outlines of TrueType glyphs (OpenType specification 1.9, table `glyf`), in font units with y going up. */
export interface OutlineTables {
  font: Buffer;
  /** Byte offsets of the tables. */
  loca: number;
  glyf: number;
  /** Offsets in `loca` are 32-bit. */
  long: boolean;
}

/** A point of a closed contour; those off the curve steer quadratic curves. */
export interface OutlinePoint {
  x: number;
  y: number;
  onCurve: boolean;
}

interface Placement {
  dx: number;
  dy: number;
  scaleX: number;
  scaleY: number;
}

const X_SHORT = 0x02;
const Y_SHORT = 0x04;
const REPEAT = 0x08;
const X_SAME = 0x10;
const Y_SAME = 0x20;
const WORDS = 0x01;
const ONE_SCALE = 0x08;
const MORE = 0x20;
const TWO_SCALES = 0x40;
const MATRIX = 0x80;
/** Parts of parts of a glyph; a font that goes deeper goes in circles. */
const DEEPEST = 4;

/** Closed contours; none for a blank. */
export function readOutline(tables: OutlineTables, glyph: number): OutlinePoint[][] {
  return contoursOf(tables, glyph, { dx: 0, dy: 0, scaleX: 1, scaleY: 1 }, 0);
}

function contoursOf(tables: OutlineTables, glyph: number, place: Placement, depth: number): OutlinePoint[][] {
  const { font, loca, glyf, long } = tables;
  const offset = (i: number) => (long ? font.readUInt32BE(loca + 4 * i) : 2 * font.readUInt16BE(loca + 2 * i));
  if (offset(glyph) === offset(glyph + 1) || depth > DEEPEST) return [];
  const start = glyf + offset(glyph);
  const count = font.readInt16BE(start);
  return count >= 0 ? simple(font, start + 10, count, place) : composite(tables, start + 10, place, depth);
}

function simple(font: Buffer, start: number, count: number, place: Placement): OutlinePoint[][] {
  const ends = Array.from({ length: count }, (_, i) => font.readUInt16BE(start + 2 * i));
  const instructions = start + 2 * count;
  const { flags, next } = readFlags(font, instructions + 2 + font.readUInt16BE(instructions), (ends.at(-1) ?? -1) + 1);
  const xs = readCoordinates(font, next, flags, X_SHORT, X_SAME);
  const ys = readCoordinates(font, xs.next, flags, Y_SHORT, Y_SAME);
  const points = flags.map((flag, i) => ({
    x: (xs.values[i] ?? 0) * place.scaleX + place.dx,
    y: (ys.values[i] ?? 0) * place.scaleY + place.dy,
    onCurve: (flag & 1) === 1,
  }));
  return ends.map((end, i) => points.slice((ends[i - 1] ?? -1) + 1, end + 1));
}

function readFlags(font: Buffer, start: number, total: number): { flags: number[]; next: number } {
  const flags: number[] = [];
  let next = start;
  while (flags.length < total) {
    const flag = font.readUInt8(next++);
    const repeats = flag & REPEAT ? font.readUInt8(next++) : 0;
    for (let i = 0; i <= repeats; i++) flags.push(flag);
  }
  return { flags, next };
}

/** Running sums of the deltas: one byte whose sign is in `same`, two bytes, or nothing when `same` alone is set. */
function readCoordinates(font: Buffer, start: number, flags: readonly number[], short: number, same: number) {
  let next = start;
  let value = 0;
  const values = flags.map((flag) => {
    if (flag & short) value += (flag & same ? 1 : -1) * font.readUInt8(next++);
    else if (!(flag & same)) {
      value += font.readInt16BE(next);
      next += 2;
    }
    return value;
  });
  return { values, next };
}

/** Accented letters: other glyphs, moved and scaled. A rotated part (Inter has none) stands upright. */
function composite(tables: OutlineTables, start: number, place: Placement, depth: number): OutlinePoint[][] {
  const { font } = tables;
  const contours: OutlinePoint[][] = [];
  let flags = MORE;
  let at = start;
  while (flags & MORE) {
    flags = font.readUInt16BE(at);
    const glyph = font.readUInt16BE(at + 2);
    const words = (flags & WORDS) !== 0;
    const dx = words ? font.readInt16BE(at + 4) : font.readInt8(at + 4);
    const dy = words ? font.readInt16BE(at + 6) : font.readInt8(at + 5);
    const scale = readScale(font, at + (words ? 8 : 6), flags);
    at = scale.next;
    const inner = {
      dx: place.dx + dx * place.scaleX,
      dy: place.dy + dy * place.scaleY,
      scaleX: place.scaleX * scale.x,
      scaleY: place.scaleY * scale.y,
    };
    contours.push(...contoursOf(tables, glyph, inner, depth + 1));
  }
  return contours;
}

function readScale(font: Buffer, at: number, flags: number): { x: number; y: number; next: number } {
  const fixed = (offset: number) => font.readInt16BE(at + offset) / 16_384;
  if (flags & ONE_SCALE) return { x: fixed(0), y: fixed(0), next: at + 2 };
  if (flags & TWO_SCALES) return { x: fixed(0), y: fixed(2), next: at + 4 };
  return flags & MATRIX ? { x: fixed(0), y: fixed(6), next: at + 8 } : { x: 1, y: 1, next: at };
}
