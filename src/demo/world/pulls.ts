import { weekOf } from "./calendar.ts";
import type { Frame } from "./frame.ts";
import type { ItemPlan } from "./items.ts";
import { chores, type Draft } from "./pull-drafts.ts";
import { life, type PullFate, sizeOf } from "./pull-life.ts";
import type { Instant, Pull } from "./types.ts";

/** Numbers set aside for a week of a repository: issues and discussions take some on such a platform. */
const PER_WEEK = 18;

/** All pull requests of the window, numbered, by repository and age. Merges and reviews may lie ahead. */
export function pullFates(frame: Frame, items: readonly ItemPlan[]): PullFate[] {
  const drafts: Draft[] = items.flatMap((item) =>
    item.pulls.map((plan) => ({ ...plan, team: item.team, issue: item.key, event: item.event, byBot: false })),
  );
  drafts.push(...chores(frame));
  drafts.sort((a, b) => a.created - b.created || (a.title < b.title ? -1 : 1));
  const ranks = new Map<string, number>();
  const numbers = new Map<string, string>();
  const fates: PullFate[] = [];
  for (const draft of drafts) {
    const week = weekOf(draft.created);
    const place = `${draft.repository} ${week}`;
    const rank = (ranks.get(place) ?? 0) + 1;
    ranks.set(place, rank);
    // Nobody opens so many in a week; a number of the next week would not be unique.
    if (rank > PER_WEEK) continue;
    const number = week * PER_WEEK + rank;
    const reverts = draft.reverts ? (numbers.get(`${draft.event} ${draft.reverts}`) ?? null) : null;
    if (draft.event) numbers.set(`${draft.event} ${draft.title.slice(draft.title.indexOf(" ") + 1)}`, `${draft.repository}#${number}`);
    fates.push(life(draft, number, reverts, frame));
  }
  return fates;
}

/** The pull request as it stands at `now`. */
export function cutPull(fate: PullFate, now: Instant, deployment: string | null): Pull {
  const { deployed: _deployed, event: _event, team: _team, ...pull } = fate;
  if (pull.closedAt !== null && pull.closedAt < now) return { ...pull, awaiting: [], deployment };
  const commits = pull.commits.filter((c) => c.committedAt < now);
  const reviews = pull.reviews.filter((r) => r.at < now);
  const answered = new Set(reviews.map((r) => r.author));
  return {
    ...pull,
    ...sizeOf(commits),
    state: "open",
    mergedAt: null,
    closedAt: null,
    mergedBy: null,
    mergeCommit: null,
    deployment: null,
    firstReviewAt: pull.firstReviewAt !== null && pull.firstReviewAt < now ? pull.firstReviewAt : null,
    commits,
    reviews,
    comments: pull.comments.filter((c) => c.at < now),
    awaiting: pull.awaiting.filter((login) => !answered.has(login)),
  };
}
