import { addDays } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";

/**
 * Harbourline, a company that does not exist: some 120 people who sell port logistics software. What happened to it is told
 * here once; every simulated vendor shows its side of the same events.
 */
export const COMPANY = "Harbourline";
export const HISTORY_DAYS = 730;

export interface StoryEvent {
  name: "launch" | "price-change" | "experiment" | "leak";
  from: CivilDate;
  to: CivilDate;
  /** What a careful analyst should find. */
  truth: string;
}

/** The events of the two years that end yesterday. */
export function story(today: CivilDate): StoryEvent[] {
  const ago = (days: number) => addDays(today, -days);
  return [
    {
      name: "launch",
      from: ago(212),
      to: ago(1),
      truth: "The assistant went live: Amazon Bedrock appears, CloudFront and Lambda rise by a third within a month.",
    },
    {
      name: "price-change",
      from: ago(96),
      to: ago(1),
      truth: "Amazon RDS costs 22% more in every account from one day to the next: extended support for an old engine version.",
    },
    {
      name: "experiment",
      from: ago(47),
      to: ago(47),
      truth: "Someone ran GPU machines in the sandbox for a day: about 1,900 USD of EC2 in us-east-1.",
    },
    {
      name: "leak",
      from: ago(24),
      to: ago(9),
      truth: "Debug logging left on in the data platform: CloudWatch in eu-west-1 grows day by day until it is turned off.",
    },
  ];
}
