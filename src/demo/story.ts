import { addDays, daysBetween } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";

/**
 * Harbourline, a company that does not exist: some 120 people who sell port logistics software. What happened to it is told
 * here once; every simulated vendor shows its side of the same events.
 *
 * The story hangs on a fixed calendar and comes round: an event returns every `every` days for ever, so that a day that is
 * over never changes, whatever today is, and there is always something fresh to find.
 */
export const COMPANY = "Harbourline";
export const HISTORY_DAYS = 730;

export type EventName =
  | "launch"
  | "price-change"
  | "experiment"
  | "leak"
  | "transfer"
  | "idle-database"
  | "bad-deploy"
  | "outage"
  | "stock-drift"
  | "video-quality"
  | "flaky-tests"
  | "reorganisation"
  | "scope-creep"
  | "model-upgrade";

export interface StoryEvent {
  /** "leak-0": the name and its round. */
  id: string;
  name: EventName;
  /** Rounds are counted from the one of 2026, which is 0. */
  round: number;
  from: CivilDate;
  to: CivilDate;
  /** What a careful analyst should find. */
  truth: string;
}

interface Recurring {
  /** First day of round 0. */
  first: CivilDate;
  every: number;
  days: number;
  truth(round: number): string;
}

const YEAR = 364;
const SEASON = 84;

/** What each launch brings to the bill, by round: two years each. */
export const LAUNCHES = [
  { service: "Amazon Bedrock", what: "The assistant went live", base: 240 },
  { service: "Amazon SageMaker", what: "Arrival forecasts went live", base: 190 },
  { service: "Amazon Kinesis Video Streams", what: "Live video of the quays went live", base: 95 },
  { service: "Amazon Location Service", what: "The vessel map went live", base: 70 },
] as const;

/** A deployment that broke something, by round. */
export const BAD_DEPLOYS = [
  { service: "gate-api", theme: "failed gate bookings", what: "gate bookings fail" },
  { service: "depot-api", theme: "slow screens", what: "warehouse screens hang" },
  { service: "billing-engine", theme: "wrong invoice", what: "storage fees are charged twice" },
  { service: "identity", theme: "login trouble", what: "people are signed out" },
  { service: "berth-planner", theme: "slow screens", what: "the berth plan takes half a minute to open" },
  { service: "view-player", theme: "video stutters", what: "live video stops" },
] as const;

/** The model that reads documents and answers for customers since a round; later rounds go back and forth between the last two. */
export function productModel(round: number): string {
  if (round >= 0) return round % 2 === 0 ? "claude-opus-5-5" : "claude-sonnet-5-5";
  if (round === -1) return "claude-sonnet-4";
  return round === -2 ? "claude-3-5-sonnet" : "claude-3-haiku";
}

const EVENTS: Readonly<Record<EventName, Recurring>> = {
  launch: {
    first: "2026-04-23",
    every: YEAR,
    days: YEAR,
    truth: (round) =>
      `${turn(LAUNCHES, round).what}: ${turn(LAUNCHES, round).service} appears, CloudFront and Lambda rise by a third within a month.`,
  },
  "price-change": {
    first: "2026-08-17",
    every: YEAR,
    days: 200,
    truth: () =>
      "Amazon RDS costs 22% more in every account from one day to the next: extended support for an old engine version, until the upgrade.",
  },
  experiment: {
    first: "2026-10-05",
    every: SEASON,
    days: 1,
    truth: () => "Someone ran GPU machines in the sandbox for a day: about 1,900 USD of EC2 in us-east-1.",
  },
  leak: {
    first: "2026-10-28",
    every: SEASON,
    days: 16,
    truth: () =>
      "Debug logging left on in the data platform by a pull request in ingest-pipeline: CloudWatch in eu-west-1 grows day by day until it is turned off.",
  },
  transfer: {
    first: "2026-09-08",
    every: SEASON,
    days: 4,
    truth: () =>
      "The nightly sync went over the public endpoint for four days: NAT gateway costs (Amazon Virtual Private Cloud, production, us-east-1) about triple.",
  },
  "idle-database": {
    first: "2026-05-11",
    every: YEAR,
    days: 300,
    truth: () =>
      "A db.r6g.4xlarge made for a migration rehearsal stands in production eu-west-1 without a connection: about 1,430 USD a month of RDS.",
  },
  "bad-deploy": {
    first: "2026-11-02",
    every: 28,
    days: 1,
    truth: (round) =>
      `A deployment of ${turn(BAD_DEPLOYS, round).service} goes wrong: ${turn(BAD_DEPLOYS, round).what}, errors and tickets ("${turn(BAD_DEPLOYS, round).theme}") rise until the fix is deployed.`,
  },
  outage: {
    first: "2026-06-16",
    every: YEAR,
    days: 120,
    truth: () =>
      "A deployment of gate-api took gate bookings in Europe down for almost six hours; European hauliers leave several times as often in the four months that follow.",
  },
  "stock-drift": {
    first: "2026-10-13",
    every: SEASON,
    days: 11,
    truth: () =>
      'A release of depot-scanner posts offline scans twice: stock differences rise about sixfold and with them tickets about "stock counts".',
  },
  "video-quality": {
    first: "2026-10-19",
    every: SEASON,
    days: 8,
    truth: () => "A release of view-player makes rebuffering on Android in Asia Pacific about three times as frequent, and only there.",
  },
  "flaky-tests": {
    first: "2026-09-21",
    every: 2 * SEASON,
    days: 19,
    truth: () =>
      "Allocation tests of berth-planner run in parallel and share a clock: about a quarter of its runs fail on BerthAllocationTest, many more pass only when repeated.",
  },
  reorganisation: {
    first: "2026-08-31",
    every: YEAR,
    days: 42,
    truth: () =>
      "Teams gate and depot were reorganised: for six weeks pull requests wait on average about twice as long for a first review; elsewhere nothing changes.",
  },
  "scope-creep": {
    first: "2026-10-26",
    every: SEASON,
    days: 12,
    truth: () =>
      "Seven stories for a trade fair were brought into a sprint of team view after it began, more than half of what was planned; most of them were not done when it closed.",
  },
  "model-upgrade": {
    first: "2026-09-15",
    every: YEAR,
    days: YEAR,
    truth: (round) =>
      `Documents and assistant moved from ${productModel(round - 1)} to ${productModel(round)}: cost per request changes by more than a quarter while requests do not.`,
  },
};

const EVENT_NAMES = Object.keys(EVENTS) as EventName[];

/** One round of an event, whole, whether it lies ahead or behind. */
export function eventRound(name: EventName, round: number): StoryEvent {
  const { first, every, days, truth } = EVENTS[name];
  const from = addDays(first, round * every);
  return { id: `${name}-${round}`, name, round, from, to: addDays(from, days - 1), truth: truth(round) };
}

/** The round that began last on or before `day`. */
export function roundOf(name: EventName, day: CivilDate): number {
  const { first, every } = EVENTS[name];
  return Math.floor(daysBetween(first, day) / every);
}

/** The round that goes on at `day`, and the days since it began. */
export function during(name: EventName, day: CivilDate): { round: number; days: number } | undefined {
  const { first, every, days } = EVENTS[name];
  const since = daysBetween(first, day);
  const round = Math.floor(since / every);
  const into = since - round * every;
  return into < days ? { round, days: into } : undefined;
}

/** Every round, whole, from the one under way or last over at `from` to the first that begins after `to`. */
export function roundsAround(name: EventName, from: CivilDate, to: CivilDate): StoryEvent[] {
  const first = roundOf(name, from);
  return Array.from({ length: roundOf(name, to) - first + 2 }, (_, i) => eventRound(name, first + i));
}

/** The latest round of each event that began before `today`. What still goes on ends, for now, yesterday. */
export function story(today: CivilDate): StoryEvent[] {
  const yesterday = addDays(today, -1);
  return EVENT_NAMES.map((name) => untilYesterday(eventRound(name, roundOf(name, yesterday)), yesterday));
}

/** Every round that touches the two years that end yesterday, by first day. */
export function wholeStory(today: CivilDate): StoryEvent[] {
  const yesterday = addDays(today, -1);
  const from = addDays(today, -HISTORY_DAYS);
  const events = EVENT_NAMES.flatMap((name) => {
    const last = roundOf(name, yesterday);
    const rounds = Array.from({ length: last - roundOf(name, from) + 1 }, (_, i) => eventRound(name, last - i));
    return rounds.filter((event) => event.to >= from).map((event) => untilYesterday(event, yesterday));
  });
  return events.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

function untilYesterday(event: StoryEvent, yesterday: CivilDate): StoryEvent {
  return { ...event, to: event.to < yesterday ? event.to : yesterday };
}

/** Takes turns: the entry for a round, for rounds before 0 as well. */
export function turn<T>(list: readonly T[], round: number): T {
  const entry = list[((round % list.length) + list.length) % list.length];
  if (entry === undefined) throw new Error("a list that takes turns is never empty");
  return entry;
}
