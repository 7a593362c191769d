/**
 * The colours of a picture, known before it is drawn: those its SVG names, and mixes with the background for smooth edges.
 * Pixels then go to the nearest one through a table over 15-bit colours, which beats every quantiser that must look first.
 */
export interface Palette {
  /** 24-bit colours, at most 16 or 256. */
  colours: readonly number[];
  bitDepth: 4 | 8;
}

/** Beyond this many colours of its own a picture is not one of ours. */
const MOST_OWN_COLOURS = 60;
const MOST_OWN_COLOURS_IN_4_BITS = 9;

/** From here on one call that fills is faster than a loop. */
const LONG_RUN = 16;

/** Squared distance (0–195,075) beyond which a pixel counts as foreign: about 28 levels in each channel. */
const FOREIGN_DISTANCE = 2400;

/** The palette for an SVG on a background ("#rrggbb"); undefined when it names too many colours for one. */
export function paletteOf(svg: string, background: string): Palette | undefined {
  const own = [...new Set([background, ...namedColours(svg)].map(parse))];
  if (own.length > MOST_OWN_COLOURS) return undefined;
  const bitDepth = own.length <= MOST_OWN_COLOURS_IN_4_BITS ? 4 : 8;
  const room = bitDepth === 4 ? 16 : Math.min(256, own.length * 6);
  return { colours: withMixes(own, room), bitDepth };
}

/**
 * Palette indexes of RGBA pixels, one byte each, and the share of pixels no palette colour is near.
 * The pixels must be opaque, four bytes each, red first (signed integers, because those are fast here).
 */
export function toIndexes(pixels: Int32Array, palette: Palette): { indexes: Uint8Array; foreignShare: number } {
  const table = new Int16Array(32_768).fill(-1);
  for (const [index, colour] of palette.colours.entries()) claim(table, colour, index);
  const indexes = new Uint8Array(pixels.length);
  let foreign = 0;
  let end = 0;
  while (end < pixels.length) {
    const start = end;
    const pixel = pixels[start] as number;
    do end++;
    while (pixels[end] === pixel);
    // Little-endian RGBA: red is the lowest byte.
    const bucket = ((pixel & 0xf8) << 7) | ((pixel & 0xf800) >> 6) | ((pixel & 0xf80000) >> 19);
    let entry = table[bucket] as number;
    if (entry < 0) entry = table[bucket] = nearest(bucket, palette.colours);
    if (end - start > LONG_RUN) indexes.fill(entry & 0xff, start, end);
    else for (let i = start; i < end; i++) indexes[i] = entry & 0xff;
    if (entry > 0xff) foreign += end - start;
  }
  return { indexes, foreignShare: foreign / pixels.length };
}

/** Colours in fill and stroke attributes. Text cannot forge one: its quotes are escaped. */
function namedColours(svg: string): string[] {
  return [...svg.matchAll(/(?:fill|stroke)="(#[0-9a-f]{6})"/gi)].map((match) => match[1] as string);
}

function parse(hex: string): number {
  return Number.parseInt(hex.slice(1), 16);
}

/** Own colours, then steps from the background to each, the strongest contrast first, until the room is full. */
function withMixes(own: readonly number[], room: number): number[] {
  const background = own[0] ?? 0;
  const inks = own.slice(1).sort((a, b) => distance(b, background) - distance(a, background));
  const colours = [...own];
  for (const parts of [2, 4, 8]) {
    for (let part = 1; part < parts; part += 2) {
      for (const ink of inks) {
        if (colours.length >= room) return colours;
        const mix = blend(background, ink, part / parts);
        if (colours.every((colour) => distance(colour, mix) > 300)) colours.push(mix);
      }
    }
  }
  return colours;
}

function claim(table: Int16Array, colour: number, index: number): void {
  const bucket = ((colour >> 9) & 0x7c00) | ((colour >> 6) & 0x3e0) | ((colour >> 3) & 0x1f);
  if ((table[bucket] as number) < 0) table[bucket] = index;
}

/** Index of the nearest colour to the middle of a 15-bit bucket; plus 256 when even that is far. */
function nearest(bucket: number, colours: readonly number[]): number {
  const centre = (((bucket >> 10) & 31) << 19) | (((bucket >> 5) & 31) << 11) | ((bucket & 31) << 3) | 0x040404;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, colour] of colours.entries()) {
    const d = distance(colour, centre);
    if (d < least) {
      least = d;
      best = index;
    }
  }
  return least > FOREIGN_DISTANCE ? best + 256 : best;
}

function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = ((a >> 8) & 255) - ((b >> 8) & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

function blend(from: number, to: number, share: number): number {
  const channel = (shift: number) => Math.round(((from >> shift) & 255) * (1 - share) + ((to >> shift) & 255) * share) << shift;
  return channel(16) | channel(8) | channel(0);
}
