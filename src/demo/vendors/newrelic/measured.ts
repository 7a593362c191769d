import type { Signal, World } from "../../world/index.ts";
import { watched } from "./names.ts";

/** What agents reported of one thing in a window. */
export interface Measured {
  attributes: Readonly<Record<string, string>>;
  n: number;
  errors?: number;
  seconds?: { mean: number; p50: number; p95: number };
  apdex?: number;
  /** Percent. */
  cpu?: number;
  memory?: number;
  message?: string;
  first?: number;
  last?: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A host reports twelve times a minute, and a twelfth of that is kept. */
const SAMPLES_AN_HOUR = 60;
const days = new WeakMap<World, Map<string, readonly Signal[]>>();

/** Signals of whole days are worked out once a world. */
function signalsOf(world: World, service: string, begin: number, end: number): readonly Signal[] {
  const known = days.get(world) ?? new Map<string, readonly Signal[]>();
  days.set(world, known);
  const isWhole = begin % DAY_MS === 0 && (end % DAY_MS === 0 || end === Date.parse(world.now));
  if (!isWhole) return world.signals(service, instant(begin), instant(end), "hour");
  const found: Signal[] = [];
  for (let day = begin; day < end; day += DAY_MS) {
    const key = `${service} ${day}`;
    const signals = known.get(key) ?? world.signals(service, instant(day), instant(day + DAY_MS), "day");
    known.set(key, signals);
    found.push(...signals);
  }
  return found;
}

export function servicesOf(world: World, begin: number, end: number): Measured[] {
  return watched(world).flatMap(({ name }) => {
    const signals = signalsOf(world, name, begin, end);
    const n = signals.reduce((sum, { requests }) => sum + requests, 0);
    if (n === 0) return [];
    const mean = (of: (signal: Signal) => number) => signals.reduce((sum, s) => sum + of(s) * s.requests, 0) / n;
    return [
      {
        attributes: { appName: name },
        n,
        errors: signals.reduce((sum, { errors }) => sum + errors, 0),
        seconds: { mean: mean(meanOf) / 1_000, p50: mean(({ p50 }) => p50) / 1_000, p95: mean(({ p95 }) => p95) / 1_000 },
        apdex: mean(({ apdex }) => apdex),
      },
    ];
  });
}

/** The mean of a log-normal, from its median and its 95th percentile. */
export function meanOf({ p50, p95 }: Pick<Signal, "p50" | "p95">): number {
  const sigma = Math.log(Math.max(p95 / p50, 1.05)) / 1.645;
  return p50 * Math.exp((sigma * sigma) / 2);
}

export function hostsOf(world: World, begin: number, end: number): Measured[] {
  const names = new Set(watched(world).map(({ name }) => name));
  return world.hosts().flatMap(({ name, services }) => {
    const signals = services.filter((service) => names.has(service)).flatMap((service) => signalsOf(world, service, begin, end));
    if (signals.length === 0) return [];
    const mean = (of: (signal: Signal) => number) => signals.reduce((sum, s) => sum + of(s), 0) / signals.length;
    const samples = Math.max(1, Math.round((end - begin) / HOUR_MS)) * SAMPLES_AN_HOUR;
    return [{ attributes: { hostname: name }, n: samples, cpu: 100 * mean(({ cpu }) => cpu), memory: 100 * mean(({ memory }) => memory) }];
  });
}

export function errorsOf(world: World, begin: number, end: number): Measured[] {
  return watched(world).flatMap(({ name }) =>
    world.errorGroups(name, instant(begin), instant(end)).map((group) => ({
      attributes: { appName: name, "error.class": group.class },
      n: group.count,
      message: group.message,
      first: Math.max(begin, Date.parse(group.firstSeenAt)),
      last: Math.max(begin, Math.min(end - 1_000, Date.parse(group.lastSeenAt))),
    })),
  );
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace(".000", "");
}
