import type { Alert, AlertFeedback, Stamp } from "../core/alert.ts";
import type { Receipt } from "../core/fact.ts";
import type { AlertFeedbackRow, AlertRow } from "../storage/schema.ts";

/** An alert and what people said of it, as they are kept: what is searched by in columns, all of it in `data`. */

export function rowOf(alert: Alert): AlertRow {
  return {
    id: alert.id,
    group_key: alert.group,
    state: alert.state,
    severity: alert.severity,
    project_id: alert.project ?? null,
    opened_at: alert.openedAt.toISOString(),
    changed_at: alert.changedAt.toISOString(),
    ended_at: alert.endedAt?.toISOString() ?? null,
    version: alert.version,
    data: JSON.stringify(alert),
  };
}

/** Dates where the contract has them; a text that looks like one stays a text. */
export function alertOf({ data }: Pick<AlertRow, "data">): Alert {
  const alert = JSON.parse(data) as Alert;
  return {
    ...alert,
    openedAt: new Date(alert.openedAt),
    changedAt: new Date(alert.changedAt),
    ...(alert.endedAt ? { endedAt: new Date(alert.endedAt) } : {}),
    ...(alert.escalatedAt ? { escalatedAt: new Date(alert.escalatedAt) } : {}),
    ...(alert.acknowledged ? { acknowledged: stamp(alert.acknowledged) } : {}),
    ...(alert.snoozed ? { snoozed: { ...stamp(alert.snoozed), until: new Date(alert.snoozed.until) } } : {}),
    ...(alert.expected ? { expected: { ...stamp(alert.expected), until: new Date(alert.expected.until) } } : {}),
    members: alert.members.map((member) => ({
      ...member,
      since: new Date(member.since),
      ...(member.endedAt ? { endedAt: new Date(member.endedAt) } : {}),
    })),
    receipts: alert.receipts.map((receipt: Receipt) => ({ ...receipt, fetchedAt: new Date(receipt.fetchedAt) })),
  };
}

function stamp<S extends Stamp>(given: S): S {
  return { ...given, at: new Date(given.at) };
}

export function feedbackRow(feedback: AlertFeedback): AlertFeedbackRow {
  return {
    id: feedback.id,
    alert_id: feedback.alert,
    fingerprint: feedback.fingerprint,
    kind: feedback.kind,
    starts_at: feedback.from.toISOString(),
    ends_at: feedback.until.toISOString(),
    given_at: feedback.at.toISOString(),
    withdrawn_at: null,
    data: JSON.stringify(feedback),
  };
}

export function feedbackOf({ data }: Pick<AlertFeedbackRow, "data">): AlertFeedback {
  const given = JSON.parse(data) as AlertFeedback;
  return { ...given, from: new Date(given.from), until: new Date(given.until), at: new Date(given.at) };
}
