import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { paletteOf, toIndexes } from "../../src/charts/palette.ts";
import { encodePng } from "../../src/charts/png.ts";

const RED = 0xd55e00;
const WHITE = 0xffffff;

function rgba(colour: number): number {
  return (255 << 24) | ((colour & 255) << 16) | (colour & 0xff00) | (colour >> 16);
}

describe("encodePng", () => {
  test.each([
    [4, 5],
    [8, 5],
    [4, 6],
  ] as const)("writes %d bits a pixel, %d pixels wide, as another decoder reads them", async (bitDepth, width) => {
    const indexes = Uint8Array.from({ length: width * 3 }, (_, i) => i % 2);

    const png = encodePng({ width, height: 3, colours: [WHITE, RED], bitDepth, indexes });

    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([width, 3]);
    expect([...data.subarray(0, 6)]).toEqual([255, 255, 255, 0xd5, 0x5e, 0]);
    expect(data[data.length - 1]).toBe((width * 3) % 2 ? 255 : 0);
  });
});

describe("palette", () => {
  const svg = `<svg><rect fill="#d55e00"/><path stroke="#0072B2"/><text fill="#1f2730">fill=&quot;#00ff00&quot;</text></svg>`;

  test("holds the picture's own colours first, then mixes with the background", () => {
    const palette = paletteOf(svg, "#ffffff");

    expect(palette?.colours.slice(0, 4)).toEqual([WHITE, RED, 0x0072b2, 0x1f2730]);
    expect(palette?.colours.length).toBeLessThanOrEqual(16);
    expect(palette?.bitDepth).toBe(4);
    expect(palette?.colours).not.toContain(0x00ff00);
  });

  test("takes eight bits for many hues, and gives up on a picture of other origin", () => {
    const many = (n: number) =>
      Array.from({ length: n }, (_, i) => `<rect fill="#${(i * 70_001).toString(16).padStart(6, "0")}"/>`).join("");

    expect(paletteOf(many(12), "#ffffff")?.bitDepth).toBe(8);
    expect(paletteOf(many(100), "#ffffff")).toBeUndefined();
  });

  test("keeps own colours exact and counts pixels of foreign ones", () => {
    const palette = paletteOf(svg, "#ffffff") ?? { colours: [], bitDepth: 4 as const };
    const pixels = Int32Array.from([WHITE, RED, 0x0072b2, 0x00ff00].map(rgba));

    const { indexes, foreignShare } = toIndexes(pixels, palette);

    expect([...indexes.subarray(0, 3)]).toEqual([0, 1, 2]);
    expect(foreignShare).toBe(0.25);
  });
});
