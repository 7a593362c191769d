import { activity, afterWork, DAY, HOUR, weekOf, weekStart } from "./calendar.ts";
import { REPOSITORIES } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import { type Frame, LEAD } from "./frame.ts";
import type { PullPlan } from "./items.ts";
import { BOT, opensAt } from "./people.ts";
import type { Repository } from "./types.ts";

/** A pull request as planned, with what it belongs to. */
export interface Draft extends PullPlan {
  team: string;
  issue: string | null;
  event: string | null;
  byBot: boolean;
}

/** Small changes without an issue, and the bot's weekly dependency updates. */
export function chores(frame: Frame): Draft[] {
  const drafts: Draft[] = [];
  for (let day = frame.start - LEAD.made * DAY; day < frame.now + DAY; day += DAY)
    for (const repository of REPOSITORIES) {
      const chance = new Chance(frame.seed, `chores ${repository.name} ${day}`);
      for (let i = chance.count(0.055 * activity(day)); i > 0; i--) drafts.push(chore(repository, day, chance, frame));
      if (weekStart(weekOf(day)) === day && chance.happens(0.55)) drafts.push(update(repository, day, chance));
    }
  return drafts;
}

function chore(repository: Repository, day: number, chance: Chance, frame: Frame): Draft {
  const author = chance.pick(frame.staff.of(repository.team, ["engineer", "lead"], day));
  const created = afterWork(day, chance.between(0.5, 8.5), opensAt(author));
  const title = chance.pick([
    "docs: explain how to run it locally",
    "test: cover the empty answer",
    "chore: remove an unused setting",
    "refactor: name the retries",
    "ci: cache dependencies",
    "style: sort imports",
    "docs: link the runbook",
  ]);
  return {
    repository: repository.name,
    author: author.login,
    title,
    labels: ["maintenance"],
    team: repository.team,
    body: "Small change, no issue.",
    firstCommit: created - chance.whole(600, 7_200),
    created,
    lines: Math.round(chance.around(18, 0.8)) + 1,
    abandoned: chance.happens(0.06),
    issue: null,
    event: null,
    byBot: false,
  };
}

function update(repository: Repository, day: number, chance: Chance): Draft {
  const created = day + 5 * HOUR + chance.whole(0, 1_500);
  const packages = {
    Go: "grpc",
    TypeScript: "react",
    Kotlin: "ktor",
    Python: "pydantic",
    Java: "jackson",
    Rust: "tokio",
    HCL: "aws provider",
  };
  const name = packages[repository.language as keyof typeof packages] ?? "the base image";
  return {
    repository: repository.name,
    author: BOT.login,
    team: repository.team,
    labels: ["dependencies"],
    title: `chore(deps): update ${name} to ${chance.whole(1, 9)}.${chance.whole(0, 30)}.${chance.whole(0, 9)}`,
    body: "Weekly update. The changelog is attached.",
    firstCommit: created - 60,
    created,
    lines: chance.whole(2, 60),
    abandoned: chance.happens(0.22),
    issue: null,
    event: null,
    byBot: true,
  };
}
