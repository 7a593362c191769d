import { during } from "../story.ts";
import { afterWork, DAY, dayOf, HOUR, instant, secondsOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { Frame } from "./frame.ts";
import { opensAt } from "./people.ts";
import type { Draft } from "./pull-drafts.ts";
import { COMMENT_WORDS, REVIEW_WORDS } from "./text/work.ts";
import type { Comment, Commit, Instant, Person, Pull, Review } from "./types.ts";

/** A pull request with its whole life, also what lies after `now`. */
export interface PullFate extends Pull {
  /** Its own deployment by the story, in seconds; undefined when it goes with the others. */
  readonly deployed: number | undefined;
  /** Id of the story's event. */
  readonly event: string | null;
  readonly team: string;
}

const LONGEST = 30 * DAY;

/** How patient a team's reviewers make its authors; the reorganisation adds to it. */
const TEAM_WAIT: Readonly<Record<string, number>> = {
  gate: 1,
  depot: 1.05,
  berth: 1.15,
  view: 0.9,
  billing: 1.1,
  assistant: 0.75,
  data: 1.25,
  platform: 0.85,
};
const REORGANISED = ["gate", "depot"];

function reviewWait(draft: Draft, chance: Chance): number {
  const base = chance.around(3.4, 0.6) * (TEAM_WAIT[draft.team] ?? 1);
  const size = draft.lines > 300 ? 1.5 : draft.lines < 30 ? 0.7 : 1;
  const reorganised = REORGANISED.includes(draft.team) && during("reorganisation", dayOf(draft.created)) ? 2.4 : 1;
  return Math.min(60, base * size * reorganised);
}

/** The whole life of a pull request. */
export function life(draft: Draft, number: number, reverts: string | null, frame: Frame): PullFate {
  const { repository, created } = draft;
  const id = `${repository}#${number}`;
  // Not by its number: that is only known when the week is over, and its commits may be older than that.
  const chance = new Chance(frame.seed, `pull ${repository} ${created} ${draft.title}`);
  const team = frame.staff.of(draft.team, ["engineer", "lead"], created).filter((p) => p.login !== draft.author);
  const others = chance.happens(0.2)
    ? frame.staff.of("platform", ["engineer", "lead"], created).filter((p) => p.login !== draft.author)
    : team;
  const reviewer = chance.pick(others.length > 0 ? others : frame.staff.of("data", ["engineer"], created));
  const commits = written(draft, chance);
  const course =
    draft.merged === undefined ? reviewed(draft, id, reviewer, team, chance, commits) : hurried(draft, id, reviewer, draft.merged);
  const { reviews, comments, merged, closed } = course;
  const firstReviewAt = first([...reviews, ...comments.filter((c) => c.author !== draft.author)].map((r) => r.at));
  return {
    id,
    repository,
    number,
    title: draft.title,
    body: draft.body,
    author: draft.author,
    base: "main",
    draft: false,
    labels: draft.labels,
    branch: branchOf(draft, number),
    issue: draft.issue,
    state: merged ? "merged" : closed ? "closed" : "open",
    createdAt: instant(created),
    firstReviewAt,
    mergedAt: merged ? instant(merged) : null,
    closedAt: closed ? instant(closed) : null,
    mergedBy: merged ? (draft.byBot ? reviewer.login : draft.author) : null,
    mergeCommit: merged ? chance.hex(40) : null,
    ...sizeOf(commits),
    commits,
    reviews,
    comments,
    awaiting: [...new Set(reviews.map((r) => r.author))],
    reverts,
    deployment: null,
    deployed: draft.deployed,
    event: draft.event,
    team: draft.team,
  };
}

function first(instants: readonly Instant[]): Instant | null {
  return instants.reduce<Instant | null>((a, b) => (a === null || b < a ? b : a), null);
}

function branchOf(draft: Draft, number: number): string {
  if (draft.byBot) return `deps/${number}`;
  const words = draft.title
    .toLowerCase()
    .replace(/^[a-z]+(\([a-z]+\))?: /, "")
    .replace(/[^a-z0-9]+/g, "-");
  return `${draft.issue ? draft.issue.toLowerCase() : draft.author.split(".")[0]}-${words.slice(0, 36).replace(/-$/, "")}`;
}

export function sizeOf(commits: readonly Commit[]): Pick<Pull, "additions" | "deletions" | "changedFiles"> {
  const additions = commits.reduce((sum, c) => sum + c.additions, 0);
  return {
    additions,
    deletions: commits.reduce((sum, c) => sum + c.deletions, 0),
    changedFiles: Math.max(1, Math.round(additions ** 0.6 / 2)),
  };
}

/** The commits up to the opening, their lines shared out. */
function written(draft: Draft, chance: Chance): Commit[] {
  const count = draft.byBot ? 1 : 1 + Math.min(6, chance.count(draft.lines / 90));
  const assisted = !draft.byBot && chance.happens(assistance(draft.created));
  return Array.from({ length: count }, (_, i) => {
    const at = draft.firstCommit + ((draft.created - 45 - draft.firstCommit) * i) / count;
    return commit(
      draft,
      i === 0
        ? draft.title
        : `${draft.title.split(":")[0]}: ${chance.pick(["add tests", "handle the empty case", "tidy up names", "use it in the screen", "update the docs"])}`,
      at,
      draft.lines / count,
      assisted,
      chance,
    );
  });
}

/** Share of changes made together with the coding assistant: grows over the two years. */
export function assistance(at: number): number {
  return 0.12 + 0.58 / (1 + Math.exp(-(at - ADOPTION_MIDDLE) / (150 * DAY)));
}
const ADOPTION_MIDDLE = secondsOf("2025-11-01T00:00:00Z");

function commit(draft: Draft, message: string, at: number, lines: number, assisted: boolean, chance: Chance): Commit {
  const when = instant(at);
  const additions = Math.max(1, Math.round(lines * chance.between(0.6, 1)));
  return {
    sha: chance.hex(40),
    message,
    author: draft.author,
    authoredAt: when,
    committedAt: when,
    additions,
    deletions: Math.round(additions * chance.between(0.05, 0.7)),
    assisted,
  };
}

interface Course {
  reviews: Review[];
  comments: Comment[];
  merged: number | null;
  closed: number | null;
}

/** Reviews decide: a first look, perhaps changes and a second look, then the merge. Adds the commits that answer. */
function reviewed(draft: Draft, id: string, reviewer: Person, team: readonly Person[], chance: Chance, commits: Commit[]): Course {
  const latest = draft.created + LONGEST - DAY;
  const firstLook = Math.min(latest - 8 * HOUR, afterWork(draft.created, reviewWait(draft, chance), opensAt(reviewer)));
  const reviews: Review[] = [];
  const comments: Comment[] = [];
  const verdict = draft.byBot
    ? "approved"
    : chance.weighted([
        ["approved", 0.56],
        ["changes_requested", 0.26],
        ["commented", 0.18],
      ] as const);
  const look = (author: Person, state: Review["state"], at: number) =>
    reviews.push({
      id: `${id}/r${reviews.length + 1}`,
      author: author.login,
      state,
      at: instant(at),
      body: chance.pick(REVIEW_WORDS[state]),
      remarks: state === "approved" ? chance.count(0.4) : chance.whole(1, 6),
    });
  look(reviewer, verdict, firstLook);
  let at = firstLook;
  if (verdict !== "approved" && !draft.abandoned) {
    const answered = Math.min(latest - 6 * HOUR, afterWork(at, chance.around(2.5, 0.8), opensAt(reviewer)));
    commits.push(commit(draft, `${draft.title.split(":")[0]}: answer the review`, answered, draft.lines * 0.18, false, chance));
    comments.push({ id: `${id}/c1`, author: draft.author, at: instant(answered + 120), body: chance.pick(COMMENT_WORDS) });
    at = Math.min(latest - 3 * HOUR, afterWork(answered + 300, Math.min(20, reviewWait(draft, chance) * 0.5), opensAt(reviewer)));
    look(reviewer, "approved", at);
  }
  const second = team.find((p) => p.login !== reviewer.login);
  if (second && !draft.byBot && chance.happens(0.25))
    look(second, chance.happens(0.7) ? "approved" : "commented", at + chance.whole(300, 2_000));
  const last = at + 2_100;
  if (draft.abandoned) return { reviews, comments, merged: null, closed: Math.min(latest, last + chance.whole(1, 12) * DAY) };
  const merged = Math.min(latest, afterWork(last, chance.around(1.2, 1), opensAt(reviewer)));
  return { reviews, comments, merged, closed: merged };
}

/** The story says when it was merged: one look on the way. */
function hurried(draft: Draft, id: string, reviewer: Person, merged: number): Course {
  const at = merged - Math.floor(Math.min(0.4 * (merged - draft.created), 75 * 60));
  const review: Review = {
    id: `${id}/r1`,
    author: reviewer.login,
    state: "approved",
    at: instant(at),
    body: REVIEW_WORDS.approved[0],
    remarks: 0,
  };
  return { reviews: [review], comments: [], merged, closed: merged };
}
