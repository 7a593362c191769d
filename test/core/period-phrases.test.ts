import { describe, expect, test } from "vitest";
import { isPeriod } from "../../src/core/period.ts";
import { type Comparison, findTimePhrase, resolveComparison, resolvePeriod } from "../../src/core/period-phrases.ts";
import { UserError } from "../../src/errors.ts";

const TODAY = "2026-11-21"; // a Saturday in ISO week 47
const LEAP_DAY = "2024-02-29"; // a Thursday
const NEW_YEAR = "2026-01-01"; // a Thursday in ISO week 1
const MONTH_END = "2024-03-31"; // a Sunday
const ISO_YEAR_TURN = "2024-12-30"; // a Monday in week 1 of 2025

/** Phrase, then "from to" (one day when there is only one). */
type Table = readonly (readonly [phrase: string, expected: string])[];

const ON_A_SATURDAY: Table = [
  ["today", "2026-11-21"],
  ["yesterday", "2026-11-20"],
  ["the day before yesterday", "2026-11-19"],
  ["tomorrow", "2026-11-22"],
  ["3 days ago", "2026-11-18"],
  ["last day", "2026-11-20"],
  ["last friday", "2026-11-20"],
  ["last saturday", "2026-11-14"],
  ["on Sunday", "2026-11-15"],
  ["this monday", "2026-11-16"],
  ["last weekend", "2026-11-14 2026-11-15"],
  ["since Monday", "2026-11-16 2026-11-21"],
  ["from Monday to Wednesday", "2026-11-16 2026-11-18"],
  ["this week", "2026-11-16 2026-11-21"],
  ["wtd", "2026-11-16 2026-11-21"],
  ["week to date", "2026-11-16 2026-11-21"],
  ["last week", "2026-11-09 2026-11-15"],
  ["previous week", "2026-11-09 2026-11-15"],
  ["a week ago", "2026-11-09 2026-11-15"],
  ["two weeks ago", "2026-11-02 2026-11-08"],
  ["past week", "2026-11-14 2026-11-20"],
  ["last 2 weeks", "2026-11-07 2026-11-20"],
  ["last fortnight", "2026-11-07 2026-11-20"],
  ["next week", "2026-11-23 2026-11-29"],
  ["next 2 weeks", "2026-11-22 2026-12-05"],
  ["next fortnight", "2026-11-22 2026-12-05"],
  ["the week of 3 March", "2026-03-02 2026-03-08"],
  ["week starting March 2", "2026-03-02 2026-03-08"],
  ["week beginning 2 March 2026", "2026-03-02 2026-03-08"],
  ["2026-W47", "2026-11-16 2026-11-22"],
  ["2026W01", "2025-12-29 2026-01-04"],
  ["2020-W53", "2020-12-28 2021-01-03"],
  ["week 46", "2026-11-09 2026-11-15"],
  ["week 50", "2025-12-08 2025-12-14"],
  ["calendar week 10 of 2025", "2025-03-03 2025-03-09"],
  ["last 7 days", "2026-11-14 2026-11-20"],
  ["past 14 days", "2026-11-07 2026-11-20"],
  ["the last 30 days", "2026-10-22 2026-11-20"],
  ["trailing 90 days", "2026-08-23 2026-11-20"],
  ["last 30d", "2026-10-22 2026-11-20"],
  ["past few days", "2026-11-18 2026-11-20"],
  ["last couple of days", "2026-11-19 2026-11-20"],
  ["last ten days", "2026-11-11 2026-11-20"],
  ["last 24 hours", "2026-11-20 2026-11-21"],
  ["this month", "2026-11-01 2026-11-21"],
  ["month to date", "2026-11-01 2026-11-21"],
  ["MTD", "2026-11-01 2026-11-21"],
  ["so far this month", "2026-11-01 2026-11-21"],
  ["last month", "2026-10-01 2026-10-31"],
  ["the previous month", "2026-10-01 2026-10-31"],
  ["past month", "2026-10-22 2026-11-20"],
  ["3 months ago", "2026-08-01 2026-08-31"],
  ["last 3 months", "2026-08-01 2026-10-31"],
  ["last twelve months", "2025-11-01 2026-10-31"],
  ["past 6 mo", "2026-05-01 2026-10-31"],
  ["next month", "2026-12-01 2026-12-31"],
  ["this quarter", "2026-10-01 2026-11-21"],
  ["qtd", "2026-10-01 2026-11-21"],
  ["last quarter", "2026-07-01 2026-09-30"],
  ["last 2 quarters", "2026-04-01 2026-09-30"],
  ["this year", "2026-01-01 2026-11-21"],
  ["year-to-date", "2026-01-01 2026-11-21"],
  ["ytd", "2026-01-01 2026-11-21"],
  ["last year", "2025-01-01 2025-12-31"],
  ["last two years", "2024-01-01 2025-12-31"],
  ["October", "2026-10-01 2026-10-31"],
  ["in Oct", "2026-10-01 2026-10-31"],
  ["in december", "2025-12-01 2025-12-31"],
  ["november", "2026-11-01 2026-11-30"],
  ["last November", "2025-11-01 2025-11-30"],
  ["this December", "2026-12-01 2026-12-31"],
  ["last October", "2026-10-01 2026-10-31"],
  ["May", "2026-05-01 2026-05-31"],
  ["Oct. 2025", "2025-10-01 2025-10-31"],
  ["February 2024", "2024-02-01 2024-02-29"],
  ["February 2026", "2026-02-01 2026-02-28"],
  ["October last year", "2025-10-01 2025-10-31"],
  ["the month of June", "2026-06-01 2026-06-30"],
  ["2026-10", "2026-10-01 2026-10-31"],
  ["2024-02", "2024-02-01 2024-02-29"],
  ["Q3", "2026-07-01 2026-09-30"],
  ["q4", "2026-10-01 2026-12-31"],
  ["Q3 2025", "2025-07-01 2025-09-30"],
  ["2025-Q1", "2025-01-01 2025-03-31"],
  ["2025 q2", "2025-04-01 2025-06-30"],
  ["Q1 last year", "2025-01-01 2025-03-31"],
  ["the third quarter of 2026", "2026-07-01 2026-09-30"],
  ["4th quarter 2025", "2025-10-01 2025-12-31"],
  ["first half of 2026", "2026-01-01 2026-06-30"],
  ["H2 2025", "2025-07-01 2025-12-31"],
  ["second half", "2026-07-01 2026-12-31"],
  ["2025", "2025-01-01 2025-12-31"],
  ["the year 2024", "2024-01-01 2024-12-31"],
  ["2026-11-03", "2026-11-03"],
  ["3 March", "2026-03-03"],
  ["March 3rd", "2026-03-03"],
  ["the 3rd of March", "2026-03-03"],
  ["March 3, 2025", "2025-03-03"],
  ["25 December", "2025-12-25"],
  ["29 February", "2024-02-29"],
  ["29 February 2024", "2024-02-29"],
  ["13/04/2026", "2026-04-13"],
  ["04/13/2026", "2026-04-13"],
  ["05/05/2026", "2026-05-05"],
  ["31.12.2025", "2025-12-31"],
  ["since 3 March", "2026-03-03 2026-11-21"],
  ["since 2026-11-01", "2026-11-01 2026-11-21"],
  ["since last month", "2026-10-01 2026-11-21"],
  ["since the start of the year", "2026-01-01 2026-11-21"],
  ["since the end of October", "2026-11-01 2026-11-21"],
  ["since yesterday", "2026-11-20 2026-11-21"],
  ["from 3 March onwards", "2026-03-03 2026-11-21"],
  ["from 3 March", "2026-03-03 2026-11-21"],
  ["after 3 March", "2026-03-04 2026-11-21"],
  ["until 3 March", "1970-01-01 2026-03-03"],
  ["before October", "1970-01-01 2026-09-30"],
  ["until the end of last month", "1970-01-01 2026-10-31"],
  ["3 to 10 March", "2026-03-03 2026-03-10"],
  ["10–20 March 2025", "2025-03-10 2025-03-20"],
  ["March 3-10", "2026-03-03 2026-03-10"],
  ["March 3 to 10, 2025", "2025-03-03 2025-03-10"],
  ["between 3 and 10 March", "2026-03-03 2026-03-10"],
  ["between 3 March and 10 April", "2026-03-03 2026-04-10"],
  ["from 2026-10-01 to 2026-10-15", "2026-10-01 2026-10-15"],
  ["2026-10-01..2026-10-15", "2026-10-01 2026-10-15"],
  ["2026-10-01/2026-10-15", "2026-10-01 2026-10-15"],
  ["2026-10-01 - 2026-10-15", "2026-10-01 2026-10-15"],
  ["January to March", "2026-01-01 2026-03-31"],
  ["from March to May 2024", "2024-03-01 2024-05-31"],
  ["3 March to 10 April 2024", "2024-03-03 2024-04-10"],
  ["Q1 to Q2 2024", "2024-01-01 2024-06-30"],
  ["November to February", "2025-11-01 2026-02-28"],
  ["28 December to 3 January", "2025-12-28 2026-01-03"],
  ["28 Dec 2025 to 3 Jan 2026", "2025-12-28 2026-01-03"],
  ["December to February 2024", "2023-12-01 2024-02-29"],
  ["from last month to yesterday", "2026-10-01 2026-11-20"],
  ["2024 to 2025", "2024-01-01 2025-12-31"],
  ["all time", "1970-01-01 2999-12-31"],
  ["since the beginning", "1970-01-01 2999-12-31"],
];

const ON_OTHER_DAYS: readonly (readonly [today: string, phrase: string, expected: string])[] = [
  [LEAP_DAY, "today", "2024-02-29"],
  [LEAP_DAY, "this month", "2024-02-01 2024-02-29"],
  [LEAP_DAY, "last year", "2023-01-01 2023-12-31"],
  [LEAP_DAY, "29 February", "2024-02-29"],
  [LEAP_DAY, "last month", "2024-01-01 2024-01-31"],
  ["2024-03-01", "yesterday", "2024-02-29"],
  ["2024-03-01", "last 30 days", "2024-01-31 2024-02-29"],
  ["2025-03-01", "yesterday", "2025-02-28"],
  [MONTH_END, "last month", "2024-02-01 2024-02-29"],
  [MONTH_END, "a month ago", "2024-02-01 2024-02-29"],
  [MONTH_END, "last week", "2024-03-18 2024-03-24"],
  [MONTH_END, "last weekend", "2024-03-23 2024-03-24"],
  [MONTH_END, "this quarter", "2024-01-01 2024-03-31"],
  [NEW_YEAR, "yesterday", "2025-12-31"],
  [NEW_YEAR, "last week", "2025-12-22 2025-12-28"],
  [NEW_YEAR, "this week", "2025-12-29 2026-01-01"],
  [NEW_YEAR, "last month", "2025-12-01 2025-12-31"],
  [NEW_YEAR, "last quarter", "2025-10-01 2025-12-31"],
  [NEW_YEAR, "last 3 months", "2025-10-01 2025-12-31"],
  [NEW_YEAR, "ytd", "2026-01-01"],
  [NEW_YEAR, "december", "2025-12-01 2025-12-31"],
  [NEW_YEAR, "q4", "2025-10-01 2025-12-31"],
  [NEW_YEAR, "second half", "2025-07-01 2025-12-31"],
  [NEW_YEAR, "week 1", "2025-12-29 2026-01-04"],
  [ISO_YEAR_TURN, "this week", "2024-12-30"],
  [ISO_YEAR_TURN, "week 1", "2024-12-30 2025-01-05"],
  [ISO_YEAR_TURN, "last week", "2024-12-23 2024-12-29"],
  ["2026-12-31", "since December", "2026-12-01 2026-12-31"],
  ["2026-12-31", "last quarter", "2026-07-01 2026-09-30"],
  ["2026-12-31", "next quarter", "2027-01-01 2027-03-31"],
  ["2027-03-01", "October to January", "2026-10-01 2027-01-31"],
];

function asText({ from, to }: { from: string; to: string }): string {
  return from === to ? from : `${from} ${to}`;
}

describe("a period in words", () => {
  test.each(ON_A_SATURDAY)(`on ${TODAY} “%s” is %s`, (phrase, expected) => {
    expect(asText(resolvePeriod(phrase, TODAY))).toBe(expected);
  });

  test.each(ON_OTHER_DAYS)("on %s “%s” is %s", (today, phrase, expected) => {
    expect(asText(resolvePeriod(phrase, today))).toBe(expected);
  });

  test("reads the same in any case and with spaces around", () => {
    for (const [phrase, expected] of ON_A_SATURDAY)
      for (const variant of [phrase.toUpperCase(), ` ${phrase} `, `${phrase}.`])
        expect(asText(resolvePeriod(variant, TODAY)), variant).toBe(expected);
  });

  test("is always a range of real days in order, whatever the day it is asked on", () => {
    for (const today of [LEAP_DAY, NEW_YEAR, MONTH_END, ISO_YEAR_TURN, "2026-12-31", "2023-02-28"])
      for (const [phrase] of ON_A_SATURDAY) {
        const outcome = attempt(() => resolvePeriod(phrase, today));
        expect(outcome instanceof Error ? outcome instanceof UserError : isPeriod(outcome), `${phrase} on ${today}`).toBe(true);
      }
  });
});

describe("what is not a period", () => {
  test.each([
    "banana",
    "last",
    "last month please",
    "last month banana",
    "money last month",
    "the 40th of March",
    "week 54",
    "2026-W54",
    "2026-W00",
    "Q5 2026",
    "Q0",
    "2026-13",
    "12",
    "3/4/26",
    "'; DROP TABLE bill; --",
    "last 0 days",
    "2026-10-01 2026-10-15",
    "last month last week",
    "this fortnight",
    "🙂",
  ])("refuses “%s” and says how to write one", (phrase) => {
    expect(() => resolvePeriod(phrase, TODAY)).toThrow(/I do not know the period “/);
  });

  test.each(["29 February 2026", "30 February", "31 April 2025", "2026-02-30", "2025-02-29", "31 June"])(
    "says that %s does not exist instead of taking its month",
    (phrase) => {
      expect(() => resolvePeriod(phrase, TODAY)).toThrow(/there is no/i);
      expect(() => findTimePhrase(`what did we spend on ${phrase}?`, TODAY)).toThrow(/there is no/i);
    },
  );

  test.each(["03/04/2026", "3.4.2026", "12/11/2025"])("asks which of two dates %s is", (phrase) => {
    const error = attempt(() => resolvePeriod(phrase, TODAY));

    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).suggestions).toHaveLength(2);
  });

  test.each(["from 2026-10-15 to 2026-10-01", "between 10 April 2026 and 3 March 2026", "2025 to 2024", "from 10 to 3 March"])(
    "refuses “%s”, which runs backwards",
    (phrase) => {
      expect(() => resolvePeriod(phrase, TODAY)).toThrow(/runs backwards/);
      expect(() => findTimePhrase(`costs ${phrase}`, TODAY)).toThrow(/runs backwards/);
    },
  );

  test.each(["last month vs the month before", "Q3 compared with Q2", "october versus september", "month over month"])(
    "refuses “%s”: two periods are a comparison, and half of it may not be dropped",
    (phrase) => {
      expect(() => resolvePeriod(phrase, TODAY)).toThrow(UserError);
    },
  );
});

describe("a comparison in a question", () => {
  const cases: readonly (readonly [question: string, period: string, compare: Comparison | string | undefined])[] = [
    ["what did we spend yesterday vs the day before?", "2026-11-20", "previous"],
    ["costs this month vs last month", "2026-11-01 2026-11-21", "previous"],
    ["costs last month vs this month", "2026-11-01 2026-11-21", "previous"],
    ["this week vs last week", "2026-11-16 2026-11-21", "previous"],
    ["this quarter compared with last quarter", "2026-10-01 2026-11-21", "previous"],
    ["this year vs last year", "2026-01-01 2026-11-21", "previous"],
    ["Q3 vs Q2", "2026-07-01 2026-09-30", "previous"],
    ["Q3 2026 against Q3 2025", "2026-07-01 2026-09-30", "year_ago"],
    ["October compared to September", "2026-10-01 2026-10-31", "previous"],
    ["October vs August", "2026-10-01 2026-10-31", "2026-08-01 2026-08-31"],
    ["2025 vs 2024", "2025-01-01 2025-12-31", "previous"],
    ["last month compared with the same month last year", "2026-10-01 2026-10-31", "year_ago"],
    ["costs in October vs a year earlier", "2026-10-01 2026-10-31", "year_ago"],
    ["costs month over month", "2026-10-01 2026-10-31", "previous"],
    ["wow cost by service", "2026-11-09 2026-11-15", "previous"],
    ["yoy", "2026-01-01 2026-11-21", "year_ago"],
    ["day over day", "2026-11-20", "previous"],
    ["last month vs the previous period", "2026-10-01 2026-10-31", "previous"],
    ["costs since 3 March by service", "2026-03-03 2026-11-21", undefined],
    ["costs from 3 March to 10 March", "2026-03-03 2026-03-10", undefined],
    ["what do we pay for EC2", "", undefined],
    ["how much may we spend", "", undefined],
  ];

  test.each(cases)("“%s” is about “%s”, against %o", (question, period, compare) => {
    const phrase = findTimePhrase(question, TODAY);

    expect(phrase.period ? asText(phrase.period) : "").toBe(period);
    expect(typeof phrase.compare === "object" ? asText(phrase.compare) : phrase.compare).toBe(compare);
  });

  test("names the days it is compared with: as many of the unit before as have passed", () => {
    const against = (question: string) => {
      const { period, compare } = findTimePhrase(question, TODAY);
      return period && compare && asText(resolveComparison(compare, period));
    };

    expect(against("this month vs last month")).toBe("2026-10-01 2026-10-21");
    expect(against("this week vs last week")).toBe("2026-11-09 2026-11-14");
    expect(against("this quarter vs last quarter")).toBe("2026-07-01 2026-08-21");
    expect(against("this year vs last year")).toBe("2025-01-01 2025-11-21");
    expect(against("Q3 2026 against Q3 2025")).toBe("2025-07-01 2025-09-30");
    expect(against("last week vs the week before")).toBe("2026-11-02 2026-11-08");
  });

  test("marks the words it used, so that the rest of the question stays", () => {
    const question = "costs of Lambda since 3 March by region";

    const { spans } = findTimePhrase(question, TODAY);

    expect(spans.map((s) => question.slice(s.start, s.end))).toEqual(["since 3 March"]);
  });
});

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error as Error;
  }
}
