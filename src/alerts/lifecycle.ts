import { type Alert, type AlertMember, SEVERITIES, type Severity } from "../core/alert.ts";
import type { Signal } from "./signal.ts";

/** How an alert goes from its first sign to its end. Pure: what is now and who says so is handed in. */

export function opened(id: string, signal: Signal, now: Date): Alert {
  return {
    id,
    title: signal.alertTitle ?? signal.title,
    state: "firing",
    severity: signal.severity,
    group: signal.group,
    openedAt: now,
    changedAt: now,
    members: [memberOf(signal)],
    causes: [],
    next: [],
    cards: [],
    receipts: signal.receipts ?? [],
    version: 1,
    ...(signal.project === undefined ? {} : { project: signal.project }),
  };
}

/** A sign that was told before, or one more of the same cause. undefined when that changes nothing anybody would see. */
export function joined(alert: Alert, signal: Signal, now: Date): Alert | undefined {
  const known = alert.members.find(({ fingerprint }) => fingerprint === signal.fingerprint);
  const severity = worse(alert.severity, signal.severity);
  if (!known && alert.members.length >= MOST_MEMBERS && severity === alert.severity) return undefined;
  const rings = severity !== alert.severity && alert.state === "acknowledged";
  const member = memberOf(signal);
  if (known && !known.endedAt && severity === alert.severity && isSame(known, member)) return undefined;
  const members = known
    ? alert.members.map((one) => (one === known ? { ...member, since: one.endedAt ? member.since : one.since } : one))
    : [...alert.members, member].slice(0, MOST_MEMBERS);
  return changed(alert, { members, severity, ...(rings ? { state: "firing" as const } : {}) }, now);
}

/** A sign is gone; with the last one the alert is over. undefined when it was not there. */
export function eased(alert: Alert, fingerprint: string, at: Date, now: Date): Alert | undefined {
  const known = alert.members.find((member) => member.fingerprint === fingerprint && !member.endedAt);
  if (!known || alert.endedAt) return undefined;
  const ended = at < known.since ? known.since : at;
  const members = alert.members.map((one) => (one === known ? { ...one, endedAt: ended } : one));
  if (members.some(({ endedAt }) => !endedAt)) return changed(alert, { members }, now);
  const last = members.reduce((latest, { endedAt }) => (endedAt && endedAt > latest ? endedAt : latest), ended);
  return changed(alert, { members, state: "recovered", endedAt: last }, now);
}

export function acknowledged(alert: Alert, by: string, now: Date, note?: string): Alert {
  return changed(alert, { state: "acknowledged", acknowledged: { by, at: now, ...(note ? { note } : {}) } }, now);
}

export function snoozed(alert: Alert, by: string, until: Date, now: Date, note?: string): Alert {
  return changed(alert, { state: "snoozed", snoozed: { by, at: now, until, ...(note ? { note } : {}) } }, now);
}

/** It is nothing to act on: over, though its signs may go on. */
export function expected(alert: Alert, by: string, until: Date, now: Date, note?: string): Alert {
  return changed(alert, { state: "expected", expected: { by, at: now, until, ...(note ? { note } : {}) }, endedAt: now }, now);
}

/** The time it was snoozed for is over, or the word was taken back. */
export function firingAgain(alert: Alert, now: Date): Alert {
  const { acknowledged: _a, snoozed: _s, expected: _e, endedAt: _t, ...rest } = alert;
  return changed(rest, { state: "firing" }, now);
}

export function changed(alert: Alert, changes: Partial<Alert>, now: Date): Alert {
  return { ...alert, ...changes, changedAt: now, version: alert.version + 1 };
}

export function isOpen({ state }: Pick<Alert, "state">): boolean {
  return state === "firing" || state === "acknowledged" || state === "snoozed";
}

/** Of a storm with one cause so many signs are kept; the rest would not be read. */
export const MOST_MEMBERS = 50;

function memberOf(signal: Signal): AlertMember {
  const { fingerprint, rule, series, title, at, figure, text, url } = signal;
  return { fingerprint, rule, series, title, since: at, ...(figure ? { figure } : {}), ...(text ? { text } : {}), ...(url ? { url } : {}) };
}

function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b;
}

function isSame(a: AlertMember, b: AlertMember): boolean {
  return a.title === b.title && a.text === b.text && a.figure?.to === b.figure?.to && a.figure?.actual === b.figure?.actual;
}
