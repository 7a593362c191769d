/** Post-mortems of the story's bad deployments, in the order of BAD_DEPLOYS, and of the outage. */
export interface PostMortem {
  title: string;
  happened: string;
  why: string;
  well: string;
  next: readonly string[];
}

export const POST_MORTEMS: readonly PostMortem[] = [
  {
    title: "gate bookings answered from the wrong cache",
    happened:
      "A cache for slot availability went live. Its key held the terminal but not the day, so that the first question of the morning answered for all days. Free slots were refused as taken, and a few taken ones offered.",
    why: "The review looked at speed, which was the aim, and the test data had one day only. On staging nobody books for next week.",
    well: "Support noticed within ten minutes and gave us three booking numbers, which made the cause obvious. The fix was small and went out alone.",
    next: [
      "Test data for bookings span fourteen days",
      "The cache library asks for its key's parts by name",
      "Alert on refused bookings against the same hour of last week",
    ],
  },
  {
    title: "warehouse screens waited for each other",
    happened:
      "Reservations were made in batches to save round trips. Two batches with the same articles in another order waited for each other's rows until the database gave up after thirty seconds.",
    why: "Batches of a single customer never collide; batches of two shifts do. Our load test has one shift.",
    well: "The runbook led to the waiting locks within minutes. Rolling back was discussed and rejected because reservations of the new shape were already stored.",
    next: ["Reserve in the order of article numbers", "The load test runs two shifts", "Show lock waits on the team's first dashboard"],
  },
  {
    title: "storage fees on two invoice lines",
    happened:
      "Fees were rounded per container instead of per invoice. The step ran both in the old place and in the new one, and containers with fees on two days were charged twice.",
    why: "The old step was meant to be removed by a second pull request that waited for review. Each change was right; their order was not.",
    well: "The check of totals against the ledger stopped the run after 212 invoices. No invoice reached an accounting system.",
    next: [
      "One pull request for moves of a calculation",
      "The ledger check runs before the first invoice leaves",
      "Credit notes for the affected customers",
    ],
  },
  {
    title: "sessions ended in the middle of work",
    happened:
      "Session length went from eight hours to thirty minutes as agreed with the auditors, but the web application renews only on page loads. People who work on one screen for long were signed out.",
    why: "The agreement spoke of idle sessions. The setting counts from the sign-in.",
    well: "One setting, no rollback of code: the length was raised again while the fix was written.",
    next: [
      "Renew while people work",
      "Settings that count time say from when in their name",
      "Ask two customers before changes to signing in",
    ],
  },
  {
    title: "the berth plan opened in half a minute",
    happened:
      "Tide tables were loaded when a plan first needed them. Each plan needs eleven; each was read from object storage on its own, and again by every pod.",
    why: "The change made the start of the service faster, and that was measured. Opening a plan was not.",
    well: "The p95 alert fired before the first call. The graph of storage reads told the story alone.",
    next: [
      "Load the tables once at start",
      "Plan opening time is part of the build's report",
      "Keep tide tables in the image: they change once a year",
    ],
  },
  {
    title: "live video stopped after a few seconds",
    happened:
      "Low latency became the default in the player. On networks with a proxy, segments arrive late by two seconds or more; the player had thrown them away by then.",
    why: "Our offices have no such proxy. The pilot customers were two control rooms with their own lines.",
    well: "The switch was a setting per customer already; the largest ones were moved back within half an hour.",
    next: [
      "Measure the network before choosing the mode",
      "A pilot needs a customer behind a proxy",
      "Show the mode in the player's statistics",
    ],
  },
];

export const OUTAGE: PostMortem = {
  title: "gate bookings in Europe were down for almost six hours",
  happened:
    "The booking database was moved behind a new connection pool that all regions share. When Europe's morning peak met the nightly jobs of the other regions, every connection was taken. Bookings in Europe failed from 08:40 to 14:05 UTC. Taking the deployment back did not help: a migration in the same deployment had changed the schema.",
  why: "A pool and a migration left together, so that neither could be taken back alone. The limit of the pool was the sum of the old ones, without the time of day in mind.",
  well: "The status page was true from the first half hour. Terminals opened their gates by phone list; no vessel waited.",
  next: [
    "Each region has its own pool again",
    "Migrations leave in a deployment of their own, a day before the code that needs them",
    "Success managers call every European haulier; see the list of those at risk",
    "Practise a day without bookings with two terminals",
  ],
};
