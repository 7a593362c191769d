import { during } from "../story.ts";
import { DAY, dayOf, HOUR, instant, isWorkday, secondsOf, weekOf } from "./calendar.ts";
import { REPOSITORIES } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import type { Frame } from "./frame.ts";
import { BOT } from "./people.ts";
import type { PullFate } from "./pull-life.ts";
import type { Instant, PipelineJob, PipelineRun, TestResult } from "./types.ts";

/** Runs of continuous integration: for each push to a pull request, each merge, and every night. */

interface Draft {
  at: number;
  repository: string;
  event: PipelineRun["event"];
  branch: string;
  commit: string;
  pull: string | null;
  actor: string;
}

const PER_WEEK = 160;
/** Minutes of a usual run and number of tests. */
const SIZE: Readonly<Record<string, readonly [number, number]>> = {
  "berth-planner": [14, 2_140],
  "depot-api": [11, 1_870],
  "web-app": [9, 1_320],
  "gate-api": [6, 1_510],
  "billing-engine": [8, 990],
  "view-ingest": [13, 610],
  infrastructure: [4, 85],
};
const FLAKY = ["BerthAllocationTest.tideWindow", "BerthAllocationTest.twoVesselsOneBerth", "BerthAllocationTest.lockedBerth"] as const;
const TESTS = [
  "answers an empty list",
  "keeps the order of events",
  "refuses what is in the past",
  "rounds half to even",
  "renews the session",
  "survives a restart",
  "reads a message of the old format",
] as const;

export function runFates(frame: Frame, pulls: readonly PullFate[]): PipelineRun[] {
  const drafts = [
    ...pulls.filter((p) => (p.closedAt ?? p.createdAt) >= instant(frame.start - 21 * DAY)).flatMap(pushes),
    ...nightly(frame, pulls),
  ];
  drafts.sort((a, b) => a.at - b.at || (a.repository < b.repository ? -1 : 1));
  const counts = new Map<string, number>();
  return drafts.flatMap((draft) => {
    const place = `${draft.repository} ${weekOf(draft.at)}`;
    const rank = (counts.get(place) ?? 0) + 1;
    counts.set(place, rank);
    const number = weekOf(draft.at) * PER_WEEK + rank;
    return rank > PER_WEEK || draft.at < frame.start || draft.at >= frame.now ? [] : [run(draft, number, frame)];
  });
}

function pushes(pull: PullFate): Draft[] {
  const opened = secondsOf(pull.createdAt);
  const base = { repository: pull.repository, pull: pull.id, actor: pull.author, branch: pull.branch };
  const first = pull.commits.findLast((c) => c.committedAt <= pull.createdAt) ?? pull.commits[0];
  const later = pull.commits.filter((c) => c.committedAt > pull.createdAt);
  const onPull: Draft[] = [
    { ...base, at: opened + 12, event: "pull_request", commit: first?.sha ?? "" },
    ...later.map((c): Draft => ({ ...base, at: secondsOf(c.committedAt) + 15, event: "pull_request", commit: c.sha })),
  ];
  if (pull.mergedAt === null || pull.mergeCommit === null) return onPull;
  return [
    ...onPull,
    {
      ...base,
      at: secondsOf(pull.mergedAt) + 8,
      event: "push",
      branch: "main",
      commit: pull.mergeCommit,
      actor: pull.mergedBy ?? pull.author,
    },
  ];
}

/** On workdays at two in the morning, on the newest commit of main. */
function nightly(frame: Frame, pulls: readonly PullFate[]): Draft[] {
  const merges = Map.groupBy(
    pulls.filter((p) => p.mergedAt !== null),
    (p) => p.repository,
  );
  return REPOSITORIES.filter((r) => r.service !== null).flatMap((repository, index) => {
    const mine = (merges.get(repository.name) ?? []).sort((a, b) => ((a.mergedAt ?? "") < (b.mergedAt ?? "") ? -1 : 1));
    const drafts: Draft[] = [];
    let next = 0;
    for (let day = frame.start - 7 * DAY; day < frame.now; day += DAY) {
      const at = day + 2 * HOUR + index * 240;
      while ((mine[next + 1]?.mergedAt ?? "9") < instant(at)) next += 1;
      const newest = mine[next];
      if (isWorkday(day) && newest?.mergeCommit)
        drafts.push({
          at,
          repository: repository.name,
          event: "schedule",
          branch: "main",
          commit: newest.mergeCommit,
          pull: null,
          actor: BOT.login,
        });
    }
    return drafts;
  });
}

function run(draft: Draft, number: number, frame: Frame): PipelineRun {
  const { at, repository, event } = draft;
  const id = `${repository}/${number}`;
  const chance = new Chance(frame.seed, `run ${id}`);
  const [usual, total] = SIZE[repository] ?? [5, 540];
  const isShaky = repository === "berth-planner" && during("flaky-tests", dayOf(at)) !== undefined;
  const failsBy = whyItFails(event, number, repository, isShaky, chance);
  const minutes = usual * chance.around(1, 0.14) * (isShaky ? 0.7 : 1) * (event === "schedule" ? 2.2 : 1) * (failsBy === "build" ? 0.3 : 1);
  const started = at + chance.whole(4, 70);
  const finished = started + Math.round(minutes * 60);
  const conclusion = failsBy === "nothing" ? "success" : failsBy === "cancelled" ? "cancelled" : "failure";
  return {
    id,
    number,
    repository,
    workflow: event === "schedule" ? "nightly" : "ci",
    event,
    branch: draft.branch,
    commit: draft.commit,
    pull: draft.pull,
    actor: draft.actor,
    attempt: 1,
    status: "completed",
    conclusion,
    createdAt: instant(at),
    startedAt: instant(started),
    finishedAt: instant(finished),
    jobs: jobs(failsBy, started, finished),
    tests: failsBy === "build" || failsBy === "cancelled" ? null : tests(failsBy, total, repository, isShaky, chance),
  };
}

/** One shaky run in four, spread evenly by number, so that a short time shows the share as well as a long one. */
function whyItFails(event: Draft["event"], number: number, repository: string, isShaky: boolean, chance: Chance): Fails {
  const isPull = event === "pull_request";
  const drawn = chance.weighted([
    ["flaky", repository === "berth-planner" ? 0.004 : 0.012],
    ["test", isPull ? 0.13 : 0.022],
    ["build", isPull ? 0.04 : 0.006],
    ["cancelled", isPull ? 0.03 : 0],
    ["nothing", isPull ? 0.79 : 0.96],
  ] as const);
  return isShaky && (number * GOLDEN) % 1 < 0.26 ? "flaky" : drawn;
}
const GOLDEN = (Math.sqrt(5) - 1) / 2;

type Fails = "flaky" | "test" | "build" | "cancelled" | "nothing";

function jobs(fails: Fails, started: number, finished: number): PipelineJob[] {
  const middle = Math.round(started + (finished - started) * 0.3);
  const build = { name: "build", startedAt: instant(started), finishedAt: instant(middle) };
  if (fails === "build")
    return [
      { ...build, conclusion: "failure", finishedAt: instant(finished) },
      { name: "test", conclusion: "skipped", startedAt: instant(finished), finishedAt: instant(finished) },
    ];
  const test = { name: "test", startedAt: instant(middle), finishedAt: instant(finished) };
  return [
    { ...build, conclusion: "success" },
    { ...test, conclusion: fails === "nothing" ? "success" : fails === "cancelled" ? "skipped" : "failure" },
  ];
}

function tests(fails: Fails, total: number, repository: string, isShaky: boolean, chance: Chance): TestResult {
  const plainFailing = Array.from({ length: fails === "test" ? 1 + chance.count(0.8) : 0 }, () => chance.pick(TESTS));
  const failing =
    fails === "flaky" ? [repository === "berth-planner" ? chance.pick(FLAKY) : "survives a restart"] : [...new Set(plainFailing)];
  const repeated =
    isShaky && chance.happens(0.4)
      ? FLAKY.filter((name) => !failing.includes(name)).slice(0, 2)
      : chance.happens(0.02)
        ? ["survives a restart"]
        : [];
  const flaky = repeated.filter((name) => !failing.includes(name));
  return {
    total,
    failed: failing.length,
    skipped: chance.whole(0, 9),
    failing,
    flaky,
    coverage: Math.round((0.74 + 0.12 * chance.next()) * 1000) / 1000,
  };
}

export function cutRun(fate: PipelineRun, now: Instant): PipelineRun {
  if (fate.finishedAt !== null && fate.finishedAt < now) return fate;
  const isStarted = fate.startedAt < now;
  const done = (job: PipelineJob): PipelineJob =>
    job.finishedAt !== null && job.finishedAt < now ? job : { ...job, conclusion: null, finishedAt: null };
  return {
    ...fate,
    status: isStarted ? "in_progress" : "queued",
    conclusion: null,
    finishedAt: null,
    tests: null,
    jobs: fate.jobs.filter((j) => j.startedAt < now).map(done),
  };
}
