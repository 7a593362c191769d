import { describe, expect, test } from "vitest";
import { createGrounding } from "../../../src/agent/grounding/index.ts";

/** Sentences as people's models write them, each beside a near one that is not so. */

const NOW = new Date("2026-11-22T00:30:00Z");

const COST = `**Cost for October 2026: $112,183**, up 5.6%, $5,938.23 more than September 2026 ($106,245). Largest: Amazon Elastic Compute Cloud - Compute ($34,788.02, 31%), Amazon Relational Database Service ($24,020.70, 21.4%) and Amazon Bedrock ($9,640.64, 8.6%), of 19 services.

| service | cost | share | September 2026 | difference | change |
|---|---|---|---|---|---|
| Amazon Elastic Compute Cloud - Compute | $34,788.02 | 31% | $31,653.82 | $3,134.20 | 9.9% |
| Amazon Relational Database Service | $24,020.70 | 21.4% | $23,073.53 | $947.17 | 4.1% |
| Amazon Bedrock | $9,640.64 | 8.6% | $9,281.85 | $358.79 | 3.9% |
| Amazon Simple Storage Service | $8,921.03 | 8% | $8,522.77 | $398.25 | 4.7% |
| Amazon CloudFront | $6,373.38 | 5.7% | $6,102.01 | $271.37 | 4.4% |
| Amazon Virtual Private Cloud | $3,529.99 | 3.1% | $3,794.27 | -$264.28 | -7% |
| AWS Lambda | $2,112.48 | 1.9% | $2,027.92 | $84.56 | 4.2% |`;

const DELIVERY = `23 October – 21 November 2026: **51.3 deployments a week**, lead time **34.5 hours** (43.3 hours before), **8.2%** of changes fail and recovery in **4 hours**, as DevLake defines it.

| metric | 23 October – 21 November 2026 | 23 September – 22 October 2026 |
|---|---|---|
| deployments a week | 51.3 | 42.9 |
| lead time for changes | 34.5 hours | 43.3 hours |
| change failure rate | 8.2% | 12.5% |
| time to recover | 4 hours | 2.4 hours |
| merged pull requests | 259 | 215 |`;

const RATES = "The first of these began on 5 October 2026, from about $0.00 to $70.37 a day. Seats: 12 seats at $40.00 each.";

const ISSUES = "| issue | in status | age |\n|---|---|---|\n| SUP-35910 | 20 hours | 5 days |";

function straysIn(source: string, text: string): string[] {
  const grounding = createGrounding({ now: NOW, question: "" });
  grounding.add(source);
  return grounding.check(text).strays.map((stray) => stray.text);
}

describe("traced", () => {
  test.each([
    ["a bound of all the others", COST, "Everything else moved by less than $400, and VPC actually fell by $264."],
    ["a sum of shares of services by their short names", COST, "Together EC2 and RDS are 52% of the bill."],
    ["a sum of two services", COST, "EC2 cost $34,788.02 and RDS $24,020.70, together about $58,800."],
    ["the growth of a plain number of two periods", DELIVERY, "51.3 production deployments a week (42.9 before, +20%)."],
    ["the growth of one row", DELIVERY, "Merged pull requests rose 20% to 259."],
    ["the difference of one row", DELIVERY, "You merged 259 pull requests, 44 more than the 215 before."],
    ["days that are left, and a rate over them", RATES, "At about $70 a day, the 9 days left in November would save roughly $630."],
    ["days that are left", RATES, "There are 8 days to go in November."],
    ["a price times how many", RATES, "12 seats at $40.00 each come to $480."],
    ["a multiple of a period the source names beside it", COST, "You spent $112,183 in October 2026, 1.06 times September."],
    ["a multiple of two periods", COST, "October 2026 cost 1.06 times as much as September 2026."],
    ["a day by a short name of its month", RATES, "It began on Oct. 5, at $70.37 a day."],
    ["a count after a sentence that ends with a month", COST, "You spent $112,183 in October. 19 services share it."],
    ["a day's rate as a year", RATES, "At $70.37 a day it comes to about $25,700 a year."],
  ])("%s", (_, source, text) => expect(straysIn(source, text)).toEqual([]));
});

describe("found out", () => {
  test.each([
    ["a bound of a service that is named", COST, "EC2 rose by less than $400.", ["$400"]],
    ["a share that is not so", COST, "Together EC2 and RDS are 57% of the bill.", ["57%"]],
    ["a growth that is not so", DELIVERY, "51.3 production deployments a week (42.9 before, +35%).", ["+35%"]],
    ["a difference of two rows", DELIVERY, "You merged 259 pull requests, 216 more than 42.9.", ["216"]],
    ["a product that is not so", RATES, "At about $70 a day, the 9 days left in November would save roughly $900.", ["$900"]],
    ["a multiple that is not so", COST, "You spent $112,183 in October 2026, 1.2 times September.", ["1.2 times"]],
    ["a figure finer than what it is worked out of", ISSUES, "Review takes 99.7 hours.", ["99.7 hours"]],
    ["a month at the end of a sentence", DELIVERY, "It was worse in March.", ["March"]],
    ["days that are not left", RATES, "The 17 days left in November decide.", ["17 days"]],
    ["a price times another number", RATES, "12 seats at $40.00 each come to $620.", ["$620"]],
  ])("%s", (_, source, text, expected) => expect(straysIn(source, text)).toEqual(expected));
});
