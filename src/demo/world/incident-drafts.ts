import { BAD_DEPLOYS, turn } from "../story.ts";
import { DAY, dayOf, HOUR, instant, secondsOf } from "./calendar.ts";
import { SERVICES, serviceNamed } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import type { Frame } from "./frame.ts";
import type { PullFate } from "./pull-life.ts";
import { BAD_DEPLOY_TITLES, DEPLOY_TROUBLES, TROUBLES } from "./text/incidents.ts";
import type { Deployment, Incident, Region } from "./types.ts";

/** An incident before it has a number. Times in seconds. */
export interface Draft {
  service: string;
  title: string;
  found: string;
  cure: string;
  severity: Incident["severity"];
  cause: Incident["cause"];
  deployment: Deployment | null;
  fix: Deployment | null;
  rollback: Deployment | null;
  opened: number;
  acknowledged: number;
  resolved: number;
  region: Region | null;
  event: string | null;
}

/** The story's: a deployment breaks something, the next of the same event puts it right. */
export function toldDrafts(good: readonly Deployment[], eventOf: ReadonlyMap<string, PullFate>): Draft[] {
  const told = good.filter((d) => /^(bad-deploy|outage)-/.test(eventOf.get(d.pulls[0] ?? "")?.event ?? ""));
  const byEvent = Map.groupBy(told, (d) => eventOf.get(d.pulls[0] ?? "")?.event ?? "");
  return [...byEvent].flatMap(([event, [bad, fix]]) => {
    if (!bad || !fix) return [];
    const isOutage = event.startsWith("outage");
    const round = roundIn(event);
    const opened = secondsOf(bad.finishedAt ?? "") + (isOutage ? 180 : 540);
    return [
      {
        service: bad.service,
        event,
        cause: "deployment",
        deployment: bad,
        fix,
        rollback: null,
        title: isOutage ? "Gate bookings are down in Europe" : turn(BAD_DEPLOY_TITLES, round),
        found: isOutage
          ? "The shared connection pool is exhausted; a rollback does not help, because the schema has moved on."
          : `It began with the deployment of ${bad.service}; ${turn(BAD_DEPLOYS, round).what}.`,
        cure: isOutage
          ? "Every region has its own pool again; bookings are back."
          : "The fix is deployed and the numbers are back to normal.",
        severity: isOutage ? 1 : 2,
        opened,
        acknowledged: opened + 240,
        resolved: secondsOf(fix.finishedAt ?? "") + 300,
        region: isOutage ? "Europe" : null,
      } satisfies Draft,
    ];
  });
}

/** One everyday deployment in fifty goes wrong and is rolled back. */
export function riskyDrafts(good: readonly Deployment[], eventOf: ReadonlyMap<string, PullFate>, frame: Frame): Draft[] {
  return good.flatMap((bad, index) => {
    const chance = new Chance(frame.seed, `risk ${bad.id}`);
    const isEveryday = serviceNamed(bad.service).kind !== "mobile" && !bad.pulls.some((id) => eventOf.get(id)?.event);
    if (!isEveryday || !chance.happens(0.02)) return [];
    const before = good.slice(Math.max(0, index - 400), index).findLast((d) => d.service === bad.service);
    if (!before) return [];
    const words = chance.pick(DEPLOY_TROUBLES);
    const opened = secondsOf(bad.finishedAt ?? "") + chance.whole(180, 900);
    const acknowledged = opened + chance.whole(60, 700);
    const rollback = rollbackOf(bad, before, acknowledged + chance.whole(480, 3_600));
    return [
      {
        service: bad.service,
        event: null,
        cause: "deployment",
        deployment: bad,
        fix: rollback,
        rollback,
        title: titled(words.title, bad.service),
        found: words.found,
        cure: "Rolled back; the numbers are back to normal.",
        severity: chance.weighted([
          [2, 0.15],
          [3, 0.5],
          [4, 0.35],
        ] as const),
        opened,
        acknowledged,
        resolved: secondsOf(rollback.finishedAt ?? "") + chance.whole(60, 600),
        region: null,
      } satisfies Draft,
    ];
  });
}

function rollbackOf(bad: Deployment, before: Deployment, at: number): Deployment {
  const id = `${bad.service}-production-${dayOf(at).replaceAll("-", "")}-r${bad.id.slice(bad.id.lastIndexOf("-") + 1)}`;
  const times = { createdAt: instant(at), startedAt: instant(at + 15), finishedAt: instant(at + 200) };
  return { ...bad, ...times, id, commit: before.commit, pulls: [], rollsBack: bad.id, incident: null };
}

export function otherDrafts(frame: Frame, earliest: number): Draft[] {
  const drafts: Draft[] = [];
  for (let day = Math.floor(earliest / DAY) * DAY + DAY; day < frame.now + DAY; day += DAY) {
    const chance = new Chance(frame.seed, `trouble ${day}`);
    for (let i = chance.count(0.085); i > 0; i--) drafts.push(other(day, chance));
  }
  return drafts;
}

function other(day: number, chance: Chance): Draft {
  const cause = chance.weighted([
    ["capacity", 0.4],
    ["dependency", 0.3],
    ["configuration", 0.18],
    ["hardware", 0.12],
  ] as const);
  const service = chance.weighted(SERVICES.map((s) => [s, Math.sqrt(s.baseline.requests)] as const));
  const words = chance.pick(TROUBLES[cause]);
  const opened =
    day +
    Math.round(
      chance.weighted([
        [chance.between(6, 18), 0.75],
        [chance.between(0, 24), 0.25],
      ]) * HOUR,
    );
  const acknowledged = opened + Math.round(chance.around(5, 0.6) * 60);
  return {
    service: service.name,
    event: null,
    cause,
    deployment: null,
    fix: null,
    rollback: null,
    title: titled(words.title, service.name),
    found: words.found,
    cure: words.cure,
    severity: chance.weighted([
      [2, 0.12],
      [3, 0.48],
      [4, 0.4],
    ] as const),
    opened,
    acknowledged,
    resolved: acknowledged + Math.round(Math.min(30 * HOUR, chance.around(48, 0.95) * 60)),
    region: chance.happens(0.3) ? chance.pick(["Europe", "North America", "Asia Pacific"] as const) : null,
  };
}

function titled(pattern: string, service: string): string {
  return pattern.replace("{service}", serviceNamed(service).title);
}

/** The round in an event's id: "bad-deploy--3" is round -3. */
export function roundIn(event: string): number {
  return Number(/-(-?\d+)$/.exec(event)?.[1] ?? 0);
}
