/**
 * What a figure is measured in. Times are in milliseconds, calendar spans in months and sizes in bytes, so that
 * 90 minutes and 1.5 hours are one value. Money keeps its currency and is never converted.
 */
export type Unit = "" | "percent" | "points" | "times" | "time" | "calendar" | "bytes" | `money:${string}`;

export interface Measure {
  unit: Unit;
  /** What one of it is in the unit's base. */
  scale: number;
}

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

const WORDS: Readonly<Record<string, Measure>> = {
  ...all("percent", 1, "%", "percent", "per cent", "pct", "prozent"),
  ...all("points", 1, "percentage point", "percentage points", "pp", "p.p.", "%-points", "% points"),
  ...all("times", 1, "x", "×", "times", "fold", "-fold"),
  ...all("time", 1, "ms", "msec", "millisecond", "milliseconds"),
  ...all("time", SECOND, "s", "sec", "secs", "second", "seconds"),
  ...all("time", 60 * SECOND, "min", "mins", "minute", "minutes"),
  ...all("time", 3_600 * SECOND, "h", "hr", "hrs", "hour", "hours"),
  ...all("time", DAY, "d", "day", "days"),
  ...all("time", 7 * DAY, "week", "weeks"),
  ...all("calendar", 1, "month", "months"),
  ...all("calendar", 3, "quarter", "quarters"),
  ...all("calendar", 12, "year", "years"),
  ...all("bytes", 1, "b", "byte", "bytes"),
  ...all("bytes", 1e3, "kb"),
  ...all("bytes", 1e6, "mb"),
  ...all("bytes", 1e9, "gb"),
  ...all("bytes", 1e12, "tb"),
  ...all("bytes", 1e15, "pb"),
  ...all("bytes", 1024, "kib"),
  ...all("bytes", 1024 ** 2, "mib"),
  ...all("bytes", 1024 ** 3, "gib"),
  ...all("bytes", 1024 ** 4, "tib"),
  ...all("money:USD", 1, "dollar", "dollars", "bucks"),
  ...all("money:USD", 0.01, "cent", "cents"),
  ...all("money:EUR", 1, "euro", "euros"),
  ...all("money:GBP", 1, "pound", "pounds"),
};

const SYMBOLS: Readonly<Record<string, Unit>> = {
  $: "money:USD",
  US$: "money:USD",
  "€": "money:EUR",
  "£": "money:GBP",
  "¥": "money:JPY",
  "₹": "money:INR",
  CA$: "money:CAD",
  A$: "money:AUD",
};

/** Words that multiply the number before them. */
const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mn: 1e6,
  mio: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
  t: 1e12,
  trillion: 1e12,
  hundred: 100,
  dozen: 12,
};

function all(unit: Unit, scale: number, ...words: string[]): Record<string, Measure> {
  return Object.fromEntries(words.map((word) => [word, { unit, scale }]));
}

let codes: ReadonlySet<string> | undefined;

export function isCurrencyCode(word: string): boolean {
  codes ??= new Set(Intl.supportedValuesOf("currency"));
  return codes.has(word);
}

/** Money before a number: "$", "US$", "CHF ". */
export function moneyBefore(text: string): Unit | undefined {
  const symbol = /(?:US\$|CA\$|A\$|[$€£¥₹])\s?$/.exec(text)?.[0].trim();
  if (symbol) return SYMBOLS[symbol];
  const code = /(?<![A-Za-z])([A-Z]{3})\s?$/.exec(text)?.[1];
  return code && isCurrencyCode(code) ? `money:${code}` : undefined;
}

export interface Trailing {
  factor: number;
  measure: Measure | undefined;
  /** Characters that belong to the figure. */
  length: number;
}

const SCALE_WORD = /^(?:\s?(thousand|million|billion|trillion|hundred|dozen|mio|mn|bn)\b\.?|(k|K|M|B|T|m|b)(?![A-Za-z0-9]))/;
const UNIT_WORD =
  /^(?:\s?(percentage points?|%[- ]points?|per cent|percent|pct|prozent|p\.p\.|pp)(?![A-Za-z])|\s?(%)|\s?(US\$|[$€£¥₹])(?!\s?\d)|\s?([A-Z]{3})(?![A-Za-z])|[\s-]?(milliseconds?|msec|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|quarters?|years?|dollars?|bucks|cents?|euros?|pounds|bytes?|[KMGTP]i?B|times|fold|ms)(?![A-Za-z]|\s+(?:an?|per|each|every)\s+(?:hour|day|week|month|quarter|year))|[\s]?(x|×|s|h|d)(?![A-Za-z0-9]))/i;

/** What follows a number: "k", "million", "%", " ms", " USD", "x". `hasMoney`: a currency stood before it, so that "m" is a million. */
export function readTrailing(after: string, hasMoney: boolean): Trailing {
  let length = 0;
  let factor = 1;
  const scale = SCALE_WORD.exec(after);
  const word = scale?.[1] ?? scale?.[2];
  if (scale && word && (scale[1] || hasMoney || /[kKMBT]/.test(word))) {
    factor = SCALES[word.toLowerCase()] ?? 1;
    length = scale[0].length;
  }
  const unit = UNIT_WORD.exec(after.slice(length, length + 24));
  if (!unit) return { factor, measure: undefined, length };
  const name = (unit[1] ?? unit[2] ?? unit[3] ?? unit[4] ?? unit[5] ?? unit[6] ?? "").trim();
  const measure = measureOf(name);
  return measure ? { factor, measure, length: length + unit[0].length } : { factor, measure: undefined, length };
}

/** The measure a word names: "hours", "USD", "%"; undefined for any other noun. */
export function measureOf(word: string): Measure | undefined {
  const symbol = SYMBOLS[word];
  if (symbol) return { unit: symbol, scale: 1 };
  if (/^[A-Z]{3}$/.test(word) && isCurrencyCode(word)) return { unit: `money:${word}`, scale: 1 };
  return Object.hasOwn(WORDS, word.toLowerCase()) ? WORDS[word.toLowerCase()] : undefined;
}
