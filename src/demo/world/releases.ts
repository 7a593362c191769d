import { DAY, HOUR, instant, WEEK, weekOf, weekStart } from "./calendar.ts";
import { REPOSITORIES } from "./catalogue.ts";
import type { Frame } from "./frame.ts";
import { BOT } from "./people.ts";
import type { PullFate } from "./pull-life.ts";
import type { Release } from "./types.ts";

/** A release of each repository every second Tuesday, if anything was merged: a name for what is deployed anyway. */
export function releases(frame: Frame, pulls: readonly PullFate[]): Release[] {
  const found: Release[] = [];
  const end = instant(frame.now);
  const merged = pulls
    .filter((p) => p.mergedAt !== null && p.mergedAt < end)
    .sort((a, b) => ((a.mergedAt ?? "") < (b.mergedAt ?? "") ? -1 : 1));
  const byRepository = Map.groupBy(merged, (p) => p.repository);
  for (const repository of REPOSITORIES) {
    const mine = byRepository.get(repository.name) ?? [];
    const offset = DAY + 15 * HOUR + (repository.number % 1_800);
    const first = weekOf(frame.start - offset) + 1;
    let next = 0;
    for (let at = weekStart(first + (first % 2)) + offset; at < frame.now; at += 2 * WEEK) {
      const [since, until] = [instant(at - 2 * WEEK), instant(at)];
      while ((mine[next]?.mergedAt ?? "9") < since) next += 1;
      const inside: PullFate[] = [];
      for (let one = mine[next]; one && (one.mergedAt ?? "9") < until; one = mine[next]) {
        inside.push(one);
        next += 1;
      }
      if (inside.length > 0) found.push(release(repository.name, at, inside));
    }
  }
  return found.sort((a, b) => (a.publishedAt < b.publishedAt ? -1 : 1));
}

function release(repository: string, at: number, inside: readonly PullFate[]): Release {
  const date = instant(at).slice(0, 10);
  const tag = `v${date.slice(0, 4)}.${Number(date.slice(5, 7))}.${Number(date.slice(8, 10))}`;
  const last = inside.at(-1);
  const part = (title: string, prefix: string) => {
    const list = inside.filter((p) => p.title.startsWith(prefix));
    return list.length > 0
      ? [`## ${title}`, ...list.map((p) => `- ${p.title.slice(p.title.indexOf(": ") + 2)} (#${p.number}, @${p.author})`), ""]
      : [];
  };
  return {
    id: `${repository}@${tag}`,
    repository,
    tag,
    name: `${repository} ${date}`,
    notes: [...part("New", "feat"), ...part("Fixed", "fix"), ...part("Maintenance", "chore")].join("\n").trim(),
    author: BOT.login,
    publishedAt: instant(at),
    commit: last?.mergeCommit ?? "",
    pulls: inside.map((p) => p.id),
  };
}
