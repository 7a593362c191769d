import type { Page } from "../types.ts";

/** Pages that are kept up to date: runbooks, decisions that still hold, guides. */
export interface Standing {
  kind: Page["kind"];
  title: string;
  team: string;
  service: string | null;
  labels: readonly string[];
  body: string;
}

export const RUNBOOKS: readonly Standing[] = [
  {
    kind: "runbook",
    title: "Runbook: gate bookings fail",
    team: "gate",
    service: "gate-api",
    labels: ["runbook", "gate"],
    body: `## When to use this page
The alert *Failure rate increase on gate-api* is open, or support reports that hauliers see "slot taken" for slots that are free.

## First five minutes
1. Acknowledge the page and open the incident channel. Say that you are looking; support waits for that sentence.
2. Look at the last deployment of gate-api. If it finished within the last hour, roll it back first and ask later. A rollback takes about three minutes.
3. If there was no deployment, open the dashboard *Gate: connections*. More than 90% of the pool in use means that something holds connections: stop the oldest query.

## If only one region is affected
Each region has its own connection pool since the outage in June. Restarting the pods of one region is safe: bookings in flight are repeated by the portal with the same key, so nobody books twice.

## Telling customers
Status page first, then support. Write what people cannot do, not what is broken inside: "Bookings for European terminals fail; slots already booked are safe."

## Afterwards
Compare booked and charged slots for the window with the report *Gate reconciliation*. Refund no-show fees that fell into it.`,
  },
  {
    kind: "runbook",
    title: "Runbook: stock differs from the floor",
    team: "depot",
    service: "depot-api",
    labels: ["runbook", "warehouse"],
    body: `## What it looks like
Customers report negative stock, doubled receipts or counts that cannot be closed. More than eight reports in a day is not bad luck.

## Find the pattern
- Group the open stock issues by kind. *Duplicate receipt* across several customers points at the scanner; *missing scan* at one customer points at the warehouse network.
- Compare with the last release of depot-scanner. Scanners update over three days, so a bad release grows slowly.
- In the stock journal, two moves with the same scan id and different times are one scan posted twice.

## Put it right
1. Ask the release owner to halt the roll-out of the scanner.
2. Mark the doubled moves with the tool *journal-repair* in dry-run mode, send the list to the customer, and run it only after they agree. We never change stock behind a customer's back.
3. Close the stock issues with a link to the repair.

## What not to do
Do not let customers count again before the repair: they would correct a mistake that the repair corrects once more.`,
  },
  {
    kind: "runbook",
    title: "Runbook: live video stutters",
    team: "view",
    service: "view-player",
    labels: ["runbook", "video"],
    body: `## Signs
The rebuffering ratio of a device or region doubles against the same weekday, or start failures pass two per cent.

## Split before you search
Look at rebuffering by device, then by region, then by both. If one device in one region stands out, the player chose badly for that network; if a region stands out on all devices, ask the content network; if everything is worse, look at view-ingest.

## Player
The rendition ladder is a setting. Lowering the highest rendition for one device takes effect within ten minutes and needs no release. Note it in the channel, with the time, so that the chart can be read later.

## Ingest
Cameras send to the nearest region. When encoders are busy the queue age rises first. Move the cameras of the largest terminal to the second region with \`cameras move --terminal\`.

## When it is over
Write down minutes watched and minutes rebuffered during the time; customers with a control room have a service level on the ratio of the two.`,
  },
  {
    kind: "runbook",
    title: "Runbook: people are signed out",
    team: "platform",
    service: "identity",
    labels: ["runbook", "identity"],
    body: `## Signs
Tickets about signing in again and again; sign-ins per hour three times as high as on the same weekday; refresh calls answered with 401.

## Check in this order
1. Did the signing key rotate today? Both keys must be published for a day. If the old one is gone, publish it again: nobody needs to sign in anew.
2. Was session length changed? It is a setting of identity, not of the web application.
3. Is the clock of a node wrong? A token from the future is refused. Drain the node.

## Rolling back
A rollback of identity is safe at any time. Sessions live in the store, not in the process.

## Who to tell
Terminals with drivers at the gate feel this first. Call the three largest; the list is in the success team's folder.`,
  },
  {
    kind: "runbook",
    title: "Runbook: the cloud bill jumps",
    team: "platform",
    service: null,
    labels: ["runbook", "cost"],
    body: `## When
The daily cost digest shows a service above its expected range, or the cloud's own anomaly detection writes.

## Ten minutes that usually answer it
1. Which service, which account, which region? Two of the three point at a team.
2. Which usage type? *DataProcessing-Bytes* in CloudWatch is log ingestion: somebody left debug logging on. *NatGateway-Bytes* is traffic that should take a private endpoint. *BoxUsage* with a large type in sandbox is somebody's trial.
3. Which pull request was merged or deployed on the first day? Search in infrastructure and in the team's repositories.

## Then
Write to the owner with the amount per day and the change you suspect. Ask, do not accuse; most jumps are a setting that somebody meant to turn off on Friday. If nobody answers within a day and it costs more than 200 USD a day, turn it off and say so.

## Known and accepted
Month-end runs in the data platform (two days, about 40% more compute) and the Saturday catch-up.`,
  },
  {
    kind: "runbook",
    title: "Runbook: events arrive late",
    team: "data",
    service: "ingest-pipeline",
    labels: ["runbook", "data"],
    body: `## Signs
The freshness page is yellow for more than fifteen minutes, or reports of the night are empty.

## Steps
- Look at the queue age per sender. One old sender: it repeats itself after an outage of its own; let it run, it catches up.
- All senders old: the workers are too few. Double them; the limit is the number of partitions, forty-eight.
- Workers restart: read the last error. A message of a new shape stops the batch; move it to the side with \`ingest skip\`, and tell the sender.

## Logging
Never log whole messages in production. If you must, for one sender and one hour: it costs real money, as the leak in CloudWatch has shown, and messages hold names of drivers.

## Replay
Replay by hour, oldest first. Reports are made again on their own when an hour they have read changes.`,
  },
];

export const DECISIONS: readonly Standing[] = [
  {
    kind: "decision",
    title: "Decision: each merge is deployed, except where people hold the device",
    team: "platform",
    service: null,
    labels: ["decision", "delivery"],
    body: `## Status
Accepted, reviewed every year.

## What we decided
A merge to main is deployed to staging and, for most services, to production within ten minutes. Billing, berth planning and video ingest leave once a day at 13:30 UTC, Monday to Thursday. The warehouse scanner leaves on Tuesdays, because a handheld that updates in the middle of a shift stops the shift.

## Why
Small deployments are easy to understand and easy to take back. Over a year, nine of ten incidents that a deployment caused were over within ninety minutes, since only one change could be the reason.

## What it costs
Main must always be good. Review is not a formality, and a flaky test is a bug with priority High. Teams that batch changes "to be safe" make it less safe for everyone.

## When we would change our mind
If more than one deployment in twenty causes an incident for a whole quarter.`,
  },
  {
    kind: "decision",
    title: "Decision: small web services run on Railway",
    team: "platform",
    service: "haulier-portal",
    labels: ["decision", "hosting"],
    body: `## What we decided
The haulier portal, reports, the status page and the documentation site run on Railway. Everything that holds stock, bookings or video stays in our own accounts.

## Why
The portal's team spent a day a week on charts and ingress. On Railway a pull request has its own copy with an address, and the team looks at changes together with hauliers.

## Limits
- No customer data at rest: the portal asks gate-api for everything.
- A monthly limit of 2,500 USD for all projects together; the owner is told at 80%.
- Reports write to object storage in our own account.

## Consequences
Two places to look during an incident. Deployments of both are in the same list, with the same names.`,
  },
  {
    kind: "decision",
    title: "Decision: commitments cover what ran last January",
    team: "platform",
    service: null,
    labels: ["decision", "cost"],
    body: `## What we decided
Each January we buy a compute commitment for about two thirds of the machines that ran all through the year before. We do not commit for growth.

## Why
Unused commitment is money for nothing; a little on-demand cost is the price of not knowing the future. With 18% growth a year, coverage falls from two thirds in January to little more than half in December, which is where it should be.

## Who
Platform proposes, finance decides. The report *Coverage* shows it day by day.

## Alternatives we looked at
Three-year terms (too long for a company that doubles its video traffic in two), and spot machines for renditions (done, outside of this decision).`,
  },
  {
    kind: "decision",
    title: "Decision: coding assistants are welcome, review stays human",
    team: "assistant",
    service: null,
    labels: ["decision", "ai"],
    body: `## What we decided
Everyone who writes code has a seat of a coding assistant. A commit made with one carries a co-author line. A person reviews every change; an assistant may comment, it does not approve.

## What we watch
Cost per merged pull request, share of accepted edits, and whether incidents follow assisted changes more often than others. So far they do not.

## What we do not do
We do not rank people by lines or by use of the assistant. The figures are for the team's own conversation and for the budget.

## Money
The budget is per engineer and month; heavy weeks are fine. The finance partner sees totals by team.`,
  },
];

export const GUIDES: readonly Standing[] = [
  {
    kind: "guide",
    title: "Guide: being on call",
    team: "platform",
    service: null,
    labels: ["guide", "on-call"],
    body: `## The week
On call goes from Monday to Monday. You hand over in a short call: what was loud, what is still open, what you turned off.

## What counts
Severity 1: customers cannot do their work, in at least one region. Severity 2: a main function is broken or very slow. Severity 3: annoying, with a way around it. Severity 4: only we see it.

## Acknowledge, then think
Five minutes to acknowledge, at night ten. You need not know the answer; you need to say that somebody is there. Roll back when a deployment finished within the hour before.

## After an incident
Severity 1 and 2 get a post-mortem within three working days. We write what happened and why it made sense at the time. Names of people are not part of a cause.

## Looking after yourself
A night with a page longer than an hour means a late start. Say it in the channel; nobody asks for more.`,
  },
  {
    kind: "guide",
    title: "Guide: first week for engineers",
    team: "platform",
    service: null,
    labels: ["guide", "welcome"],
    body: `## Day one
Your laptop knows you. Clone the repository of your team, run \`make up\`, and open the local address it prints. If this takes more than an hour, the guide is wrong: write down what was missing.

## Day two
Take an issue with the label quick-win. Open a draft early; people here like to look at half-finished things.

## Day three
Sit with support for a morning. You will hear "slot", "demurrage", "put-away" and "rendition" used as if everybody knew them; the glossary is below every product page.

## By Friday
You have deployed something, however small, and seen it in production. You know who is on call, and that you are not, for three months.`,
  },
  {
    kind: "guide",
    title: "Guide: how we plan a sprint",
    team: "view",
    service: null,
    labels: ["guide", "planning"],
    body: `## Rhythm
Two weeks, Monday to Friday of the second week. All teams share the rhythm, so that a change that needs two teams has one date.

## What goes in
What we finished on average in the last three sprints, less holidays. Bugs that come up on the way have room: about a fifth.

## When something must come in
It can. Then something of the same size goes out, in the same conversation and in writing. A sprint that grows by half is not a sprint; the one before the trade fair has shown us that nothing is then finished.

## Looking back
Three numbers: planned, brought in, done. No target on any of them; a conversation about each.`,
  },
  {
    kind: "guide",
    title: "Guide: writing to customers during trouble",
    team: "support",
    service: null,
    labels: ["guide", "support"],
    body: `## Tone
Plain, early, without excuses. "Bookings for European terminals fail since 10:20. Slots already booked are safe. We write again at 11:00."

## What we never write
"Some users may experience." If we know that all do, we say all. If we do not know, we say that.

## Credit
Customers with a service level get the credit without asking, on the next invoice. Support does not negotiate it; billing works it out from the incident's times.

## Afterwards
The success manager of each customer that wrote more than twice calls them within two days. After the outage in Europe we did this too late, and it showed.`,
  },
];
