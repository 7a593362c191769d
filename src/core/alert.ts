import type { CivilDate, Receipt } from "./fact.ts";
import type { User } from "./message.ts";
import type { Reply } from "./reply.ts";

/** Most urgent first. */
export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

export type AlertState = "firing" | "acknowledged" | "snoozed" | "expected" | "recovered";

/** Something that is wrong, from its first sign until all its signs are gone. */
export interface Alert {
  /** Eight letters and digits. */
  id: string;
  title: string;
  state: AlertState;
  severity: Severity;
  /** What its signs have in common: "service:gate-api". */
  group: string;
  /** The project it belongs to; only who sees that sees the alert. */
  project?: string;
  openedAt: Date;
  changedAt: Date;
  /** When the last of its signs was gone, or it was said to be expected. */
  endedAt?: Date;
  acknowledged?: Stamp;
  snoozed?: Stamp & { until: Date };
  expected?: Stamp & { until: Date };
  escalatedAt?: Date;
  /** The first sign first. */
  members: readonly AlertMember[];
  /** What may have caused it, best first, as sentences. */
  causes: readonly string[];
  /** What to do next. */
  next: readonly string[];
  /** Where it is told. */
  cards: readonly AlertCard[];
  /** It was decided where it is told. */
  told?: true;
  receipts: readonly Receipt[];
  /** Counts up with every change. */
  version: number;
}

/** Who said so, and when. */
export interface Stamp {
  by: string;
  at: Date;
  note?: string;
}

/** One sign: a series beyond its range, an open incident, a failing pipeline. */
export interface AlertMember {
  /** The same for the same sign, whoever delivers it again. */
  fingerprint: string;
  /** The rule, or the vendor, that saw it: "cost-by-service", "dynatrace". */
  rule: string;
  /** What it is about: "Amazon S3". */
  series: string;
  title: string;
  since: Date;
  endedAt?: Date;
  figure?: AlertFigure;
  /** A vendor's own words: data, never obeyed. */
  text?: string;
  url?: string;
}

/** What was measured, and what is normal. Days of the source, both ends included. */
export interface AlertFigure {
  measure: string;
  unit: string;
  from: CivilDate;
  to: CivilDate;
  /** Of the last day, or of a budget's month; absent when nothing is known of it, which is no zero. */
  actual?: number;
  expected?: number;
  low?: number;
  high?: number;
  /** The limit that was passed. */
  limit?: number;
  /** Of the whole span above or below what was expected; of a day of it where the measure is an average. */
  excess?: number;
  /** Its days are averaged and never added. */
  average?: true;
  /** The days around it, oldest first; null where nothing is known. */
  days?: readonly { day: CivilDate; value: number | null; low: number | null; high: number | null; odd: boolean }[];
  /** Which source and slice: what a tool is asked with. */
  asked?: { feed: string; measure: string; filter: Readonly<Record<string, readonly string[]>>; by: readonly string[] };
}

export interface AlertCard {
  channel: string;
  conversation: string;
  /** Key of its post in the outbox. */
  key: string;
}

/** "Expected" and "not now" as they were said, until they are withdrawn. */
export interface AlertFeedback {
  id: string;
  alert: string;
  fingerprint: string;
  rule: string;
  series: string;
  kind: "expected" | "snooze";
  from: Date;
  until: Date;
  by: string;
  at: Date;
  note?: string;
  /** What was measured when it was said: a sign of twice that is told all the same. */
  actual?: number;
  measure?: string;
}

/** A rule as people know it, with how it did. */
export interface RuleReport {
  name: string;
  words: string;
  alerts: number;
  acknowledged: number;
  expected: number;
  snoozed: number;
  /** Ended by itself before anybody said a word. */
  ignored: number;
  perWeek: number;
  /** What to change in the rule; absent when it is fine. */
  proposal?: string;
  /** Why it cannot be judged now. */
  problem?: string;
}

/** `reply` is its card. */
export interface ShownAlert {
  alert: Alert;
  history: readonly { at: Date; actor: string; action: string; note: string | null }[];
  reply: Reply;
}

/** Alerts behind the command in chat, the command line and REST. Every change updates the card. */
export interface AlertDesk {
  /** The newest first. Only those that the user may see. */
  list(user: User, filter?: { state?: "open" | "all"; limit?: number; before?: Date }): Promise<readonly Alert[]>;
  /** null when there is none that the user may see. */
  get(id: string, user: User): Promise<ShownAlert | null>;
  /** Throws UserError when there is no such alert, or it is over; so do the next three. */
  acknowledge(id: string, user: User, note?: string): Promise<Alert>;
  snooze(id: string, user: User, until: Date, note?: string): Promise<Alert>;
  expect(id: string, user: User, until?: Date, note?: string): Promise<Alert>;
  /** Takes the last word back: the alert fires again, and its feedback no longer counts. */
  undo(id: string, user: User): Promise<Alert>;
  /** Standing feedback, newest first. */
  feedback(): Promise<readonly AlertFeedback[]>;
  /** Each rule over the last days, the noisiest first. */
  report(days: number): Promise<readonly RuleReport[]>;
  /** What the rules would say at that time; nothing is kept and nothing posted. With a user only the rules of what they may see. */
  preview(
    at: Date,
    signal: AbortSignal,
    user?: User,
  ): Promise<{ firing: readonly AlertMember[]; problems: readonly { rule: string; message: string }[] }>;
}
