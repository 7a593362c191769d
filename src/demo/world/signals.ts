import { during } from "../story.ts";
import { activity, DAY, dayOf, growth, HOUR, instant, secondsOf } from "./calendar.ts";
import { SERVICES, serviceNamed } from "./catalogue.ts";
import { Chance, numberOf } from "./chance.ts";
import type { Frame } from "./frame.ts";
import type { IncidentFate } from "./incidents.ts";
import { ERRORS } from "./text/errors.ts";
import type { ErrorGroup, Incident, Instant, Service, Signal, UserExperience } from "./types.ts";

/** Golden signals, worked out when asked: the usual course of a day, growth, noise, and what incidents did to it. */
export interface Signals {
  of(service: string, from: Instant, to: Instant, step: "hour" | "day"): Signal[];
  errorGroups(service: string, from: Instant, to: Instant): ErrorGroup[];
  userExperience(day: string): UserExperience[];
}

interface Trouble {
  from: number;
  to: number;
  effect: Incident["effect"];
  id: string;
}

/** A deployment is felt before it is noticed. */
const BEFORE_NOTICED = 540;
/** What those who depend on a service feel of its trouble. */
const PASSED_ON = 0.25;

export function signals(frame: Frame, incidents: readonly IncidentFate[]): Signals {
  const troubles = Map.groupBy(incidents.flatMap(spread), (t) => t.service);
  const hour = (service: Service, at: number) => hourOf(service, at, troubles.get(service.name) ?? [], frame.seed);
  const of: Signals["of"] = (name, from, to, step) => {
    const service = serviceNamed(name);
    const length = step === "hour" ? HOUR : DAY;
    const end = Math.min(secondsOf(to), frame.now);
    const found: Signal[] = [];
    for (let at = Math.ceil(Math.max(secondsOf(from), frame.start) / length) * length; at < end; at += length)
      found.push(
        step === "hour"
          ? hour(service, at)
          : added(Array.from({ length: Math.ceil(Math.min(DAY, end - at) / HOUR) }, (_, i) => hour(service, at + i * HOUR))),
      );
    return found;
  };
  return {
    of,
    errorGroups: (service, from, to) => errorGroups(service, of(service, from, to, "day"), troubles.get(service) ?? [], frame),
    userExperience: (day) =>
      FRONT_ENDS.flatMap((name) =>
        of(name, instant(secondsOf(`${day}T00:00:00Z`)), instant(secondsOf(`${day}T00:00:00Z`) + DAY), "day").map((s) =>
          experience(name, day, s, frame),
        ),
      ),
  };
}

function spread(incident: IncidentFate): (Trouble & { service: string })[] {
  const from = secondsOf(incident.openedAt) - BEFORE_NOTICED;
  const to = secondsOf(incident.resolvedAt ?? incident.openedAt);
  const { errorRate, latency, traffic } = incident.effect;
  const weak = { errorRate: errorRate * PASSED_ON, latency: 1 + (latency - 1) * PASSED_ON, traffic: 1 };
  const own = { service: incident.service, from, to, effect: { errorRate, latency, traffic }, id: incident.id };
  const passed = incident.severity > 2 ? [] : SERVICES.filter((s) => s.dependsOn.includes(incident.service));
  return [own, ...passed.map((s) => ({ ...own, service: s.name, effect: weak }))];
}

/** Share of a day's peak by UTC hour: Europe's day with America's behind it. */
const COURSE = [
  0.2, 0.17, 0.16, 0.18, 0.26, 0.45, 0.7, 0.9, 1, 0.99, 0.96, 0.93, 0.92, 0.95, 0.93, 0.87, 0.78, 0.66, 0.56, 0.48, 0.42, 0.36, 0.3, 0.25,
];

function hourOf(service: Service, at: number, troubles: readonly Trouble[], seed: number): Signal {
  const chance = new Chance(seed, `${service.name} ${at}`);
  const { baseline } = service;
  const load = (COURSE[Math.floor((at % DAY) / HOUR)] ?? 0.5) * (0.4 + 0.6 * activity(at));
  let errors = baseline.errorRate * chance.around(1, 0.2);
  let slow = 1;
  let traffic = 1;
  for (const { from, to, effect } of troubles) {
    const share = (Math.min(to, at + HOUR) - Math.max(from, at)) / HOUR;
    if (share <= 0) continue;
    errors += effect.errorRate * share;
    slow += (effect.latency - 1) * share;
    traffic -= (1 - effect.traffic) * share;
  }
  const requests = Math.round(baseline.requests * load * growth(at, 0.22) * traffic * (1 + 0.04 * chance.normal()));
  const p50 = baseline.p50 * (0.88 + 0.2 * load) * chance.around(1, 0.04) * (1 + (slow - 1) * 0.6);
  const p95 = baseline.p95 * (0.85 + 0.25 * load) * chance.around(1, 0.07) * slow;
  const errorRate = Math.min(0.95, errors);
  const failed = Math.round(requests * errorRate);
  return {
    at: instant(at),
    requests,
    errors: failed,
    errorRate: requests > 0 ? failed / requests : 0,
    p50: round(p50),
    p95: round(p95),
    apdex: apdex(p50, p95, service.apdexThreshold, errorRate),
    cpu: Math.min(0.98, (0.12 + 0.42 * load) * chance.around(1, 0.06) * (1 + (slow - 1) * 0.15)),
    memory: Math.min(0.97, 0.58 + 0.08 * load + 0.02 * chance.normal()),
  };
}

/** From the two percentiles of a log-normal: satisfied up to the threshold, tolerating up to four times of it (apdex.org). */
function apdex(p50: number, p95: number, threshold: number, errorRate: number): number {
  const sigma = Math.log(Math.max(p95 / p50, 1.05)) / 1.645;
  const below = (limit: number) => 1 / (1 + Math.exp((-1.702 * Math.log(limit / p50)) / sigma));
  const satisfied = below(threshold);
  return round((satisfied + (below(4 * threshold) - satisfied) / 2) * (1 - errorRate), 3);
}

function added(hours: readonly Signal[]): Signal {
  const requests = hours.reduce((sum, h) => sum + h.requests, 0);
  const errors = hours.reduce((sum, h) => sum + h.errors, 0);
  const weighted = (value: (h: Signal) => number) =>
    requests > 0 ? hours.reduce((sum, h) => sum + value(h) * h.requests, 0) / requests : 0;
  const mean = (value: (h: Signal) => number) => hours.reduce((sum, h) => sum + value(h), 0) / Math.max(1, hours.length);
  return {
    at: hours[0]?.at ?? "",
    requests,
    errors,
    errorRate: requests > 0 ? errors / requests : 0,
    p50: round(weighted((h) => h.p50)),
    p95: round(weighted((h) => h.p95)),
    apdex: round(
      weighted((h) => h.apdex),
      3,
    ),
    cpu: mean((h) => h.cpu),
    memory: mean((h) => h.memory),
  };
}

function round(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

const SHARES = [0.42, 0.27, 0.19, 0.12];

/** Everyday errors share the usual part of what failed; an incident's own error has the rest. */
function errorGroups(service: string, days: readonly Signal[], troubles: readonly Trouble[], frame: Frame): ErrorGroup[] {
  const usualRate = serviceNamed(service).baseline.errorRate;
  const first = days[0]?.at;
  const last = days.at(-1)?.at;
  if (first === undefined || last === undefined) return [];
  const end = Math.min(frame.now, secondsOf(last) + DAY);
  const usual = days.reduce((sum, d) => sum + Math.min(d.errors, d.requests * usualRate), 0);
  const extra = days.reduce((sum, d) => sum + d.errors, 0) - usual;
  const words = ERRORS[serviceNamed(service).language] ?? ERRORS.Go ?? [];
  const groups = words.slice(0, SHARES.length).map(([name, message], i) => ({
    id: String(numberOf(`${service} ${name}`)),
    service,
    class: name,
    message,
    count: Math.round(usual * (SHARES[i] ?? 0)),
    incident: null,
    firstSeenAt: instant(secondsOf("2024-03-04T08:00:00Z") + i * 40 * DAY),
    lastSeenAt: instant(end - 600 * (i + 1)),
  }));
  const inside = troubles.filter((t) => t.from + BEFORE_NOTICED < end && t.to > secondsOf(first));
  const weight = inside.reduce((sum, t) => sum + t.effect.errorRate * (t.to - t.from), 0);
  const own = inside.map((t) => ({
    id: String(numberOf(`${service} ${t.id}`)),
    service,
    class: words[4]?.[0] ?? "Error",
    message: `${words[4]?.[1] ?? "unexpected answer"} (${t.id})`,
    incident: t.id,
    count: Math.round((extra * t.effect.errorRate * (t.to - t.from)) / weight),
    firstSeenAt: instant(Math.max(t.from, secondsOf(first))),
    lastSeenAt: instant(Math.min(t.to, end) - 1),
  }));
  return [...groups, ...own].filter((g) => g.count > 0).sort((a, b) => b.count - a.count);
}

const FRONT_ENDS = ["web-app", "haulier-portal", "view-player", "depot-scanner"] as const;

function experience(application: string, day: string, signal: Signal, frame: Frame): UserExperience {
  const chance = new Chance(frame.seed, `experience ${application} ${day}`);
  const slow = signal.p50 / serviceNamed(application).baseline.p50;
  const quality = application === "view-player" && during("video-quality", dayOf(secondsOf(signal.at))) ? 1.08 : 1;
  const pageLoads = Math.round(signal.requests / 34);
  return {
    day,
    application,
    users: Math.round(signal.requests / 560),
    actions: Math.round(signal.requests / 9),
    pageLoads,
    loadMedian: Math.round(1_150 * slow * quality * chance.around(1, 0.04)),
    largestPaintP75: Math.round(2_050 * slow * quality * chance.around(1, 0.05)),
    scriptErrors: Math.round(pageLoads * 0.011 * chance.around(1, 0.2) + signal.errors * 0.2),
    apdex: signal.apdex,
  };
}
