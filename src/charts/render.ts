import { UserError } from "../errors.ts";
import { compileShape, splitSpec, strictLogger } from "./compile.ts";
import { readFont } from "./font-file.ts";
import { prepareFonts } from "./fonts.ts";
import { paletteOf, toIndexes } from "./palette.ts";
import { encodePng } from "./png.ts";
import { drawText } from "./text-raster.ts";
import { takeTexts } from "./text-runs.ts";
import { fontOfWeight, textWidth } from "./text-width.ts";
import { THEMES, type ThemeName } from "./theme.ts";

export interface SvgOptions {
  /** Pixels of the whole picture. Default: the spec's own, else 1200 × 700. */
  width?: number;
  height?: number;
  /** Default: light. */
  theme?: ThemeName;
}

export interface PngOptions extends SvgOptions {
  /** Pixels of the PNG per pixel of the picture, 0.5 to 3. Default: 1. */
  scale?: number;
}

type Spec = Readonly<Record<string, unknown>>;

const DEFAULT_WIDTH = 1200;
const DEFAULT_HEIGHT = 700;
/** Of the SVG renderer at scale 1. */
const DENSITY = 72;
/** Above this share of pixels far from every colour of ours the picture is quantised by its own colours. */
const MOST_FOREIGN = 0.005;
/** Charts waiting for their turn; more than this means something is wrong. */
const LONGEST_QUEUE = 64;

let engine: Promise<Engine> | undefined;
let queue: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** The chart as SVG text, its background included. `spec` is one of this folder's. */
export async function renderSvg(spec: Spec, options: SvgOptions = {}): Promise<string> {
  return inTurn(async () => draw(await loadEngine(), spec, options));
}

/** The chart as an indexed PNG on a solid background. Charts are drawn one at a time: a second one would only slow both. */
export async function renderPng(spec: Spec, options: PngOptions = {}): Promise<Buffer> {
  return inTurn(async () => {
    const loaded = await loadEngine();
    const svg = await draw(loaded, spec, options);
    return rasterise(loaded, svg, options);
  });
}

async function draw({ vega, vegaLite, interpreter }: Engine, spec: Spec, options: SvgOptions): Promise<string> {
  const theme = options.theme ?? "light";
  const { shape, datasets, params } = splitSpec({
    ...spec,
    width: DEFAULT_WIDTH,
    height: DEFAULT_HEIGHT,
    autosize: { type: "fit", contains: "padding" },
  });
  const runtime = compileShape({ compile: vegaLite.compile, parse: vega.parse as never }, shape, theme);
  const problems: string[] = [];
  const view = new vega.View(runtime, { renderer: "none", expr: interpreter, loader: sealedLoader, logger: strictLogger(problems) });
  try {
    // Outside the shape, so that every height of one kind of chart shares a compiled spec.
    view.width(options.width ?? (spec.width as number | undefined) ?? DEFAULT_WIDTH);
    view.height(options.height ?? (spec.height as number | undefined) ?? DEFAULT_HEIGHT);
    for (const [name, value] of params) view.signal(name, name === "theme" ? THEMES[theme] : value);
    // Vega writes into the rows it is given: it gets copies.
    for (const [name, rows] of Object.entries(datasets))
      view.data(
        name,
        rows.map((row) => ({ ...row })),
      );
    const svg = await view.toSVG();
    if (problems.length > 0) throw new Error(`The chart could not be drawn: ${problems[0]}`);
    return withoutForbiddenCharacters(svg);
  } finally {
    view.finalize();
  }
}

async function rasterise({ sharp, fonts }: Engine, svg: string, options: PngOptions): Promise<Buffer> {
  const scale = Math.min(3, Math.max(0.5, options.scale ?? 1));
  const density = DENSITY * scale;
  const palette = paletteOf(svg, THEMES[options.theme ?? "light"].background);
  if (palette) {
    const { svg: marks, runs } = takeTexts(svg, fonts);
    const { data, info } = await sharp(Buffer.from(marks), { density }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const pixels = new Int32Array(data.buffer, data.byteOffset, width * height);
    for (const run of runs) drawText({ width, height, pixels }, run, scale);
    const { indexes, foreignShare } = toIndexes(pixels, palette);
    if (foreignShare <= MOST_FOREIGN) return encodePng({ width, height, ...palette, indexes });
  }
  return sharp(Buffer.from(svg), { density }).png({ palette: true, effort: 1 }).toBuffer();
}

type Engine = Awaited<ReturnType<typeof load>>;

function loadEngine(): Promise<Engine> {
  engine ??= load().catch((error: unknown) => {
    engine = undefined;
    throw error;
  });
  return engine;
}

async function load() {
  const files = prepareFonts();
  const [vega, vegaLite, { expressionInterpreter }, { default: sharp }] = await Promise.all([
    import("vega"),
    import("vega-lite"),
    import("vega-interpreter"),
    import("sharp"),
  ]);
  sharp.cache(false);
  const fonts = { regular: readFont(files.regular), semiBold: readFont(files.semiBold) };
  const { textMetrics } = vega as unknown as { textMetrics: { width(item: TextItem, text: unknown): number } };
  textMetrics.width = (item, text) =>
    text == null ? 0 : textWidth(fontOfWeight(fonts, item.fontWeight), String(text).trim(), item.fontSize ?? 11);
  return { vega, vegaLite, interpreter: expressionInterpreter, sharp, fonts };
}

interface TextItem {
  fontSize?: number;
  fontWeight?: number | string;
}

/** A chart reads nothing: its data is inside. Whatever names a file or an address is refused. */
const sealedLoader = {
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
};

async function refuse(): Promise<never> {
  throw new Error("A chart may not load anything.");
}

/** What XML 1.0 cannot carry, even escaped. */
function withoutForbiddenCharacters(svg: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove
  return svg.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (waiting >= LONGEST_QUEUE) throw new UserError("Too many charts are being drawn at once. Ask again in a moment.");
  waiting++;
  const mine = queue.then(work);
  queue = mine.catch(() => undefined);
  return mine.finally(() => waiting--);
}
