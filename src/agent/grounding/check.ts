import { derive, type Operand } from "./arithmetic.ts";
import { isEnglish } from "./common-words.ts";
import { counts, isCount } from "./counts.ts";
import { type DateMention, readDates, sameTime } from "./dates.ts";
import { type Evidence, type SourceFigure, stem } from "./evidence.ts";
import { precision, sameKind, states, tolerance } from "./match.ts";
import { type NameMention, readNames, squash } from "./names.ts";
import { type Quantity, readQuantities } from "./quantities.ts";
import { blank, withoutLinks } from "./sentences.ts";
import { type SourceRow, shortNamesOf } from "./tables.ts";

/** What a sentence says that no source does. */
export interface Stray {
  kind: "number" | "date" | "name";
  /** As written. */
  text: string;
  start: number;
  end: number;
  /** Why, in words for whoever is to mend it. */
  reason: string;
}

/** Where a figure comes from. */
export interface Trace {
  text: string;
  /** "as it stands", or how it was worked out. */
  how: string;
  /** Indices of the texts that hold it. */
  sources: readonly number[];
}

export interface Verdict {
  strays: readonly Stray[];
  traces: readonly Trace[];
  /** Traced figures, for what later sentences work out from them. */
  figures: readonly Operand[];
}

/** What stands around a sentence. */
export interface Surroundings {
  /** Traced figures of the sentences before. */
  earlier: readonly Operand[];
  /** Figures the person named. */
  asked: readonly Operand[];
  /** The sentence before. */
  before: string;
  /** Items of the lists of the text, as far as it is known. */
  listed: number;
  /** The heading cells of the table the line is in. */
  heading?: string;
}

export const ALONE: Surroundings = { earlier: [], asked: [], before: "", listed: 0 };

/** Traces each number, date and name of a sentence to the evidence. Pure. */
export function checkSentence(sentence: string, evidence: Evidence, around: Surroundings = ALONE): Verdict {
  const text = withoutLinks(sentence);
  const dates = readDates(text);
  const names = readNames(blank(text, dates), isEnglish(`${around.before} ${sentence}`));
  const coded = names.filter((name) => /\d/.test(name.text));
  const claims = readQuantities(blank(text, [...dates, ...coded]), !isEnglish(`${around.before} ${sentence}`)).filter((claim) =>
    isClaim(claim, text, evidence),
  );
  const said = sayings(text, dates, evidence);
  const rows = said.length > 0 ? said : sayings(around.before, readDates(around.before), evidence);
  const traced = traceAll(claims, { text, dates, names, rows, said, evidence, around });

  const strayDates = [
    ...dates.filter((date) => !evidence.calendar.has(date)).map((date) => stray("date", date, DATE_REASON)),
    ...traced.wrongDates,
  ];
  const strayNames = names.filter((name) => !knowsName(name, evidence)).map((name) => stray("name", name, NAME_REASON));
  return {
    strays: [...traced.strays, ...strayDates, ...strayNames].sort((a, b) => a.start - b.start),
    traces: traced.traces,
    figures: traced.figures,
  };
}

const DATE_REASON = "no result speaks of this date or period";
const NAME_REASON = "no result names it";

function stray(kind: Stray["kind"], { text, start, end }: { text: string; start: number; end: number }, reason: string): Stray {
  return { kind, text, start, end, reason };
}

function knowsName({ text }: NameMention, { vocabulary }: Evidence): boolean {
  return vocabulary.knows(text);
}

/** "80/20", "24/7", a rank, and words such as "two reasons" whose noun no source has are no claims. */
function isClaim(claim: Quantity, text: string, { vocabulary, counted }: Evidence): boolean {
  const around = text.slice(Math.max(0, claim.start - 3), claim.end + 3);
  if (/\b(?:80\/20|20\/80|24\/7|50\/50)\b/.test(around)) return false;
  if (!claim.digits && claim.unit === "")
    return claim.noun !== "" && (counted.has(stem(claim.noun)) || vocabulary.knows(claim.noun)) && !SOFT.test(claim.noun);
  return true;
}

/** Nouns of speech that a source may hold by chance. */
const SOFT =
  /^(?:things?|ways?|reasons?|questions?|points?|figures?|numbers?|sources?|parts?|readings?|answers?|periods?|months?|days?|weeks?|years?|times?|others?|more|most|main|largest|options?|steps?|lists?|tables?|results?|values?|of|and|are|is|were|was|have|make|together)$/;

interface Scene {
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

/** Rows of tables whose name or date a text says; rows of several names count when all are said, where there are such. */
function sayings(text: string, dates: readonly DateMention[], { tables }: Evidence): SourceRow[] {
  const squashed = squash(text);
  const words = new Set(text.split(/[^\p{L}\d-]+/u).map(squash));
  const has = (name: string) => (name.length < 5 ? words.has(name) : squashed.includes(name));
  const isSaid = (name: string) => has(name) || has(name.replace(/^(?:amazon|aws|google|azure)/, ""));
  return tables.flatMap(({ rows }) => {
    const said = rows.filter((row) =>
      row.date
        ? dates.some((date) => row.date && !date.time && sameTime(date, row.date))
        : row.names.some(isSaid) || row.shortNames.some((short) => words.has(short)),
    );
    const wholly = said.filter((row) => row.parts.length > 1 && row.parts.every(isSaid));
    return wholly.length > 0 ? wholly : said;
  });
}

interface Traced {
  strays: Stray[];
  traces: Trace[];
  figures: Operand[];
  wrongDates: Stray[];
}

function traceAll(claims: readonly Quantity[], scene: Scene): Traced {
  const { evidence } = scene;
  const traced: Traced = { strays: [], traces: [], figures: [], wrongDates: [] };
  let open: Quantity[] = [];
  for (const claim of claims) {
    const found = directly(claim, scene, ownerOf(claim, scene));
    if (found.length === 0) open.push(claim);
    else settle(traced, claim, { how: "as it stands", sources: sourcesOf(found) }, found[0]);
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
  traced.figures.push({ value, step, unit: claim.unit, text: claim.text, noun: claim.noun, ...(source === undefined ? {} : { source }) });
}

function sourcesOf(figures: readonly SourceFigure[]): number[] {
  return [...new Set(figures.map(({ source }) => source))];
}

/** The figures of sources that say what the claim says and are not plainly another's. */
function directly(claim: Quantity, scene: Scene, owner: Owner | undefined): SourceFigure[] {
  const { evidence, said } = scene;
  const same = evidence.figures.filter((figure) => states(claim, figure, evidence) && countsAlike(claim, figure));
  if (owner) return same.filter(owner.has);
  const isLoose = precision(claim) < CLOSE_BY || same.every((figure) => Math.abs(figure.value - claim.value) > tolerance(claim));
  if (!isLoose || said.length === 0 || claim.unit === "") return same;
  // A rounded share fits some row or other: it must be of a row that is spoken of, or of none in particular.
  return same.filter(
    (figure) => !figure.inTable || said.some((row) => row.figures.includes(figure)) || said.some(({ label }) => label === figure.owner),
  );
}

/** The rows whose name or date stands right before a figure, or whose date right behind it: "EC2: $300", "$300 in October". */
interface Owner {
  rows: readonly SourceRow[];
  has(figure: SourceFigure): boolean;
}

function ownerOf(claim: Quantity, { text, names, dates, said }: Scene): Owner | undefined {
  const isMeasured = (row: SourceRow) => row.cells.some((cell) => cell && sameKind(cell, claim));
  // "A is $5 above B": the figure is of both.
  if (
    /^[*_`]*\s*(?:above|below|more|less|higher|lower|ahead|behind|apart|over|under|than|over|each|together)\b/.test(
      text.slice(claim.end, claim.end + 16),
    )
  )
    return undefined;
  const name = names.findLast(({ end }) => end <= claim.start && ADJACENT.test(text.slice(end, claim.start)));
  if (name) {
    const rows = said.filter((row) => isCalled(row, name.text));
    const squashed = squash(name.text);
    const has = (figure: SourceFigure) =>
      rows.some((row) => row.figures.includes(figure) || row.label === figure.owner) ||
      (figure.owner !== undefined && isCalled({ names: [squash(figure.owner)], label: figure.owner }, name.text)) ||
      (!figure.inTable && figure.owner === undefined && (figure.context?.includes(squashed) ?? false));
    return rows.some(isMeasured) ? { rows, has } : undefined;
  }
  const date = dates.find(({ start, end, time }) => !time && isBeside(text, start, end, claim));
  if (!date) return undefined;
  const rows = said.filter((row) => row.date && sameTime(date, row.date));
  const has = (figure: SourceFigure) =>
    rows.some((row) => row.figures.includes(figure)) ||
    (figure.period !== undefined && sameTime(date, figure.period)) ||
    (figure.period === undefined && (figure.dates?.some((own) => own.text === date.text || sameTime(date, own)) ?? false));
  return rows.some(isMeasured) ? { rows, has } : undefined;
}

function isBeside(text: string, start: number, end: number, claim: Quantity): boolean {
  if (end <= claim.start) return /^\s*(?:[:(|]|was|is|at|cost|had|with|we saw|came to)?\s*\**$/.test(text.slice(end, claim.start));
  return claim.end <= start && /^\**\s*(?:in|for|on|during)\s*$/.test(text.slice(claim.end, start));
}

const CLOSE_BY = 150;

/** Nothing but a verb between a name and its figure. */
const ADJACENT =
  /^[`*_]*(?:['’]s)?\s*(?:(?:[:(|–—,-]|\b(?:cost|costs|at|with|was|is|had|has|came|comes|come|to|makes|made|leads|led|alone|about|roughly|around|nearly|almost|just|over|it|up|for|spent|accounts|accounted)\b|~)[\s*_]*){0,5}$/;

function isCalled({ names, label }: Pick<SourceRow, "names" | "label">, name: string): boolean {
  const squashed = squash(name);
  return names.some((own) => own.includes(squashed) || squashed.includes(own)) || shortNamesOf(label).includes(squashed);
}

/** A count of one thing is none of another: 3 incidents are not 3 services. Where either has no noun, or it is no noun a source counts, it may be. */
function countsAlike(claim: Quantity, figure: SourceFigure): boolean {
  if (!isCount(claim) || claim.value > 60 || !claim.noun || !figure.noun) return true;
  return stem(claim.noun) === stem(figure.noun) || SOFT.test(claim.noun);
}

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
  if (other) {
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

const DAY_MS = 86_400_000;

function isSpan(claim: Quantity, { evidence, dates, text }: Scene): boolean {
  if (claim.unit === "calendar")
    return [...evidence.spans].some((days) => Math.abs(days / 30.44 - claim.value) <= Math.max(0.2, claim.step * 0.1));
  const own = claim.value / DAY_MS;
  if ([...evidence.spans].some((days) => Math.abs(days - own) < 0.01 || Math.abs(days - 1 - own) < 0.01)) return true;
  const said = dates.flatMap(({ year, month, day }) => (month && day ? [Date.UTC(year ?? 0, month - 1, day)] : []));
  const between = said.flatMap((a) => said.map((b) => Math.abs(a - b) / DAY_MS)).filter((days) => days > 0);
  const about = claim.scale >= 7 * DAY_MS ? 3.5 : 0.51;
  if (between.some((days) => Math.abs(days - own) <= about || Math.abs(days + 1 - own) < 0.01)) return true;
  return (
    /\bago\b/.test(text) &&
    evidence.calendar.days.some((a) => evidence.calendar.days.some((b) => Math.abs(Math.abs(a - b) / DAY_MS - own) <= about))
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
