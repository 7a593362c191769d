import type { CivilDate } from "../../core/fact.ts";
import { codingModelOn } from "./ai-models.ts";
import { costOf } from "./ai-usage.ts";
import { activity, DAY, HOUR, instant, isWorkday, seconds } from "./calendar.ts";
import { SERVICES } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import type { Frame } from "./frame.ts";
import { assistance, type PullFate } from "./pull-life.ts";
import type { CodingDay, CompletionDay, CompletionSeat, Person } from "./types.ts";

/** Coding assistant in the terminal, per person and day; completions in the editor, for all together. */

/** Assisted commits and pull requests by "day login". */
export type Assisted = ReadonlyMap<string, { commits: number; pulls: number }>;

export function assistedWork(pulls: readonly PullFate[]): Assisted {
  const work = new Map<string, { commits: number; pulls: number }>();
  const at = (day: string, login: string) => {
    const key = `${day} ${login}`;
    const entry = work.get(key) ?? { commits: 0, pulls: 0 };
    work.set(key, entry);
    return entry;
  };
  for (const pull of pulls) {
    for (const commit of pull.commits) if (commit.assisted) at(commit.authoredAt.slice(0, 10), commit.author).commits += 1;
    if (pull.commits.some((c) => c.assisted)) at(pull.createdAt.slice(0, 10), pull.author).pulls += 1;
  }
  return work;
}

const WRITERS = ["engineer", "lead", "manager", "designer"] as const;
const CODING_TEAMS = ["gate", "berth", "depot", "view", "billing", "assistant", "data", "platform"] as const;

export function codingOf(day: CivilDate, assisted: Assisted, frame: Frame): CodingDay[] {
  const at = seconds(day);
  return CODING_TEAMS.flatMap((team) => frame.staff.of(team, WRITERS, at)).flatMap((person) => {
    const work = assisted.get(`${day} ${person.login}`) ?? { commits: 0, pulls: 0 };
    return codingDay(day, at, person, work, frame);
  });
}

function codingDay(day: CivilDate, at: number, person: Person, work: { commits: number; pulls: number }, frame: Frame): CodingDay[] {
  const chance = new Chance(frame.seed, `coding ${day} ${person.login}`);
  const keenness = new Chance(frame.seed, `keenness ${person.login}`).next();
  const isWriter = person.role === "engineer" || person.role === "lead";
  const uses = keenness < assistance(at) * (isWriter ? 1.25 : 0.35) && chance.happens(isWorkday(at) ? 0.3 + 0.5 * activity(at) : 0.05);
  if (!uses && work.commits === 0) return [];
  const sessions = 1 + chance.count(1.8) + (work.commits > 2 ? 1 : 0);
  const linesAdded = Math.round(sessions * chance.around(55, 0.8)) + work.commits * 12;
  const edits = Math.max(2, Math.round(linesAdded / 9));
  const rate = Math.min(0.95, 0.68 + 0.16 * assistance(at) + 0.06 * chance.normal());
  const accepted = Math.round(edits * rate);
  const writes = chance.whole(0, 6);
  const size = sessions * chance.around(1, 0.5);
  const model = codingModelOn(day);
  const share = model === "claude-sonnet-5-5" && chance.happens(0.25) ? 0.7 : 1;
  return [
    {
      day,
      login: person.login,
      email: person.email,
      terminal: chance.weighted([
        ["vscode", 0.5],
        ["iTerm.app", 0.3],
        ["tmux", 0.2],
      ] as const),
      sessions,
      linesAdded,
      linesRemoved: Math.round(linesAdded * chance.between(0.15, 0.6)),
      commits: work.commits,
      pulls: work.pulls,
      edit: { accepted, rejected: edits - accepted },
      write: { accepted: writes, rejected: chance.whole(0, 1) },
      models: [modelUse(model, size * share), ...(share < 1 ? [modelUse("claude-opus-5-5", size * (1 - share))] : [])],
    },
  ];
}

function modelUse(model: string, size: number): CodingDay["models"][number] {
  const tokens = {
    inputTokens: Math.round(9_000 * size),
    outputTokens: Math.round(21_000 * size),
    cacheReadTokens: Math.round(1_900_000 * size),
    cacheWriteTokens: Math.round(120_000 * size),
  };
  return { model, ...tokens, cost: costOf(model, tokens) };
}

const EDITORS = [
  ["vscode", 0.66],
  ["jetbrains", 0.34],
] as const;

/** Fewer use completions as the assistant in the terminal spreads. */
export function completionsOf(day: CivilDate, frame: Frame): CompletionDay {
  const at = seconds(day);
  const chance = new Chance(frame.seed, `completions ${day}`);
  const seats = CODING_TEAMS.flatMap((team) => frame.staff.of(team, ["engineer", "lead"], at)).length;
  const active = Math.round(
    seats * Math.min(0.95, (isWorkday(at) ? 0.15 + 0.55 * activity(at) : 0.06) * (1.1 - 0.55 * assistance(at)) * chance.around(1, 0.06)),
  );
  const languages = [...new Set(SERVICES.map((s) => s.language))];
  const byLanguage = languages.flatMap((language) => {
    const part = SERVICES.filter((s) => s.language === language).length / SERVICES.length;
    return EDITORS.map(([editor, share]) => {
      const suggestions = Math.round(active * part * share * 62 * chance.around(1, 0.1));
      const acceptances = Math.round(suggestions * (0.27 + 0.03 * chance.normal()));
      return {
        language: language.toLowerCase(),
        editor,
        users: Math.ceil(active * part * share),
        suggestions,
        acceptances,
        linesSuggested: Math.round(suggestions * 1.7),
        linesAccepted: Math.round(acceptances * 1.4),
      };
    });
  });
  return {
    day,
    active,
    engaged: Math.round(active * 0.86),
    byLanguage: byLanguage.filter((l) => l.suggestions > 0),
    chats: { users: Math.round(active * 0.3), messages: Math.round(active * 1.4) },
    pullSummaries: Math.round(active * 0.12),
  };
}

/** One for each who writes code; some have not been used for long, which is money. */
export function completionSeats(frame: Frame): CompletionSeat[] {
  return CODING_TEAMS.flatMap((team) => frame.staff.of(team, WRITERS, frame.now - 1)).map((person) => {
    const chance = new Chance(frame.seed, `seat of ${person.login}`);
    const createdAt = person.joined > "2024-01-15" ? `${person.joined}T10:00:00Z` : "2024-01-15T10:00:00Z";
    const habit = chance.next();
    const editor = habit < 0.06 ? null : chance.weighted(EDITORS);
    const days = habit < 0.16 ? 40 + Math.floor(habit * 400) : new Chance(frame.seed, `last ${person.login} ${frame.today}`).whole(0, 3);
    const last = instant(Math.max(frame.now - days * DAY - 9 * HOUR, seconds(createdAt.slice(0, 10)) + 11 * HOUR));
    return { login: person.login, createdAt, lastActivityAt: habit < 0.06 || last >= instant(frame.now) ? null : last, editor };
  });
}
