import { derive } from "./arithmetic.ts";
import { sameTime } from "./calendar.ts";
import type { Surroundings } from "./check.ts";
import { counts, countsAlike, isCount } from "./counts.ts";
import type { DateMention } from "./dates.ts";
import { type Evidence, type SourceFigure, stem } from "./evidence.ts";
import { precision, states, tolerance } from "./match.ts";
import { type NameMention, squash } from "./names.ts";
import type { Operand } from "./operands.ts";
import { isBeside, type Owner, ownerOf } from "./owners.ts";
import type { Quantity } from "./quantities.ts";
import { isSpan } from "./spans.ts";
import { type Stray, stray } from "./stray.ts";
import type { SourceRow } from "./tables.ts";

/** Where a figure comes from. */
export interface Trace {
  text: string;
  /** AS_IT_STANDS, or how it was worked out. */
  how: string;
  /** Indices of the texts that hold it. */
  sources: readonly number[];
}

/** How of a figure that a source has as the text says it: each of its sources alone proves it. */
export const AS_IT_STANDS = "as it stands";

export interface Scene {
  text: string;
  dates: readonly DateMention[];
  names: readonly NameMention[];
  /** Rows the sentence, or else the one before, names. */
  rows: readonly SourceRow[];
  /** Rows the sentence itself names. */
  said: readonly SourceRow[];
  evidence: Evidence;
  around: Surroundings;
}

export interface Traced {
  strays: Stray[];
  traces: Trace[];
  figures: Operand[];
  wrongDates: Stray[];
}

/** `quiet`: figures that claim nothing by themselves, "twelve were low"; others may be worked out of them where a source has them. */
export function traceAll(claims: readonly Quantity[], quiet: readonly Quantity[], scene: Scene): Traced {
  const { evidence } = scene;
  const traced: Traced = { strays: [], traces: [], figures: [], wrongDates: [] };
  let open: Quantity[] = [];
  for (const claim of claims) {
    const found = directly(claim, scene, ownerOf(claim, scene));
    if (found.length === 0) open.push(claim);
    else settle(traced, claim, { how: AS_IT_STANDS, sources: sourcesOf(found) }, plainest(found, scene));
  }
  for (const one of quiet) {
    const [figure] = isCount(one) ? directly(one, scene, undefined) : [];
    if (figure) traced.figures.push({ ...one, source: figure.source });
  }
  // What is worked out may in turn be worked with, and a later figure may stand before its parts.
  for (let round = 0; round < 3 && open.length > 0; round++) {
    const left: Quantity[] = [];
    for (const claim of open) {
      const found = workedOut(claim, claims, scene, traced.figures);
      if (found) settle(traced, claim, found);
      else left.push(claim);
    }
    if (left.length === open.length) break;
    open = left;
  }
  for (const claim of open) traced.strays.push(stray("number", claim, reasonFor(claim, evidence)));
  traced.wrongDates.push(...wrongPeriods(claims, scene));
  return traced;
}

/** The claim as a sum, difference, share, count … of what is known by now. */
function workedOut(claim: Quantity, claims: readonly Quantity[], scene: Scene, known: readonly Operand[]): Omit<Trace, "text"> | undefined {
  const { evidence, around, text } = scene;
  const owner = ownerOf(claim, scene);
  const operands = {
    evidence,
    words: text.toLowerCase(),
    near: [...known, ...around.asked],
    earlier: owner ? [] : around.earlier,
    rows: owner?.rows ?? scene.rows,
    isOwned: owner !== undefined,
    counts: smallNumbers(claims, text),
  };
  const derived = claim.digits || claim.unit !== "" ? derive(claim, operands) : undefined;
  return derived ?? (owner && isCount(claim) ? undefined : otherwise(claim, claims, scene));
}

/** What is worked out further starts from the source's own figure where there is one: it is less rounded. */
function settle(traced: Traced, claim: Quantity, found: Omit<Trace, "text">, figure?: SourceFigure): void {
  traced.traces.push({ text: claim.text, ...found });
  if (found.how === "count" || found.how.startsWith("range")) return;
  const { value, step } = figure?.unit === claim.unit ? figure : claim;
  const source = found.sources[0];
  traced.figures.push({
    ...{ value, step, unit: claim.unit, text: claim.text, noun: claim.noun },
    ...(source === undefined ? {} : { source }),
    ...(figure?.inTable && figure.owner !== undefined ? { owner: figure.owner } : {}),
    ...(figure?.period ? { period: figure.period } : {}),
  });
}

/** The one of a table's row that is spoken of, or of its only row: its other times are known. */
function plainest(found: readonly SourceFigure[], { said }: Scene): SourceFigure | undefined {
  const rows = found.filter(({ inTable, owner }) => inTable && owner !== undefined);
  const isOneRow = new Set(rows.map(({ owner }) => owner)).size === 1;
  return rows.find(({ owner }) => said.some(({ label }) => label === owner)) ?? (isOneRow ? rows[0] : undefined) ?? found[0];
}

function sourcesOf(figures: readonly SourceFigure[]): number[] {
  return [...new Set(figures.map(({ source }) => source))];
}

const CLOSE_BY = 150;

/** The figures of sources that say what the claim says and are not plainly another's. */
function directly(claim: Quantity, scene: Scene, owner: Owner | undefined): SourceFigure[] {
  const { evidence, said } = scene;
  const isCounted = claim.unit === "" && claim.noun !== "" && evidence.counted.has(stem(claim.noun));
  const isShare = claim.unit === "percent" && MAKES_UP.test(scene.text);
  const same = evidence.figures.filter(
    (figure) =>
      states(claim, figure, evidence) && countsAlike(claim, figure) && !(isCounted && figure.unit !== "") && !(isShare && figure.isChange),
  );
  if (owner) return same.filter(owner.has);
  const isLoose = precision(claim) < CLOSE_BY || same.every((figure) => Math.abs(figure.value - claim.value) > tolerance(claim));
  if (!isLoose || said.length === 0 || claim.unit === "" || isBoundOfOthers(claim, scene)) return same;
  // A rounded share fits some row or other: it must be of a row that is spoken of, or of none in particular.
  return same.filter(
    (figure) => !figure.inTable || said.some((row) => row.figures.includes(figure)) || said.some(({ label }) => label === figure.owner),
  );
}

/** "All the others moved by less than $400": of no row that is named. */
function isBoundOfOthers({ hedge }: Quantity, { text }: Scene): boolean {
  return (hedge === "under" || hedge === "over") && /\b(?:everything|nothing|none|others?|the rest|all but|any)\b/i.test(text);
}

/** A part of a whole, which is no growth. */
const MAKES_UP = /\b(?:makes?|made) up\b|\baccount(?:s|ed)? for\b|\b(?:a|the) share of\b/i;

function smallNumbers(claims: readonly Quantity[], text: string): number[] {
  const small = claims.filter((claim) => isCount(claim) && claim.value <= 60).map(({ value }) => value);
  const ranks = [
    ...text
      .toLowerCase()
      .matchAll(/\b(?:top|largest|first|biggest|these|those|the|other) (two|three|four|five|six|seven|eight|nine|ten)\b/g),
  ];
  const words = ["", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
  return [...small, ...ranks.map(([, word]) => words.indexOf(word ?? "")), ...(/\bboth\b|\bthe two\b/i.test(text) ? [2] : [])];
}

/** Counts of what is there, lengths of periods, ends of a range around a figure, figures the person named. */
function otherwise(claim: Quantity, claims: readonly Quantity[], scene: Scene): { how: string; sources: readonly number[] } | undefined {
  const { evidence, around, text, names, rows } = scene;
  if (isCount(claim)) {
    const named = new Set(names.map(({ text: name }) => squash(name))).size;
    const limits = claims.filter(({ unit }) => unit !== "");
    const counted = [named, scene.said.length].some((size) =>
      counts(claim, { evidence, words: text.toLowerCase(), named: size, listed: around.listed, limits }),
    );
    if (counted) return { how: "count", sources: [] };
  }
  if ((claim.unit === "time" || claim.unit === "calendar") && isSpan(claim, scene)) return { how: "length of a period", sources: [] };
  const other = claims.find((end) => end !== claim && end.unit === claim.unit && isRange(text, claim, end));
  // Of a source's own range both ends are the source's; "between $103k and $104k" is a rounding.
  const isWide = other !== undefined && Math.abs(other.value - claim.value) > 1.01 * Math.max(other.step, claim.step);
  const isQuoted = isWide && precision(other) >= CLOSE_BY && directly(other, scene, undefined).length > 0;
  if (other && !isQuoted) {
    const [low, high] = [Math.min(claim.value, other.value), Math.max(claim.value, other.value)];
    const inside = [...evidence.figures, ...rows.flatMap(({ figures }) => figures)].find(
      ({ unit, value }) => unit === claim.unit && value >= low && value <= high,
    );
    if (inside && high - low <= 0.4 * high) return { how: `range around ${inside.text}`, sources: [inside.source] };
  }
  return undefined;
}

function isRange(text: string, a: Quantity, b: Quantity): boolean {
  const [first, second] = a.start < b.start ? [a, b] : [b, a];
  const between = text.slice(first.end, second.start);
  return (
    /^\s*[–—-]\s*$/.test(between) ||
    (/^\s*(?:and|to)\s*$/.test(between) && /\b(?:between|range of)\s*[*_]*$/.test(text.slice(0, first.start)))
  );
}

/** Dates right beside a figure that a source gives to another time, and only to another. */
function wrongPeriods(claims: readonly Quantity[], { text, dates, evidence }: Scene): Stray[] {
  return dates.flatMap((date) => {
    if (date.time || !evidence.calendar.has(date)) return [];
    const figure = claims.find((claim) => isBeside(text, date.start, date.end, claim));
    if (!figure || precision(figure) < 50) return [];
    const same = evidence.figures.filter((source) => states(figure, source, evidence));
    const own = same.filter(({ period }) => period !== undefined);
    if (
      own.length === 0 ||
      own.length < same.length ||
      own.some(({ period }) => period && (period.text === date.text || sameTime(period, date)))
    )
      return [];
    return [stray("date", date, `${figure.text} is of ${own[0]?.period?.text ?? "another time"}`)];
  });
}

/** What the nearest figure of a source says instead, where only the unit or the place of the point differ. */
function reasonFor(claim: Quantity, evidence: Evidence): string {
  const digits = String(claim.value / claim.scale).replace(/[^1-9]/g, "");
  const like = evidence.figures.find((figure) => {
    const own = String(figure.value / figure.scale).replace(/[^1-9]/g, "");
    return own !== "" && own === digits;
  });
  return like && like.text !== claim.text
    ? `no result has it; the nearest is ${like.text}`
    : "no result has it, and it is no sum, difference or share of figures named beside it";
}
