import { WrongAnswer } from "./report.ts";

const WIDTH = 1200;
const HEIGHT = 700;

/** Where words must have left ink, in pixels of the picture, and how many pixels at least. */
const WORDS = [
  { what: "the title", from: 0, to: 60, least: 400 },
  { what: "the names under the bars", from: 560, to: HEIGHT, least: 2_000 },
];

/** Throws WrongAnswer unless the PNG is 1200 x 700 and has its words: without fonts they vanish, and nothing complains. */
export async function checkPicture(png: Buffer, whose: string): Promise<void> {
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  if (info.width !== WIDTH || info.height !== HEIGHT) throw new WrongAnswer(`${whose}: the picture is ${info.width} x ${info.height}`);
  for (const { what, from, to, least } of WORDS) {
    const ink = data.subarray(from * WIDTH, to * WIDTH).filter((grey) => grey < 160).length;
    if (ink < least) throw new WrongAnswer(`${whose}: ${what} left ${ink} dark pixels, fewer than ${least}`);
  }
}
