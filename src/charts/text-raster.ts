import { type Coverage, coverageOf } from "./coverage.ts";
import type { FontFile } from "./font-file.ts";
import type { TextRun } from "./text-runs.ts";
import { textWidth } from "./text-width.ts";

/**
 * Draws text into pixels from cached glyphs. The SVG renderer turns every letter into a path and fills it anew, which took
 * two thirds of a chart's time; a chart has few different letters.
 */
export interface Bitmap {
  width: number;
  height: number;
  /** RGBA, red in the lowest byte, opaque. */
  pixels: Int32Array;
}

/** Places of a glyph within a pixel that are told apart, in each direction. */
const SUBPIXELS = 4;
const MOST_GLYPHS = 6000;

const glyphs = new Map<string, Coverage | null>();
const fontNumbers = new WeakMap<FontFile, number>();
let fontCount = 0;

/** `scale`: pixels of the bitmap per pixel of the picture. Text is put in front of what is there. */
export function drawText(bitmap: Bitmap, run: TextRun, scale: number): void {
  const { font, text, angle, anchor, shift } = run;
  const fontSize = run.fontSize * scale;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let along = shift.x * scale - anchor * textWidth(font, text, fontSize);
  const across = shift.y * scale;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const x = run.x * scale + along * cos - across * sin;
    const y = run.y * scale + along * sin + across * cos;
    drawGlyph(bitmap, font, codePoint, { fontSize, cos, sin, x, y, colour: run.colour });
    along += ((font.advances.get(codePoint) ?? 0) * fontSize) / font.unitsPerEm;
  }
}

interface Place {
  fontSize: number;
  cos: number;
  sin: number;
  x: number;
  y: number;
  colour: number;
}

function drawGlyph(bitmap: Bitmap, font: FontFile, codePoint: number, place: Place): void {
  const stepX = Math.round(place.x * SUBPIXELS);
  const stepY = Math.round(place.y * SUBPIXELS);
  const left = Math.floor(stepX / SUBPIXELS);
  const top = Math.floor(stepY / SUBPIXELS);
  const glyph = cachedGlyph(font, codePoint, place, stepX - left * SUBPIXELS, stepY - top * SUBPIXELS);
  if (glyph) blend(bitmap, glyph, left + glyph.left, top + glyph.top, place.colour);
}

function cachedGlyph(font: FontFile, codePoint: number, { fontSize, cos, sin }: Place, subX: number, subY: number): Coverage | null {
  const key = `${numberOf(font)} ${codePoint} ${fontSize} ${sin.toFixed(4)} ${subX} ${subY}`;
  const known = glyphs.get(key);
  if (known !== undefined) return known;
  const unit = fontSize / font.unitsPerEm;
  const matrix = { a: unit * cos, b: unit * sin, c: unit * sin, d: -unit * cos, e: subX / SUBPIXELS, f: subY / SUBPIXELS };
  const glyph = coverageOf(font.outlineOf(codePoint), matrix) ?? null;
  if (glyphs.size >= MOST_GLYPHS) glyphs.clear();
  glyphs.set(key, glyph);
  return glyph;
}

function numberOf(font: FontFile): number {
  const known = fontNumbers.get(font);
  if (known !== undefined) return known;
  fontNumbers.set(font, ++fontCount);
  return fontCount;
}

function blend({ width, height, pixels }: Bitmap, glyph: Coverage, left: number, top: number, colour: number): void {
  const red = colour >> 16;
  const green = (colour >> 8) & 255;
  const blue = colour & 255;
  const fromX = Math.max(0, -left);
  const toX = Math.min(glyph.width, width - left);
  const toY = Math.min(glyph.height, height - top);
  for (let y = Math.max(0, -top); y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const cover = glyph.values[y * glyph.width + x] as number;
      if (cover === 0) continue;
      const at = (top + y) * width + left + x;
      const pixel = pixels[at] as number;
      const r = mix(pixel & 255, red, cover);
      const g = mix((pixel >> 8) & 255, green, cover);
      const b = mix((pixel >> 16) & 255, blue, cover);
      pixels[at] = (255 << 24) | (b << 16) | (g << 8) | r;
    }
  }
}

/** Exact division by 255, rounded. */
function mix(below: number, above: number, cover: number): number {
  return below + Math.round(((above - below) * cover) / 255);
}
