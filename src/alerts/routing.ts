import type { Alert } from "../core/alert.ts";
import type { AlertPlan, AlertRoute, Hours } from "./rules.ts";

export interface Destination {
  channel: string;
  conversation: string;
  /** Not before the route's hours. */
  notBefore?: Date;
}

/** Where an alert is told, each place once. What is critical rings at any hour. */
export function destinationsOf(alert: Alert, plan: AlertPlan, now: Date): Destination[] {
  const places = new Map<string, Destination>();
  const names = new Set(alert.members.map(({ rule }) => rule));
  for (const { to } of plan.rules.filter((rule) => names.has(rule.name))) if (to) places.set(to, placeOf(to));
  for (const route of plan.routes.filter((one) => isMeant(one, alert, names))) {
    const opens = route.hours && alert.severity !== "critical" ? nextWithin(route.hours, now) : now;
    if (!places.has(route.to)) places.set(route.to, { ...placeOf(route.to), ...(opens > now ? { notBefore: opens } : {}) });
  }
  return [...places.values()];
}

/** Where it goes now that nobody has acknowledged it. */
export function escalationsOf(alert: Alert, plan: AlertPlan, now: Date): Destination[] {
  const names = new Set(alert.members.map(({ rule }) => rule));
  const due = plan.routes.filter(
    ({ escalate, ...route }) => escalate && isMeant(route, alert, names) && now.getTime() - alert.openedAt.getTime() >= escalate.after,
  );
  return [...new Set(due.flatMap(({ escalate }) => (escalate ? [escalate.to] : [])))].map(placeOf);
}

function isMeant({ severity, rules, projects }: Omit<AlertRoute, "escalate">, alert: Alert, names: ReadonlySet<string>): boolean {
  return (
    (severity === undefined || severity.includes(alert.severity)) &&
    (rules === undefined || rules.some((rule) => names.has(rule))) &&
    (projects === undefined || (alert.project !== undefined && projects.includes(alert.project)))
  );
}

export function placeOf(to: string): Destination {
  return { channel: to.slice(0, to.indexOf(":")), conversation: to };
}

const STEP_MS = 15 * 60_000;
const WEEK_MS = 7 * 86_400_000;

/** The first quarter of an hour from `at` on that lies in the hours; `at` itself when it does. */
export function nextWithin(hours: Hours, at: Date): Date {
  if (isWithin(hours, at)) return at;
  const start = Math.ceil(at.getTime() / STEP_MS) * STEP_MS;
  for (let time = start; time <= start + WEEK_MS; time += STEP_MS) if (isWithin(hours, new Date(time))) return new Date(time);
  return at;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

function isWithin({ days, from, to, timeZone }: Hours, at: Date): boolean {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const minutes = Number(part.get("hour")) * 60 + Number(part.get("minute"));
  return days.includes(WEEKDAYS.indexOf(part.get("weekday") ?? "") + 1) && minutes >= from && minutes < to;
}
