import { randomUUID } from "node:crypto";
import type { Alert, AlertDesk, AlertFeedback } from "../core/alert.ts";
import { formatInstant } from "../core/format.ts";
import { hasRole, type User } from "../core/message.ts";
import { closest } from "../core/text.ts";
import { UserError } from "../errors.ts";
import type { AlertChanges, Alerts } from "../records/alerts.ts";
import { alertCard } from "./card.ts";
import type { AlertEngine } from "./engine.ts";
import { acknowledged, expected, firingAgain, isOpen, snoozed } from "./lifecycle.ts";
import { reportOf } from "./report.ts";
import type { AlertPlan } from "./rules.ts";
import { type Hook, tellAgain } from "./tell.ts";

export interface AlertDeskOptions {
  alerts: Alerts;
  plan: AlertPlan;
  hooks: readonly Hook[];
  engine: Pick<AlertEngine, "judgeAll" | "problems">;
  /** Whether the user may see what belongs to the project. */
  maySee(user: User, project: string): Promise<boolean>;
  now(): Date;
  /** Posts are waiting. */
  wake(): void;
}

const DAY_MS = 86_400_000;
/** Of what goes on: a detector has learned a new level by then. */
const EXPECTED_DAYS = 7;
const LONGEST_DAYS = 366;
const MOST = 200;

export function createAlertDesk(options: AlertDeskOptions): AlertDesk {
  const { alerts, now } = options;

  async function seesProject(user: User, project: string): Promise<boolean> {
    return hasRole(user.roles, "admin") || options.maySee(user, project);
  }

  async function isSeen(alert: Alert, user: User): Promise<boolean> {
    return alert.project === undefined || seesProject(user, alert.project);
  }

  async function seen(found: readonly Alert[], user: User): Promise<Alert[]> {
    const kept = await Promise.all(found.map(async (alert) => ((await isSeen(alert, user)) ? [alert] : [])));
    return kept.flat();
  }

  async function find(tx: AlertChanges, id: string, user: User): Promise<Alert> {
    const alert = await tx.get(id.toLowerCase());
    if (alert && (await isSeen(alert, user))) return alert;
    const open = (await seen(await tx.open(), user)).map((one) => one.id);
    const near = closest(id, open);
    throw new UserError(
      `There is no alert “${id.slice(0, 40)}”.${near ? ` Did you mean ${near}?` : ""} \`/alerts\` lists those that are open.`,
      {
        path: "id",
        suggestions: near ? [`/alerts show ${near}`] : ["/alerts"],
      },
    );
  }

  function act(
    id: string,
    user: User,
    action: string,
    note: string | undefined,
    change: (alert: Alert, tx: AlertChanges) => Promise<Alert>,
  ): Promise<Alert> {
    return alerts
      .change(async (tx) => {
        const alert = await find(tx, id, user);
        if (action !== "undo" && !isOpen(alert))
          throw new UserError(`That alert is over since ${formatInstant(alert.endedAt ?? alert.changedAt)}: ${alert.title}.`, {
            path: "id",
          });
        const after = await change(alert, tx);
        if (after === alert) return alert;
        await tx.save(after);
        await tx.note(alert.id, { actor: user.id, action, ...(note ? { note } : {}) });
        await tellAgain(tx, after, options);
        return after;
      })
      .finally(options.wake);
  }

  async function give(tx: AlertChanges, alert: Alert, kind: AlertFeedback["kind"], user: User, until: Date, note?: string): Promise<void> {
    await tx.withdraw(alert.id);
    for (const { fingerprint, rule, series, since, figure, endedAt } of alert.members)
      if (!endedAt)
        await tx.give({
          id: randomUUID(),
          alert: alert.id,
          fingerprint,
          rule,
          series,
          kind,
          from: since,
          until,
          by: user.name,
          at: now(),
          ...(note ? { note } : {}),
          ...(figure ? { measure: figure.measure } : {}),
          ...(figure?.actual === undefined ? {} : { actual: figure.actual }),
        });
  }

  function checked(until: Date): Date {
    if (until <= now())
      throw new UserError("That time is past. Say until when, like “for 2 days” or “until 2026-12-24”.", { path: "until" });
    if (until.getTime() - now().getTime() > LONGEST_DAYS * DAY_MS)
      throw new UserError("A year is the longest. To stop it for good, remove the rule from firstmate.yaml.", { path: "until" });
    return until;
  }

  return {
    async list(user, { state = "open", limit = 50, before } = {}) {
      const states = state === "open" ? (["firing", "acknowledged", "snoozed"] as const) : undefined;
      const found = await alerts.list({
        limit: Math.min(limit, MOST),
        ...(states ? { states } : {}),
        ...(before ? { until: before } : {}),
      });
      return seen(found, user);
    },

    async get(id, user) {
      const alert = await alerts.get(id.toLowerCase());
      return alert && (await isSeen(alert, user)) ? { alert, history: await alerts.history(alert.id), reply: alertCard(alert) } : null;
    },

    acknowledge: (id, user, note) =>
      act(id, user, "acknowledged", note, async (alert) =>
        alert.state === "acknowledged" ? alert : acknowledged(alert, user.name, now(), note),
      ),

    snooze: (id, user, until, note) =>
      act(id, user, "snoozed", note, async (alert, tx) => {
        await give(tx, alert, "snooze", user, checked(until), note);
        return snoozed(alert, user.name, until, now(), note);
      }),

    expect: (id, user, until, note) =>
      act(id, user, "expected", note, async (alert, tx) => {
        const end = checked(until ?? new Date(now().getTime() + EXPECTED_DAYS * DAY_MS));
        await give(tx, alert, "expected", user, end, note);
        return expected(alert, user.name, end, now(), note);
      }),

    undo: (id, user) =>
      act(id, user, "undo", undefined, async (alert, tx) => {
        if (alert.state === "recovered")
          throw new UserError("That alert is over by itself; there is nothing to take back.", { path: "id" });
        if (alert.state === "firing")
          throw new UserError("Nobody has said anything of that alert; there is nothing to take back.", { path: "id" });
        for (const { fingerprint } of alert.members) {
          const other = await tx.withSign(fingerprint);
          if (other && other.id !== alert.id && isOpen(other))
            throw new UserError(`The same fires again as ${other.id} by now; say it of that one.`, {
              path: "id",
              suggestions: [`/alerts show ${other.id}`],
            });
        }
        await tx.withdraw(alert.id);
        return firingAgain(alert, now());
      }),

    feedback: () => alerts.feedback(now()),

    async report(days) {
      const since = new Date(now().getTime() - days * DAY_MS);
      return reportOf(await alerts.list({ limit: 5_000, since }), options.plan, options.engine.problems(), days);
    },

    async preview(at, signal, user) {
      const all = await options.engine.judgeAll(at, signal);
      const mine = await Promise.all(all.map(({ rule }) => rule.project === undefined || !user || seesProject(user, rule.project)));
      const judged = all.filter((_, i) => mine[i]);
      return {
        firing: judged.flatMap(({ signals }) =>
          signals
            .filter(({ state }) => state === "firing")
            .map(({ fingerprint, rule, series, title, at: since, figure, text, url }) => ({
              fingerprint,
              rule,
              series,
              title,
              since,
              ...(figure ? { figure } : {}),
              ...(text ? { text } : {}),
              ...(url ? { url } : {}),
            })),
        ),
        problems: judged.flatMap(({ rule, problem }) => (problem === undefined ? [] : [{ rule: rule.name, message: problem }])),
      };
    },
  };
}
