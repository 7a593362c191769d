import type { FontFile } from "./font-file.ts";

export interface Fonts {
  regular: FontFile;
  semiBold: FontFile;
}

/** What another font will likely draw where ours has no glyph (Arabic, Han, emoji), in em. */
const UNKNOWN_EMS = 1;

const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Pixels a line of text takes at `fontSize`, from the font's own advance widths. Kerning is left out. */
export function textWidth(font: FontFile, text: string, fontSize: number): number {
  let units = 0;
  for (const character of text) {
    const advance = font.advances.get(character.codePointAt(0) ?? 0);
    if (advance !== undefined) units += advance;
    else if (!ZERO_WIDTH.test(character)) units += UNKNOWN_EMS * font.unitsPerEm;
  }
  return (units * fontSize) / font.unitsPerEm;
}

/** The font of a CSS weight. */
export function fontOfWeight(fonts: Fonts, weight: number | string | undefined): FontFile {
  return weight === "bold" || Number(weight) >= 600 ? fonts.semiBold : fonts.regular;
}
