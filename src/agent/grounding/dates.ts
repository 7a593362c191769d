/** A date as it stands in a text; what is not said is absent. */
export interface DateMention {
  year?: number;
  /** 1 to 12. */
  month?: number;
  day?: number;
  /** 1 to 4. */
  quarter?: number;
  /** 1 or 2. */
  half?: number;
  /** "10:05", as written. */
  time?: string;
  /** Other readings of the same words: 3/4/2026. */
  or?: Pick<DateMention, "year" | "month" | "day"> | undefined;
  text: string;
  start: number;
  end: number;
}

const LOCALES = ["en", "de", "fr", "es", "it", "pt", "nl"];

let months: ReadonlyMap<string, number> | undefined;

/** Month names, whole and short, of the languages people ask in. */
function monthNames(): ReadonlyMap<string, number> {
  months ??= new Map(
    LOCALES.flatMap((locale) => {
      const formats = (["long", "short"] as const).map((month) => new Intl.DateTimeFormat(locale, { month, timeZone: "UTC" }));
      return Array.from({ length: 12 }, (_, i) =>
        formats.map((format): [string, number] => [
          format
            .format(Date.UTC(2026, i, 15))
            .toLowerCase()
            .replace(/\.$/, ""),
          i + 1,
        ]),
      ).flat();
    }).concat([["sept", 9]]),
  );
  return months;
}

let pattern: RegExp | undefined;

function datePattern(): RegExp {
  if (pattern) return pattern;
  const names = [...monthNames().keys()].filter((name) => name.length > 2).sort((a, b) => b.length - a.length);
  // "Oct. 19" is a day; "in October. 19 services" ends a sentence.
  const month = `(?:${names.join("|")})(?![\\p{L}\\d])(?:(?<=(?<!\\p{L})\\p{L}{3,4})\\.(?=\\s*\\d))?`;
  const day = "(?:3[01]|[12]\\d|0?[1-9])(?:st|nd|rd|th|\\.)?";
  const year = "(?:19|20)\\d\\d(?!\\d)";
  const dash = "\\s*(?:[-–—/]|to|and|through|until|bis)\\s*";
  const end = "(?![\\d%]|[.,/-]\\d)";
  pattern = new RegExp(
    [
      `(?<iso>(?<![\\d-])${year}-[01]\\d-[0-3]\\d(?!\\d)(?:[T ](?<isoTime>[0-2]\\d:[0-5]\\d)(?::\\d\\d(?:\\.\\d+)?)?Z?)?)`,
      `(?<isoMonth>(?<![\\d-])${year}-(?:0[1-9]|1[0-2])(?![\\d-]))`,
      `(?<![\\p{L}\\d.,$€£])(?<days>${day}(?:${dash}${day})?)\\s+(?:of\\s+|de\\s+)?(?<m1>${month})(?:,?\\s+(?:de\\s+)?(?<y1>${year}))?`,
      `(?<![\\p{L}])(?<m2>${month})\\s+(?<days2>${day}(?:${dash}${day}${end})?)${end}(?!\\s*(?:%|percent|${month}))(?:,?\\s+(?<y2>${year}))?`,
      `(?<![\\p{L}])(?<m3>${month})(?:,?\\s+(?:of\\s+|de\\s+)?(?<y3>${year}))?`,
      `\\b(?:Q(?<q>[1-4])|H(?<h>[12]))(?:[\\s/-]*(?:of\\s+)?(?<y4>${year}))?(?!\\d)`,
      `\\b(?<nth>first|second|third|fourth)\\s+(?<part>quarter|half)(?:\\s+of)?(?:\\s+(?<y5>${year}))?`,
      `(?<![\\p{L}\\d.,$€£/-])(?<slash>\\d{1,2}[/.]\\d{1,2}[/.]${year})`,
      `(?<![\\d:])(?<time>[0-2]?\\d:[0-5]\\d)(?![\\d:])`,
      `(?<![\\p{L}\\d.,$€£+/−-])(?:FY\\s?)?(?<y6>${year})(?![,.]\\d|\\s?(?:%|percent|USD|EUR|GBP|[kKMB]\\b|ms\\b|times|[a-z]*s\\b(?<!was|is|vs|rises|has|sees|costs|this)))`,
    ].join("|"),
    "giu",
  );
  return pattern;
}

const NTH = ["first", "second", "third", "fourth"];

/** The dates of a text in their order. A day without a year takes that of the date it is joined to: "22 October – 20 November 2026". */
export function readDates(text: string): DateMention[] {
  const found = [...text.matchAll(datePattern())].flatMap(readMatch(text));
  for (let i = found.length - 2; i >= 0; i--) {
    const [left, right] = [found[i], found[i + 1]];
    if (!left || !right || left.year !== undefined || right.year === undefined || left.time) continue;
    if (/^\s*(?:[-–—]|to|and|until|through|vs\.?|,)\s*$/i.test(text.slice(left.end, right.start)) || left.start === right.start)
      left.year = right.year;
  }
  return found;
}

function readMatch(text: string): (match: RegExpMatchArray) => DateMention[] {
  return (match) => {
    const start = match.index ?? 0;
    const words = match[0].trimEnd();
    const place = { text: words, start, end: start + words.length };
    const g = match.groups ?? {};
    const month = monthNames().get((g.m1 ?? g.m2 ?? g.m3 ?? "").toLowerCase().replace(/\.$/, ""));
    const parts = month ? ofMonth(g, month, isMonthName(g.m3 ?? "", text, start)) : (figuresOf(g) ?? partOfYear(g));
    return parts.map((part) => ({ ...place, ...part }));
  };
}

type Groups = Readonly<Record<string, string | undefined>>;

type DateParts = Omit<DateMention, "text" | "start" | "end">;

function yearIn(g: Groups): { year?: number } {
  const year = numberOf(g.y1 ?? g.y2 ?? g.y3 ?? g.y4 ?? g.y5 ?? g.y6);
  return year === undefined ? {} : { year };
}

function ofMonth(g: Groups, month: number, isName: boolean): DateParts[] {
  const days = g.days ?? g.days2;
  if (days) return [...days.matchAll(/\d+/g)].map(([day]) => ({ ...yearIn(g), month, day: Number(day) }));
  return isName ? [{ ...yearIn(g), month }] : [];
}

/** Dates and times in figures alone. */
function figuresOf(g: Groups): DateParts[] | undefined {
  if (g.iso) return [{ ...isoParts(g.iso), ...(g.isoTime ? { time: g.isoTime } : {}) }];
  if (g.isoMonth) return [isoParts(g.isoMonth)];
  if (g.slash) return [slashParts(g.slash)];
  return g.time ? [{ time: g.time.padStart(5, "0") }] : undefined;
}

function partOfYear(g: Groups): DateParts[] {
  const own = yearIn(g);
  if (g.q) return [{ ...own, quarter: Number(g.q) }];
  if (g.h) return [{ ...own, half: Number(g.h) }];
  if (!g.nth || !g.part) return own.year === undefined ? [] : [own];
  const nth = NTH.indexOf(g.nth.toLowerCase()) + 1;
  if (!/half/i.test(g.part)) return [{ ...own, quarter: nth }];
  return nth < 3 ? [{ ...own, half: nth }] : [];
}

/** "may", "mar" and "march" are words too: a month alone is written with a capital, and "May" at a sentence's head is not one. */
function isMonthName(word: string, text: string, start: number): boolean {
  if (word[0] !== word[0]?.toUpperCase()) return /^\S+\s(?:19|20)\d\d/.test(text.slice(start, start + 16));
  if (!/^(?:May|March)$/.test(word)) return true;
  return !/(?:^|[.!?]\s)$/.test(text.slice(0, start)) || /^\S+\s(?:19|20)\d\d/.test(text.slice(start, start + 12));
}

function isoParts(iso: string): Pick<DateMention, "year" | "month" | "day"> {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  return { ...(year ? { year } : {}), ...(month ? { month } : {}), ...(day ? { day } : {}) };
}

function slashParts(slash: string): Pick<DateMention, "year" | "month" | "day" | "or"> {
  const [first = 0, second = 0, year = 0] = slash.split(/[/.]/).map(Number);
  const dayFirst = { year, month: second, day: first };
  const monthFirst = { year, month: first, day: second };
  if (first > 12) return dayFirst;
  return second > 12 ? monthFirst : { ...dayFirst, or: monthFirst };
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
