import { addDays } from "../../core/civil-date.ts";
import { BAD_DEPLOYS, productModel, roundsAround, type StoryEvent, turn } from "../story.ts";
import { clock, DAY, dayOf, instant, secondsOf } from "./calendar.ts";
import { serviceNamed } from "./catalogue.ts";
import { Chance, numberOf } from "./chance.ts";
import type { Frame } from "./frame.ts";
import { type IncidentFate, POST_MORTEM_AFTER } from "./incidents.ts";
import { OUTAGE, POST_MORTEMS } from "./text/post-mortems.ts";
import { DECISIONS, GUIDES, RUNBOOKS, type Standing } from "./text/runbooks.ts";
import type { Page } from "./types.ts";

const DECIDED = ["reorganisation", "model-upgrade", "price-change"] as const;

/** The wiki: what is kept up to date, what was decided on the way, and what was learnt from incidents. */
export function pages(frame: Frame, incidents: readonly IncidentFate[]): Page[] {
  const standing = [...RUNBOOKS, ...DECISIONS, ...GUIDES].map((page) => standingPage(page, frame));
  const decided = DECIDED.flatMap((name) => roundsAround(name, frame.from, frame.today)).flatMap((event) => decision(event, frame));
  const learnt = incidents.flatMap((incident) => postMortem(incident, frame));
  return [...standing, ...decided, ...learnt].sort((a, b) =>
    a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1,
  );
}

const SPACES = {
  runbook: { key: "RUN", name: "Runbooks" },
  decision: { key: "DEC", name: "Decisions" },
  "post-mortem": { key: "PM", name: "Post-mortems" },
  guide: { key: "HB", name: "Handbook" },
} as const;

/** Looked through about twice a year; the author is who did it last. */
function standingPage({ kind, title, team, service, labels, body }: Standing, frame: Frame): Page {
  const chance = new Chance(frame.seed, `page ${title}`);
  const created = clock("2023-02-06", "09:00") + chance.whole(0, 560) * DAY + chance.whole(0, 20_000);
  const every = chance.whole(130, 210) * DAY;
  const version = 1 + Math.max(0, Math.floor((frame.now - 1 - created) / every));
  const updated = created + (version - 1) * every;
  const author = new Chance(frame.seed, `page ${title} ${version}`).pick(
    frame.staff.of(team, ["engineer", "lead", "manager", "support"], updated),
  ).login;
  const id = String((numberOf(title) % 9_000_000) + 31_000_000);
  return {
    id,
    space: SPACES[kind],
    title,
    kind,
    body,
    author,
    createdAt: instant(created),
    updatedAt: instant(updated),
    version,
    labels,
    incident: null,
    service,
  };
}

function decision(event: StoryEvent, frame: Frame): Page[] {
  const text = decisionText(event);
  if (!text) return [];
  const created = clock(text.on, "10:30");
  if (created >= frame.now) return [];
  const author = new Chance(frame.seed, `decision ${event.id}`).pick(frame.staff.of(text.team, ["manager", "lead"], created)).login;
  const at = instant(created);
  return [
    {
      id: String((numberOf(`decision ${event.id}`) % 900_000) + 45_000_000),
      space: SPACES.decision,
      title: text.title,
      kind: "decision",
      body: text.body,
      author,
      createdAt: at,
      updatedAt: at,
      version: 1,
      labels: ["decision", event.name],
      incident: null,
      service: null,
    },
  ];
}

function decisionText(event: StoryEvent): { on: string; team: string; title: string; body: string } | undefined {
  const year = event.from.slice(0, 4);
  switch (event.name) {
    case "reorganisation":
      return {
        on: event.from,
        team: "gate",
        title: `Decision: teams follow the truck's day (${year})`,
        body: `## What changes
From ${event.from} on, Gate & Trucking and Depot & Warehouse share out their work along the truck's day: arrival, check-in, loading, leaving. Five people change seats; services stay where they are.

## What we expect
It will be slower at first. Reviewers do not know the code they are asked about, and questions cross a team border that did not exist before. We expect reviews to take about twice as long for six weeks, and ask everyone to say so rather than to hurry.

## How we will know
Waiting time to the first review, per team, before and after. If it has not come back by ${addDays(event.to, 14)}, we talk again.`,
      };
    case "model-upgrade":
      return {
        on: addDays(event.from, -1),
        team: "assistant",
        title: `Decision: documents and assistant move to ${productModel(event.round)} (${year})`,
        body: `## What we decided
From ${event.from} on, document reading and the assistant use ${productModel(event.round)} instead of ${productModel(event.round - 1)}.

## Why
The evaluation set of four hundred documents and two hundred questions: fewer missed fields on second pages, fewer answers without a source.

## Money
The price for a token and the length of answers both change; the cost per request will differ clearly from before while the number of requests does not. Finance knows. We look at the cost per request after two weeks and move short questions to a smaller model if it is worth it.

## Way back
The model's name is a setting. Going back takes a minute.`,
      };
    case "price-change":
      return {
        on: addDays(event.from, 5),
        team: "platform",
        title: `Decision: when we upgrade the database engine (${year})`,
        body: `## Where we stand
Since ${event.from} every database of ours pays for extended support of its engine version: 22% more, in every account.

## What we decided
We upgrade all databases after the rehearsal, region by region, and not before the busy season is over. Until then we pay. The extra cost is smaller than a day of trouble at the gate.

## Steps
1. Rehearse on a large copy of production in eu-west-1, and delete the copy afterwards.
2. Staging, then Asia Pacific, then Europe, then North America, each on a Sunday at 03:00 UTC.
3. Check that the bill has come down.`,
      };
    default:
      return undefined;
  }
}

function postMortem(incident: IncidentFate, frame: Frame): Page[] {
  if (incident.page === null || incident.resolvedAt === null || incident.event === null) return [];
  const created = secondsOf(incident.resolvedAt) + POST_MORTEM_AFTER;
  if (created >= frame.now) return [];
  const isOutage = incident.event.startsWith("outage");
  const index = BAD_DEPLOYS.findIndex((b) => b.service === incident.service);
  const text = isOutage ? OUTAGE : turn(POST_MORTEMS, index);
  const day = dayOf(secondsOf(incident.openedAt));
  const minutes = Math.round((secondsOf(incident.resolvedAt) - secondsOf(incident.openedAt)) / 60);
  const steps = incident.timeline.map((entry) => `- ${entry.at.slice(11, 16)} ${entry.text}`).join("\n");
  const body = `**${incident.id}** · severity ${incident.severity} · ${serviceNamed(incident.service).title} · ${minutes} minutes · about ${incident.impact.customers} customers

## What happened
${text.happened}

It began with deployment \`${incident.deployment ?? "unknown"}\` and ended with \`${incident.fix ?? "no deployment"}\`.

## Timeline (UTC, ${day})
${steps}

## Why it made sense at the time
${text.why}

## What went well
${text.well}

## What we do next
${text.next.map((step) => `- ${step}`).join("\n")}`;
  const at = instant(created);
  return [
    {
      id: incident.page,
      space: SPACES["post-mortem"],
      title: `Post-mortem ${day}: ${text.title}`,
      kind: "post-mortem",
      body,
      author: incident.commander,
      createdAt: at,
      updatedAt: at,
      version: 1,
      labels: ["post-mortem", `severity-${incident.severity}`, incident.service],
      incident: incident.id,
      service: incident.service,
    },
  ];
}
