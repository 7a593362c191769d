import type { Alert } from "./alert.ts";
import { fromInstant } from "./civil-date.ts";

/** An alert as others get it, over REST and by webhooks. Figures are those of its signs; what is not known is absent. */
export function alertEvent(alert: Alert) {
  const {
    id,
    title,
    state,
    severity,
    project,
    openedAt,
    changedAt,
    endedAt,
    acknowledged,
    snoozed,
    expected,
    members,
    causes,
    next,
    version,
  } = alert;
  return {
    id,
    title,
    state,
    severity,
    project: project ?? null,
    openedAt: openedAt.toISOString(),
    changedAt: changedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    acknowledged: acknowledged ? { by: acknowledged.by, at: acknowledged.at.toISOString() } : null,
    snoozedUntil: state === "snoozed" ? (snoozed?.until.toISOString() ?? null) : null,
    expected: expected ? { by: expected.by, until: fromInstant(expected.until), note: expected.note ?? null } : null,
    signs: members.map(({ figure, since, endedAt: ended, ...member }) => {
      const { days: _, asked: __, ...amounts } = figure ?? {};
      return { ...member, since: since.toISOString(), endedAt: ended?.toISOString() ?? null, ...(figure ? { figure: amounts } : {}) };
    }),
    causes,
    next,
    version,
  };
}
