import { addDays } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import { billOf } from "../bill.ts";
import { type EventName, type StoryEvent, wholeStory } from "../story.ts";
import { eachDay } from "./calendar.ts";
import { uuidOf } from "./chance.ts";
import type { CostAnomaly } from "./types.ts";

/** What the cloud's own detector found: the story's jumps, a day late. A price that stays is new for its first week only. */

const PLACES: Readonly<
  Partial<
    Record<
      EventName,
      { service: string; account: string; region: string; usageType: string; days: number; feedback: CostAnomaly["feedback"] }
    >
  >
> = {
  leak: {
    service: "AmazonCloudWatch",
    account: "data-platform",
    region: "eu-west-1",
    usageType: "EUW1-DataProcessing-Bytes",
    days: 30,
    feedback: "yes",
  },
  transfer: {
    service: "Amazon Virtual Private Cloud",
    account: "production",
    region: "us-east-1",
    usageType: "USE1-NatGateway-Bytes",
    days: 30,
    feedback: "yes",
  },
  experiment: {
    service: "Amazon Elastic Compute Cloud",
    account: "sandbox",
    region: "us-east-1",
    usageType: "USE1-BoxUsage:g5.12xlarge",
    days: 1,
    feedback: "planned",
  },
  "price-change": {
    service: "Amazon Relational Database Service",
    account: "production",
    region: "us-east-1",
    usageType: "USE1-ExtendedSupport:Yr1-Yr2",
    days: 7,
    feedback: null,
  },
};

export function costAnomalies(today: CivilDate, seed: number): CostAnomaly[] {
  const lastSeen = addDays(today, -2);
  return wholeStory(today).flatMap((event) => {
    const place = PLACES[event.name];
    return place && event.from <= lastSeen ? [anomaly(event, place, lastSeen, seed)] : [];
  });
}

function anomaly(event: StoryEvent, place: NonNullable<(typeof PLACES)[EventName]>, lastSeen: CivilDate, seed: number): CostAnomaly {
  const { days, feedback, ...where } = place;
  const to = [event.to, lastSeen, addDays(event.from, days - 1)].reduce((a, b) => (a < b ? a : b));
  const lines = eachDay(event.from, to).map((day) =>
    billOf(day, seed).find((l) => l.service === where.service && l.account === where.account && l.region === where.region),
  );
  const impacts = lines.map((line) => line?.added.find((a) => a.event === event.name)?.cost ?? 0);
  const actual = lines.reduce((sum, line) => sum + (line?.cost ?? 0), 0);
  const impact = impacts.reduce((sum, cost) => sum + cost, 0);
  return {
    id: uuidOf(`anomaly ${event.id}`),
    ...where,
    from: event.from,
    to,
    expected: actual - impact,
    actual,
    impact,
    maxDailyImpact: Math.max(...impacts),
    score: Math.min(0.99, 0.4 + impact / (actual + 1) / 2),
    feedback: to < lastSeen ? feedback : null,
  };
}
