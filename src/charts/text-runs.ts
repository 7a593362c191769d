import type { FontFile } from "./font-file.ts";
import { type Fonts, fontOfWeight } from "./text-width.ts";

/** A line of text with its place in the picture, in pixels. */
export interface TextRun {
  text: string;
  font: FontFile;
  fontSize: number;
  /** Start, middle or end of the baseline, by `anchor`. */
  x: number;
  y: number;
  /** Radians, clockwise, around x, y. */
  angle: number;
  /** Where x, y is along the line: 0 at its start, 1 at its end. */
  anchor: number;
  /** Along and across the baseline after turning. */
  shift: { x: number; y: number };
  /** 24-bit RGB. */
  colour: number;
}

/** Group tags, and text elements without inner tags. */
const TAG = /<g\b([^>]*)>|<\/g>|<text ([^>]*)>([^<]*)<\/text>/g;
const ATTRIBUTE = /([a-z-]+)="([^"]*)"/g;
const TRANSFORM = /^translate\(([-\d.e]+),([-\d.e]+)\)(?: rotate\(([-\d.e]+)\))?(?: translate\(([-\d.e]+),([-\d.e]+)\))?$/;
const ANCHORS: Readonly<Record<string, number>> = { start: 0, middle: 0.5, end: 1 };
const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

/**
 * Takes Vega's plain texts out of its SVG: those of one line, one opaque colour and only characters our fonts have.
 * All other texts stay where they are. Vega moves groups by translation alone, which this relies on.
 */
export function takeTexts(svg: string, fonts: Fonts): { svg: string; runs: TextRun[] } {
  const runs: TextRun[] = [];
  const origins = [{ x: 0, y: 0 }];
  const rest = svg.replace(TAG, (tag, group: string | undefined, attributes: string | undefined, escaped: string | undefined) => {
    const origin = origins.at(-1) ?? { x: 0, y: 0 };
    if (group !== undefined) origins.push(moved(origin, group));
    else if (attributes === undefined) origins.pop();
    else {
      const run = runOf(attributes, escaped ?? "", origin, fonts);
      if (run) runs.push(run);
      return run ? "" : tag;
    }
    return tag;
  });
  return { svg: rest, runs };
}

function moved(origin: { x: number; y: number }, group: string): { x: number; y: number } {
  const [, x = 0, y = 0] = TRANSFORM.exec(attributesOf(group).get("transform") ?? "") ?? [];
  return { x: origin.x + Number(x), y: origin.y + Number(y) };
}

function runOf(attributes: string, escaped: string, origin: { x: number; y: number }, fonts: Fonts): TextRun | undefined {
  const given = attributesOf(attributes);
  const transform = TRANSFORM.exec(given.get("transform") ?? "");
  const colour = /^#[0-9a-f]{6}$/i.exec(given.get("fill") ?? "")?.[0];
  const plain = !given.has("stroke") && (given.get("opacity") ?? "1") === "1" && !given.has("fill-opacity");
  const font = fontOfWeight(fonts, given.get("font-weight"));
  const text = escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
  if (!transform || !colour || !plain || !hasAll(font, text)) return undefined;
  const [x, y, degrees, shiftX, shiftY] = transform.slice(1).map((number) => Number(number ?? 0));
  return {
    text,
    font,
    fontSize: Number.parseFloat(given.get("font-size") ?? "11"),
    x: origin.x + (x ?? 0),
    y: origin.y + (y ?? 0),
    angle: ((degrees ?? 0) * Math.PI) / 180,
    anchor: ANCHORS[given.get("text-anchor") ?? "start"] ?? 0,
    shift: { x: shiftX ?? 0, y: shiftY ?? 0 },
    colour: Number.parseInt(colour.slice(1), 16),
  };
}

function attributesOf(tag: string): Map<string, string> {
  return new Map(Array.from(tag.matchAll(ATTRIBUTE), ([, name = "", value = ""]) => [name, value]));
}

function hasAll(font: FontFile, text: string): boolean {
  for (const character of text) if (!font.advances.has(character.codePointAt(0) ?? 0)) return false;
  return true;
}
