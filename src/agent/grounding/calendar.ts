import type { DateMention } from "./dates.ts";

/** The days and spans a conversation speaks of. */
export interface Calendar {
  add(mention: DateMention): void;
  has(mention: DateMention): boolean;
  /** First instants of the days spoken of, in UTC milliseconds. */
  readonly days: readonly number[];
}

const DAY_MS = 86_400_000;

/** `year` completes days that are said without one. */
export function createCalendar(year: number): Calendar {
  const keys = new Set<string>();
  const days = new Set<number>();

  function addDay(y: number, m: number, d: number): void {
    const [mm, dd] = [two(m), two(d)];
    for (const key of [
      `${y}-${mm}-${dd}`,
      `-${mm}-${dd}`,
      `${y}-${mm}`,
      `-${mm}`,
      `${y}`,
      `${y}Q${Math.ceil(m / 3)}`,
      `Q${Math.ceil(m / 3)}`,
      `${y}H${m > 6 ? 2 : 1}`,
      `H${m > 6 ? 2 : 1}`,
    ])
      keys.add(key);
    days.add(Date.UTC(y, m - 1, d));
  }

  function addMonths(y: number, first: number, count: number): void {
    addDay(y, first, 1);
    addDay(y, first + count - 1, lastDay(y, first + count - 1));
  }

  return {
    get days() {
      return [...days];
    },
    add(mention) {
      if (mention.time) keys.add(`T${mention.time}`);
      const y = mention.year ?? year;
      if (mention.month && mention.day) addDay(y, mention.month, mention.day);
      else if (mention.month) addMonths(y, mention.month, 1);
      else if (mention.quarter) addMonths(y, mention.quarter * 3 - 2, 3);
      else if (mention.half) addMonths(y, mention.half * 6 - 5, 6);
      else if (mention.year) {
        // A whole year stands for its own ends, and not for January and December or its quarters.
        for (const key of [`${y}`, `${y}-01-01`, `${y}-12-31`]) keys.add(key);
      }
      if (mention.or?.month && mention.or.day) addDay(y, mention.or.month, mention.or.day);
    },
    has(mention) {
      if (mention.time && !keys.has(`T${mention.time}`)) return false;
      return has(keys, mention) || (mention.or !== undefined && has(keys, mention.or));
    },
  };
}

function has(keys: ReadonlySet<string>, { year, month, day, quarter, half }: Partial<DateMention>): boolean {
  const y = year ?? "";
  if (month && day) return keys.has(`${y}-${two(month)}-${two(day)}`);
  if (month) return keys.has(`${y}-${two(month)}`);
  if (quarter) return keys.has(`${y}Q${quarter}`);
  if (half) return keys.has(`${y}H${half}`);
  return year === undefined || keys.has(`${year}`);
}

/** Whether two dates can mean one time: neither says what the other denies. */
export function sameTime(a: DateMention, b: DateMention): boolean {
  if (a.or && sameTime({ ...a, ...a.or, or: undefined }, b)) return true;
  if (b.or && sameTime(a, { ...b, ...b.or, or: undefined })) return true;
  const agree = (x: number | undefined, y: number | undefined) => x === undefined || y === undefined || x === y;
  if (!agree(a.year, b.year)) return false;
  const quarter = (d: DateMention) => d.quarter ?? (d.month ? Math.ceil(d.month / 3) : undefined);
  if (!agree(quarter(a), quarter(b)) || !agree(a.month, b.month)) return false;
  // A table names a month by its first day.
  return agree(a.day, b.day) || a.day === 1 || b.day === 1;
}

/** Days from the one to the other, both counted; undefined without a whole date. */
export function spanOfDays(from: DateMention, to: DateMention): number | undefined {
  const [first, last] = [instantOf(from), instantOf(to)];
  return first === undefined || last === undefined ? undefined : Math.round((last - first) / DAY_MS) + 1;
}

function instantOf({ year, month, day }: DateMention): number | undefined {
  return year && month && day ? Date.UTC(year, month - 1, day) : undefined;
}

export function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
