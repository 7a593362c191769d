import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readFont } from "../../src/charts/font-file.ts";
import { prepareFonts } from "../../src/charts/fonts.ts";
import { drawText } from "../../src/charts/text-raster.ts";
import { takeTexts } from "../../src/charts/text-runs.ts";

const files = prepareFonts();
const fonts = { regular: readFont(files.regular), semiBold: readFont(files.semiBold) };
const SIZE = 240;

function page(body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}"><rect width="${SIZE}" height="${SIZE}" fill="#ffffff"/>${body}</svg>`;
}

function text(content: string, attributes = `transform="translate(20,120)"`, size = 40): string {
  return `<g transform="translate(10,5)"><text ${attributes} font-family="Inter" font-size="${size}px" fill="#000000">${content}</text></g>`;
}

async function byRenderer(svg: string): Promise<Buffer> {
  return sharp(Buffer.from(svg), { density: 72 }).removeAlpha().toColourspace("b-w").raw().toBuffer();
}

async function byUs(svg: string): Promise<Buffer> {
  const { svg: rest, runs } = takeTexts(svg, fonts);
  const { data } = await sharp(Buffer.from(rest), { density: 72 }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = new Int32Array(data.buffer, data.byteOffset, SIZE * SIZE);
  for (const run of runs) drawText({ width: SIZE, height: SIZE, pixels }, run, 1);
  return Buffer.from(Uint8Array.from(pixels, (pixel) => pixel & 255));
}

/** Mean difference per pixel of ink. */
function difference(a: Buffer, b: Buffer): number {
  let sum = 0;
  let ink = 0;
  for (let i = 0; i < SIZE * SIZE; i++) {
    sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0)) / 255;
    ink += 1 - (a[i] ?? 0) / 255;
  }
  return sum / ink;
}

describe("text drawn from glyph outlines", () => {
  test.each(["a", "g", "8", "%", "$", "€", "É", "ß", "ö", "Ж", "Ω", "…", "@"])(
    "looks as the SVG renderer draws “%s”",
    async (character) => {
      const svg = page(text(character));

      expect(difference(await byRenderer(svg), await byUs(svg))).toBeLessThan(0.08);
    },
  );

  test.each([
    ["start", 0],
    ["middle", -45],
    ["end", 90],
  ])("anchored at its %s and turned by %d degrees", async (anchor, degrees) => {
    const svg = page(text("m", `text-anchor="${anchor}" transform="translate(110,110) rotate(${degrees}) translate(3,12)"`, 60));

    expect(difference(await byRenderer(svg), await byUs(svg))).toBeLessThan(0.08);
  });

  test("weight 600 is the semi-bold font", async () => {
    const svg = page(text("m", `font-weight="600" transform="translate(20,120)"`, 60));

    expect(difference(await byRenderer(svg), await byUs(svg))).toBeLessThan(0.08);
  });
});

describe("takeTexts", () => {
  test("takes what our fonts can draw, unescaped, at its place in the picture", () => {
    const { svg, runs } = takeTexts(page(text("a &lt;b&gt; &amp; c")), fonts);

    expect(svg).not.toContain("<text");
    expect(runs).toMatchObject([{ text: "a <b> & c", x: 30, y: 125, colour: 0, fontSize: 40, anchor: 0 }]);
  });

  test.each([
    ["other scripts", text("日本")],
    ["emoji", text("🚀")],
    ["outlined text", text("a", `stroke="#ffffff" transform="translate(1,1)"`)],
    ["translucent text", text("a", `opacity="0.5" transform="translate(1,1)"`)],
    ["several lines", text(`<tspan>a</tspan><tspan x="0" dy="20">b</tspan>`)],
  ])("leaves %s to the SVG renderer", (_, body) => {
    expect(takeTexts(page(body), fonts)).toEqual({ svg: page(body), runs: [] });
  });
});
