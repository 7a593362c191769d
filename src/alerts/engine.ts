import type { Alert, AlertFeedback } from "../core/alert.ts";
import { addDays, civilDate } from "../core/civil-date.ts";
import type { ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import type { AlertChanges, Alerts } from "../records/alerts.ts";
import { enrich } from "./causes.ts";
import { judgeRule, signalsOn } from "./evaluate.ts";
import { changed, firingAgain } from "./lifecycle.ts";
import { recordSignals } from "./records.ts";
import { type AlertPlan, type AlertRule, brokenName } from "./rules.ts";
import { type Signal, WINDOW_MS } from "./signal.ts";
import { takeSignals } from "./take.ts";
import { escalate, type Hook, remind, tellAgain, tellBack, tellFirst } from "./tell.ts";

export interface AlertEngineOptions {
  plan: AlertPlan;
  hooks: readonly Hook[];
  alerts: Alerts;
  /** What rules and causes may read. `project`: narrowed to it. */
  context(now: Date, signal: AbortSignal, project?: string): Promise<ToolContext>;
  now(): Date;
  newId(): string;
  timeout(ms: number): AbortSignal;
  onFault(error: unknown): void;
  /** Posts are waiting. */
  onTold(): void;
  onAlert?(event: { id: string; state: string; severity: string; signs: number }): void;
}

export interface AlertEngine {
  /** Judges the rules that are due. Never throws. */
  judge(signal: AbortSignal): Promise<void>;
  /** Tells what is new, and moves on what waits for its time. Never throws. Safe to run beside itself. */
  tell(signal: AbortSignal): Promise<void>;
  /** Signs from outside, told within the next step. Throws what the database throws. */
  take(signals: readonly Signal[]): Promise<void>;
  /** What each rule says at that time; nothing is kept. Never throws for what a rule cannot do. */
  judgeAll(at: Date, signal: AbortSignal): Promise<{ rule: AlertRule; signals: Signal[]; problem?: string; failed?: boolean }[]>;
  /** Why rules cannot be judged, by their names; as it was the last time. */
  problems(): ReadonlyMap<string, string>;
}

/** Measures are of whole days, and some sources take money for a look. */
const EVERY_MS = { measure: 6 * 3_600_000, records: 5 * 60_000 } as const;
const RETRY_MS = 15 * 60_000;
const RULE_MS = 120_000;
const CAUSES_MS = 45_000;

export function createAlertEngine(options: AlertEngineOptions): AlertEngine {
  const { plan, hooks, alerts, now, newId, onFault } = options;
  const due = new Map<string, number>();
  const problems = new Map<string, string>();

  async function read(rule: AlertRule, at: Date, signal: AbortSignal, feedback: readonly AlertFeedback[]): Promise<Signal[]> {
    const context = await options.context(at, AbortSignal.any([signal, options.timeout(RULE_MS)]), rule.project);
    if (isOfRecords(rule)) return recordSignals(rule, context);
    const day = addDays(civilDate(at, "UTC"), -1);
    return (await judgeRule(rule, context, feedback)).flatMap((judged) => signalsOn(judged, lastFirmDay(judged.receipts, day)));
  }

  async function judgeOne(rule: AlertRule, at: Date, signal: AbortSignal, feedback: readonly AlertFeedback[]) {
    try {
      return { rule, signals: await read(rule, at, signal, feedback) };
    } catch (error) {
      const failed = !(error instanceof UserError);
      return { rule, signals: failed ? [] : [brokenRule(rule, error, at)], problem: explainError(error), failed };
    }
  }

  async function runRules(signal: AbortSignal): Promise<void> {
    const at = now();
    for (const rule of plan.rules) {
      if (signal.aborted) return;
      if ((due.get(rule.name) ?? 0) <= at.getTime()) await runRule(rule, at, signal);
    }
  }

  async function runRule(rule: AlertRule, at: Date, signal: AbortSignal): Promise<void> {
    const { signals, problem, failed } = await judgeOne(rule, at, signal, await alerts.feedback(at));
    if (signal.aborted) return;
    if (problem === undefined) problems.delete(rule.name);
    else problems.set(rule.name, problem);
    const every = isOfRecords(rule) ? EVERY_MS.records : EVERY_MS.measure;
    due.set(rule.name, at.getTime() + (failed ? RETRY_MS : every));
    // A source that fails says nothing about what it knew: its alerts stay as they are.
    if (!failed) await bring(signals, { settled: settledBy(rule, problem !== undefined) });
  }

  /** Of two processes that open the same sign at once one fails, and finds it there when it tries again. */
  async function bring(signals: readonly Signal[], how: { settled?: readonly string[]; vendor?: boolean }): Promise<void> {
    const attempt = () =>
      alerts.change(async (tx) => {
        const { changed: touched, back } = await takeSignals(tx, signals, { now: now(), newId, ...how });
        for (const alert of touched) await tellAgain(tx, alert, { hooks });
        for (const alert of back) if (alert.told) await tellBack(tx, alert);
        return touched;
      });
    for (const { id, state, severity, members } of await attempt().catch(attempt))
      options.onAlert?.({ id, state, severity, signs: members.length });
  }

  /** New alerts go out at once; what came before them is looked up then, and their cards say it where they stand. */
  async function tellNew(signal: AbortSignal): Promise<void> {
    const fresh = await untold();
    for (const { id } of fresh)
      await alerts.change(async (tx) => {
        const alert = await tx.get(id);
        if (alert && !alert.told && !alert.endedAt) await tellFirst(tx, alert, { plan, hooks, now: now() });
      });
    if (fresh.length > 0) options.onTold();
    for (const alert of fresh.slice(0, MOST_EXPLAINED)) {
      if (signal.aborted) return;
      const context = await options.context(now(), AbortSignal.any([signal, options.timeout(CAUSES_MS)]), alert.project);
      const found = await enrich(alert, context, onFault);
      if (found.causes.length === 0 && found.next.length === 0) continue;
      await alerts.change(async (tx) => {
        const current = await tx.get(alert.id);
        if (!current) return;
        const explained = changed({ ...current, ...found }, {}, current.changedAt);
        await tx.save(explained);
        await tellAgain(tx, explained, { hooks: [] });
      });
    }
  }

  async function untold(): Promise<Alert[]> {
    const open = await alerts.list({ states: ["firing", "acknowledged"], limit: MOST_OPEN });
    return open.filter(({ told, endedAt }) => !told && !endedAt).reverse();
  }

  async function moveOn(): Promise<void> {
    const waiting = await alerts.list({ states: ["firing", "snoozed"], limit: MOST_OPEN });
    const at = now();
    const over = waiting.filter(({ state, snoozed }) => state === "snoozed" && snoozed && snoozed.until <= at);
    for (const { id } of over) await alerts.change((tx) => wake(tx, id, at));
    for (const { id, state, told } of waiting)
      if (state === "firing" && told && plan.routes.some((route) => route.escalate))
        await alerts.change(async (tx) => {
          const alert = await tx.get(id);
          if (alert) await escalate(tx, alert, { plan, hooks, now: at });
        });
  }

  async function wake(tx: AlertChanges, id: string, at: Date): Promise<void> {
    const alert = await tx.get(id);
    if (alert?.state !== "snoozed" || !alert.snoozed || alert.snoozed.until > at) return;
    const again = firingAgain(alert, at);
    await tx.save(again);
    await tx.note(id, { actor: "firstmate", action: "snooze over" });
    await tellAgain(tx, again, { hooks });
    await remind(tx, again, "The time it was snoozed for is over:");
  }

  async function safely(step: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      if (!signal.aborted) await step(signal);
    } catch (error) {
      if (!signal.aborted) onFault(error);
    }
  }

  return {
    judge: (signal) => safely(runRules, signal),
    async tell(signal) {
      await safely(tellNew, signal);
      await safely(moveOn, signal);
    },
    take: (signals) => bring(signals, { vendor: true }),
    async judgeAll(at, signal) {
      const feedback = await alerts.feedback(at);
      const found = [];
      for (const rule of plan.rules) found.push(await judgeOne(rule, at, signal, feedback));
      return found;
    },
    problems: () => problems,
  };
}

const MOST_OPEN = 500;
/** In a storm nobody waits for the causes of each. */
const MOST_EXPLAINED = 10;

function isOfRecords({ kind }: AlertRule): boolean {
  return kind === "incidents" || kind === "pipelines";
}

/** Records tell of recoveries themselves, and forget after two weeks. A rule that cannot be judged settles only itself. */
function settledBy(rule: AlertRule, broken: boolean): string[] {
  const own = brokenName(rule.name);
  if (broken) return [];
  return isOfRecords(rule) ? [own] : [rule.name, own];
}

/** What a rule is about is gone: said once, until it is back or the rule is changed. */
function brokenRule(rule: AlertRule, error: unknown, at: Date): Signal {
  return {
    fingerprint: `${rule.name}:broken`,
    rule: brokenName(rule.name),
    group: `broken:${rule.name}`,
    series: rule.name,
    title: `The rule ${rule.name} cannot be judged`,
    severity: "warning",
    state: "firing",
    at,
    windowMs: WINDOW_MS.daily,
    text: explainError(error),
    ...(rule.project ? { project: rule.project } : {}),
  };
}

/** The last day whose numbers stay. */
function lastFirmDay(receipts: readonly { provisional?: string }[], day: string): string {
  const first = receipts.flatMap(({ provisional }) => /\d{4}-\d{2}-\d{2}/.exec(provisional ?? "") ?? []).sort()[0];
  return first !== undefined && first <= day ? addDays(first, -1) : day;
}
