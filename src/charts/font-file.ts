import { readFileSync } from "node:fs";
import { type OutlinePoint, readOutline } from "./glyph-outline.ts";

/** What drawing text needs of a TrueType font. Lengths are in font units, `unitsPerEm` to the font size. */
export interface FontFile {
  unitsPerEm: number;
  /** By code point; absent where the font has no such character. */
  advances: ReadonlyMap<number, number>;
  /** Closed contours, y going up; none for a blank or a character the font lacks. */
  outlineOf(codePoint: number): OutlinePoint[][];
}

/** Reads tables `head`, `hhea`, `hmtx`, `loca`, `glyf` and `cmap` format 4 (OpenType specification 1.9). Throws when one is missing. */
export function readFont(path: string): FontFile {
  const font = readFileSync(path);
  const tables = readTables(font);
  const head = at(tables, "head");
  const metrics = font.readUInt16BE(at(tables, "hhea") + 34);
  const hmtx = at(tables, "hmtx");
  const outlines = { font, loca: at(tables, "loca"), glyf: at(tables, "glyf"), long: font.readInt16BE(head + 50) === 1 };
  const glyphs = new Map(characters(font, at(tables, "cmap")));
  const advances = new Map<number, number>();
  for (const [codePoint, glyph] of glyphs) advances.set(codePoint, font.readUInt16BE(hmtx + 4 * Math.min(glyph, metrics - 1)));
  return {
    unitsPerEm: font.readUInt16BE(head + 18),
    advances,
    outlineOf(codePoint) {
      const glyph = glyphs.get(codePoint);
      return glyph === undefined ? [] : readOutline(outlines, glyph);
    },
  };
}

function readTables(font: Buffer): Map<string, number> {
  const tables = new Map<string, number>();
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const entry = 12 + 16 * i;
    tables.set(font.toString("latin1", entry, entry + 4), font.readUInt32BE(entry + 8));
  }
  return tables;
}

function at(tables: Map<string, number>, name: string): number {
  const offset = tables.get(name);
  if (offset === undefined) throw new Error(`The font has no table "${name}".`);
  return offset;
}

function* characters(font: Buffer, cmap: number): Generator<[codePoint: number, glyph: number]> {
  const start = unicodeSubtable(font, cmap);
  const segX2 = font.readUInt16BE(start + 6);
  for (let i = 0; i < segX2; i += 2) {
    const end = font.readUInt16BE(start + 14 + i);
    const first = font.readUInt16BE(start + 16 + segX2 + i);
    const delta = font.readUInt16BE(start + 16 + 2 * segX2 + i);
    const rangeAt = start + 16 + 3 * segX2 + i;
    const rangeOffset = font.readUInt16BE(rangeAt);
    for (let code = first; code <= end && code !== 0xffff; code++) {
      const raw = rangeOffset === 0 ? code : font.readUInt16BE(rangeAt + rangeOffset + 2 * (code - first));
      const glyph = rangeOffset !== 0 && raw === 0 ? 0 : (raw + delta) & 0xffff;
      if (glyph !== 0) yield [code, glyph];
    }
  }
}

function unicodeSubtable(font: Buffer, cmap: number): number {
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const start = cmap + font.readUInt32BE(cmap + 4 + 8 * i + 4);
    if (font.readUInt16BE(start) === 4) return start;
  }
  throw new Error("The font has no character map of format 4.");
}
