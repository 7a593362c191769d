import { endOf } from "../../core/civil-date.ts";
import { DAY, dayOf, HOUR, instant, secondsOf, weekOf } from "./calendar.ts";
import { SERVICES, serviceNamed } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import { type Frame, LEAD, shownFrom } from "./frame.ts";
import type { IncidentFate } from "./incidents.ts";
import type { Alert, Instant } from "./types.ts";

/** What monitoring raised: for each incident one to three alerts, and noise that nobody needed. */

type Draft = Omit<Alert, "id" | "number" | "status" | "openedAt" | "closedAt"> & { opened: number; closed: number };

const PER_WEEK = 90;

/** Alerts with their end, also where it lies ahead. */
export function alertFates(frame: Frame, incidents: readonly IncidentFate[]): Alert[] {
  const drafts = [...incidents.flatMap((i) => ofIncident(i, frame)), ...noise(frame)];
  drafts.sort((a, b) => a.opened - b.opened || (a.title < b.title ? -1 : 1));
  const counts = new Map<number, number>();
  return drafts.flatMap(({ opened, closed, ...draft }) => {
    const week = weekOf(opened);
    const rank = (counts.get(week) ?? 0) + 1;
    counts.set(week, rank);
    const number = week * PER_WEEK + rank;
    return rank > PER_WEEK
      ? []
      : [{ ...draft, id: `ALR-${number}`, number, status: "closed", openedAt: instant(opened), closedAt: instant(closed) } satisfies Alert];
  });
}

function ofIncident(incident: IncidentFate, frame: Frame): Draft[] {
  const chance = new Chance(frame.seed, `alerts of ${incident.id}`);
  const opened = secondsOf(incident.openedAt) + (incident.detectedBy === "alert" ? -chance.whole(20, 100) : chance.whole(60, 400));
  const closed = secondsOf(incident.resolvedAt ?? "") + chance.whole(60, 500);
  const service = serviceNamed(incident.service);
  const severity = incident.severity <= 2 ? "critical" : "warning";
  const rate = Math.round((service.baseline.errorRate + incident.effect.errorRate) * 1000) / 10;
  const isInside = incident.cause === "capacity" || incident.cause === "hardware";
  const rootCause = incident.deployment ? `Deployment ${incident.deployment}` : isInside ? `Hosts of ${service.name} are saturated` : null;
  const base = { service: service.name, incident: incident.id, severity, entity: service.name, rootCause } as const;
  const dependents = SERVICES.filter((s) => s.dependsOn.includes(service.name)).map((s) => s.name);
  const main: Draft = {
    ...base,
    title: `Failure rate increase on ${service.name}`,
    source: "service",
    opened,
    closed,
    affected: [service.name, ...(incident.severity <= 2 ? dependents : [])],
    condition: { metric: "error rate", above: true, threshold: 1, value: rate, unit: "%" },
  };
  const slow: Draft = {
    ...base,
    title: `Response time degradation on ${service.name}`,
    source: "service",
    opened: opened + 120,
    closed,
    affected: [service.name],
    condition: {
      metric: "p95 latency",
      above: true,
      threshold: Math.round(service.baseline.p95 * 1.5),
      value: Math.round(service.baseline.p95 * incident.effect.latency),
      unit: "ms",
    },
  };
  const host: Draft = {
    ...base,
    title: `CPU saturation on hosts of ${service.name}`,
    source: "infrastructure",
    entity: `${service.name}-us-east-1-a`,
    opened: opened - 60,
    closed,
    affected: [service.name],
    condition: { metric: "cpu", above: true, threshold: 90, value: chance.whole(91, 99), unit: "%" },
  };
  const outside: Draft = {
    ...base,
    title: `Availability check of ${service.name} fails`,
    source: "synthetic",
    opened: opened + 200,
    closed,
    affected: [service.name, ...dependents],
    condition: { metric: "availability", above: false, threshold: 99, value: chance.whole(40, 92), unit: "%" },
  };
  return [
    main,
    ...(incident.effect.latency > 1.5 ? [slow] : []),
    ...(isInside ? [host] : []),
    ...(incident.severity <= 2 ? [outside] : []),
  ];
}

/** Short and harmless; reports are late at each month's end, and nobody has raised that threshold. */
function noise(frame: Frame): Draft[] {
  const drafts: Draft[] = [];
  const first = Math.floor((shownFrom(frame, LEAD.deployments) - 7 * DAY) / DAY) * DAY;
  for (let day = first; day < frame.now; day += DAY) {
    const chance = new Chance(frame.seed, `noise ${day}`);
    for (let i = chance.count(0.55); i > 0; i--) drafts.push(blip(day, chance));
    if (dayOf(day) === endOf("month", dayOf(day))) drafts.push(lateReports(day, chance));
  }
  return drafts;
}

function blip(day: number, chance: Chance): Draft {
  const service = chance.pick(SERVICES);
  const opened = day + chance.whole(0, 86_000);
  const base = {
    service: service.name,
    incident: null,
    severity: "warning",
    entity: service.name,
    rootCause: null,
    affected: [service.name],
    opened,
    closed: opened + chance.whole(180, 1_500),
  } as const;
  if (chance.happens(0.5)) {
    const threshold = Math.round(service.baseline.p95 * 1.5);
    return {
      ...base,
      title: `Response time degradation on ${service.name}`,
      source: "service",
      condition: { metric: "p95 latency", above: true, threshold, value: Math.round(threshold * chance.between(1.01, 1.2)), unit: "ms" },
    };
  }
  return {
    ...base,
    title: `Low Apdex on ${service.name}`,
    source: "real user",
    condition: { metric: "apdex", above: false, threshold: 0.7, value: Math.round(chance.between(0.6, 0.69) * 100) / 100, unit: "score" },
  };
}

function lateReports(day: number, chance: Chance): Draft {
  const opened = day + 20 * HOUR + chance.whole(0, 3_000);
  return {
    title: "Queue of reporting is old",
    service: "reporting",
    incident: null,
    source: "service",
    severity: "warning",
    entity: "reporting",
    rootCause: "Month-end reports",
    affected: ["reporting"],
    condition: { metric: "queue age", above: true, threshold: 900, value: chance.whole(1_000, 4_000), unit: "s" },
    opened,
    closed: opened + chance.whole(2 * HOUR, 5 * HOUR),
  };
}

export function cutAlert(fate: Alert, now: Instant): Alert {
  return fate.closedAt !== null && fate.closedAt < now ? fate : { ...fate, status: "open", closedAt: null };
}
