import { DAY, growth, instant, secondsOf, WEEK, weekOf } from "./calendar.ts";
import { serviceNamed } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import { type Frame, LEAD, shownFrom } from "./frame.ts";
import { type Draft, otherDrafts, riskyDrafts, roundIn, toldDrafts } from "./incident-drafts.ts";
import type { PullFate } from "./pull-life.ts";
import type { Deployment, Incident, Instant } from "./types.ts";

/** Incidents with their whole course, and the rollbacks that ended some of them. */
export interface Troubles {
  incidents: readonly IncidentFate[];
  /** All deployments: the given ones, marked, and the rollbacks. */
  deployments: readonly Deployment[];
}

export interface IncidentFate extends Incident {
  readonly event: string | null;
}

const PER_WEEK = 9;

export function troubles(frame: Frame, deployments: readonly Deployment[], pulls: readonly PullFate[]): Troubles {
  // Two weeks more than are shown: a rollback looks for the deployment before, numbers for the whole week.
  const earliest = shownFrom(frame, LEAD.deployments) - 15 * DAY;
  const good = deployments.filter((d) => d.environment === "production" && d.status === "success" && secondsOf(d.createdAt) >= earliest);
  const eventOf = new Map(pulls.flatMap((p) => (p.event ? [[p.id, p]] : [])));
  const drafts = [...toldDrafts(good, eventOf), ...riskyDrafts(good, eventOf, frame), ...otherDrafts(frame, earliest)];
  drafts.sort((a, b) => a.opened - b.opened || (a.service < b.service ? -1 : 1));
  const counts = new Map<number, number>();
  const incidents = drafts.flatMap((draft) => {
    const week = weekOf(draft.opened);
    const rank = (counts.get(week) ?? 0) + 1;
    counts.set(week, rank);
    return rank > PER_WEEK ? [] : [incident(draft, week * PER_WEEK + rank, frame)];
  });
  const caused = new Map(incidents.flatMap((i) => (i.deployment ? [[i.deployment, i.id]] : [])));
  const rollbacks = drafts.flatMap((d) => (d.rollback && incidents.some((i) => i.fix === d.rollback?.id) ? [d.rollback] : []));
  const marked = deployments.map((d) => (caused.has(d.id) ? { ...d, incident: caused.get(d.id) ?? null } : d));
  const all = [...marked, ...rollbacks].sort((a, b) =>
    a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1,
  );
  return { incidents, deployments: all };
}

const EFFECTS: Readonly<Record<Incident["severity"], Incident["effect"]>> = {
  1: { errorRate: 0.46, latency: 6, traffic: 0.6 },
  2: { errorRate: 0.13, latency: 2.6, traffic: 0.92 },
  3: { errorRate: 0.035, latency: 1.6, traffic: 1 },
  4: { errorRate: 0.008, latency: 1.2, traffic: 1 },
};
const AFFECTED: Readonly<Record<Incident["severity"], number>> = { 1: 210, 2: 85, 3: 22, 4: 4 };

function incident(draft: Draft, number: number, frame: Frame): IncidentFate {
  const chance = new Chance(frame.seed, `incident ${number}`);
  const service = serviceNamed(draft.service);
  const week = Math.floor(draft.opened / WEEK);
  const team = frame.staff.of(service.team, ["engineer", "lead"], draft.opened);
  const commander = team[week % team.length]?.login ?? "quay.bot";
  const second = chance.pick(frame.staff.of("platform", ["engineer", "lead"], draft.opened)).login;
  const customers = Math.round(AFFECTED[draft.severity] * chance.between(0.6, 1.3) * growth(draft.opened, 0.12));
  const at = { opened: instant(draft.opened), acknowledged: instant(draft.acknowledged), resolved: instant(draft.resolved) };
  const middle = instant(draft.acknowledged + (draft.resolved - draft.acknowledged) * 0.4);
  const detectedBy = chance.weighted([
    ["alert", 0.74],
    ["customer", 0.2],
    ["person", 0.06],
  ] as const);
  return {
    id: `INC-${number}`,
    number,
    title: draft.title,
    service: draft.service,
    severity: draft.severity,
    status: "resolved",
    openedAt: at.opened,
    acknowledgedAt: at.acknowledged,
    resolvedAt: at.resolved,
    detectedBy,
    commander,
    responders: [...new Set([commander, second])],
    cause: draft.cause,
    deployment: draft.deployment?.id ?? null,
    fix: draft.fix?.id ?? null,
    region: draft.region,
    impact: { customers, description: `${draft.title}${draft.region ? ` (${draft.region})` : ""}; about ${customers} customers noticed.` },
    effect: EFFECTS[draft.severity],
    issue: draft.severity <= 3 ? `OPS-${number}` : null,
    page: draft.event && isWrittenUp(draft.event) ? String(41_000_000 + number) : null,
    timeline: [
      { at: at.opened, author: detectedBy === "customer" ? "support" : "monitoring", text: draft.title },
      { at: at.acknowledged, author: commander, text: "I am looking at it." },
      { at: middle, author: second, text: draft.found },
      { at: at.resolved, author: commander, text: draft.cure },
    ],
    event: draft.event,
  };
}

/** Every outage, and four of seven bad deployments: nobody manages them all. */
function isWrittenUp(event: string): boolean {
  const round = roundIn(event);
  return event.startsWith("outage") || (((round % 7) + 7) % 7) % 2 === 0;
}

/** Days after the end at which the post-mortem is written. */
export const POST_MORTEM_AFTER = 3 * DAY;

export function cutIncident(fate: IncidentFate, now: Instant): Incident {
  const { event: _event, ...incident } = fate;
  const resolved = incident.resolvedAt !== null && incident.resolvedAt < now;
  const acknowledged = incident.acknowledgedAt !== null && incident.acknowledgedAt < now;
  const written = resolved && secondsOf(incident.resolvedAt ?? "") + POST_MORTEM_AFTER < secondsOf(now);
  return {
    ...incident,
    status: resolved ? "resolved" : acknowledged ? "acknowledged" : "triggered",
    acknowledgedAt: acknowledged ? incident.acknowledgedAt : null,
    resolvedAt: resolved ? incident.resolvedAt : null,
    fix: resolved ? incident.fix : null,
    page: written ? incident.page : null,
    timeline: incident.timeline.filter((entry) => entry.at < now),
  };
}
