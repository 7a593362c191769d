import { DAY, dayOf, HOUR, instant, isWorkday, secondsOf, weekdayOf } from "./calendar.ts";
import { REPOSITORIES, serviceNamed } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import { type Frame, LEAD, shownFrom } from "./frame.ts";
import { BOT } from "./people.ts";
import type { PullFate } from "./pull-life.ts";
import type { Deployment, Instant, Repository } from "./types.ts";

/** Deployments from merges: each merge on its own, or a train once a day or a week. All of them, also those that lie ahead. */

interface Start {
  at: number;
  pulls: readonly PullFate[];
  /** The story's own: it goes well. */
  told: boolean;
}

const TRAIN = 13.5 * HOUR;
const WEEKLY_TRAIN = 8.5 * HOUR;

export function deploymentFates(frame: Frame, pulls: readonly PullFate[]): Deployment[] {
  const earliest = shownFrom(frame, LEAD.deployments) - 15 * DAY;
  const merged = pulls.filter((p) => p.mergedAt !== null && secondsOf(p.mergedAt) >= earliest);
  const byRepository = Map.groupBy(merged, (p) => p.repository);
  const all = REPOSITORIES.filter((r) => r.service !== null).flatMap((repository) => {
    const mine = (byRepository.get(repository.name) ?? []).sort((a, b) => mergeOf(a) - mergeOf(b));
    const production = named(starts(repository, mine), repository, "production", frame);
    const staging = named(
      mine.map((p) => ({ at: mergeOf(p) + 170, pulls: [p], told: false })),
      repository,
      "staging",
      frame,
    );
    return [...production, ...staging];
  });
  return all.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1));
}

function mergeOf(pull: PullFate): number {
  return secondsOf(pull.mergedAt ?? "");
}

function starts(repository: Repository, merged: readonly PullFate[]): Start[] {
  const told = merged.flatMap((p) => (p.deployed ? [{ at: p.deployed, pulls: [p], told: true }] : []));
  const others = merged.filter((p) => p.deployed === undefined);
  if (repository.cadence === "each merge") return [...told, ...others.map((p) => ({ at: mergeOf(p) + 540, pulls: [p], told: false }))];
  const isWeekly = repository.cadence === "weekly";
  const trains = Map.groupBy(others, (p) => nextTrain(mergeOf(p), isWeekly));
  return [...told, ...[...trains].map(([at, aboard]) => ({ at, pulls: aboard, told: false }))];
}

function nextTrain(merged: number, isWeekly: boolean): number {
  const time = isWeekly ? WEEKLY_TRAIN : TRAIN;
  let day = Math.floor(merged / DAY) * DAY;
  while (day + time <= merged || !isWorkday(day) || (isWeekly ? weekdayOf(day) !== 2 : weekdayOf(day) === 5)) {
    day += DAY;
    // A Tuesday that is a holiday: the train leaves the day after.
    if (isWeekly && isWorkday(day) && weekdayOf(day) === 3 && !isWorkday(day - DAY) && day + time > merged) break;
  }
  return day + time;
}

function named(list: readonly Start[], repository: Repository, environment: Deployment["environment"], frame: Frame): Deployment[] {
  const counts = new Map<string, number>();
  return [...list]
    .sort((a, b) => a.at - b.at)
    .flatMap((start) => {
      const place = `${repository.name}-${environment}-${dayOf(start.at).replaceAll("-", "")}`;
      const rank = (counts.get(place) ?? 0) + 1;
      counts.set(place, rank);
      return tries(`${place}-${rank}`, start, repository, environment, frame);
    });
}

/** One deployment, or one that fails and the same again. */
function tries(id: string, start: Start, repository: Repository, environment: Deployment["environment"], frame: Frame): Deployment[] {
  const chance = new Chance(frame.seed, `deploy ${id}`);
  const minutes = environment === "staging" ? chance.between(2, 5) : chance.between(4, 13);
  const fails = !start.told && chance.happens(environment === "staging" ? 0.025 : 0.035);
  const first = deployment(id, start, start.at, minutes, fails ? "failure" : "success", repository, environment);
  if (!fails || environment === "staging") return [first];
  const again = start.at + Math.round(chance.between(20, 55) * 60);
  return [first, deployment(`${id}b`, start, again, minutes, "success", repository, environment)];
}

function deployment(
  id: string,
  { pulls }: Start,
  at: number,
  minutes: number,
  status: "success" | "failure",
  repository: Repository,
  environment: Deployment["environment"],
): Deployment {
  const last = pulls.at(-1);
  const service = serviceNamed(repository.service ?? "");
  return {
    id,
    service: service.name,
    repository: repository.name,
    environment,
    platform: service.host,
    status,
    commit: last?.mergeCommit ?? "",
    ref: "main",
    pulls: pulls.map((p) => p.id),
    creator: pulls.length === 1 ? (last?.mergedBy ?? BOT.login) : BOT.login,
    createdAt: instant(at),
    startedAt: instant(at + 20),
    finishedAt: instant(at + 20 + Math.round(minutes * 60)),
    url: `https://${environment === "production" ? "" : "staging."}${service.name}.harbourline.example`,
    rollsBack: null,
    incident: null,
  };
}

/** The first successful production deployment of each pull request. */
export function firstDeployments(deployments: readonly Deployment[]): Map<string, Deployment> {
  const found = new Map<string, Deployment>();
  for (const one of deployments)
    if (one.environment === "production" && one.status === "success")
      for (const pull of one.pulls) if (!found.has(pull)) found.set(pull, one);
  return found;
}

export function cutDeployment(fate: Deployment, now: Instant, knownIncidents: ReadonlySet<string>): Deployment {
  const incident = fate.incident !== null && knownIncidents.has(fate.incident) ? fate.incident : null;
  if (fate.finishedAt !== null && fate.finishedAt < now) return incident === fate.incident ? fate : { ...fate, incident };
  return { ...fate, status: "in_progress", finishedAt: null, incident: null };
}
