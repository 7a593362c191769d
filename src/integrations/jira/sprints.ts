import { fromInstant, startOf } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { type Cached, readPages } from "../http.ts";
import { inTurn } from "../in-turn.ts";
import type { JiraClient } from "./client.ts";
import { type Issue, searchIssues } from "./issues.ts";
import { oneOf } from "./jql.ts";
import { type BoardNode, boardsAnswer, type SprintNode, sprintsAnswer } from "./schema.ts";
import { readSetup, type Setup } from "./setup.ts";
import { type Figures, figuresOf } from "./sprint-figures.ts";
import { AT_ONCE, holds } from "./windows.ts";

/** A sprint that has begun, with the project of its board. */
export interface Sprint extends SprintNode {
  project?: string;
  began: Date;
}

export interface SprintWork {
  sprint: Sprint;
  figures: Figures;
}

export interface Read<T> {
  items: readonly T[];
  setup: Setup;
  truncated?: string;
  parts: readonly [Cached<unknown>, ...Cached<unknown>[]];
}

const HOUR_MS = 3_600_000;
const MOST_BOARDS = 80;
const SPRINTS_AT_ONCE = 25;

/** Active and closed sprints of all scrum boards, by their beginning. */
export async function readSprints(client: JiraClient, signal: AbortSignal): Promise<Read<Sprint>> {
  const [setup, boards] = await Promise.all([readSetup(client, signal), readBoards(client, signal)]);
  const read = boards.value.items.slice(0, MOST_BOARDS);
  const parts = await inTurn(read, AT_ONCE, (board) => sprintsOf(client, board.id, signal));
  const found = new Map<number, Sprint>();
  for (const [index, board] of read.entries())
    for (const sprint of parts[index]?.items ?? []) {
      const began = sprint.activatedDate ?? sprint.startDate;
      const project = board.location?.projectKey;
      // Boards show each other's sprints; the one it was made on tells whose it is.
      if (began && (sprint.originBoardId === board.id || !found.has(sprint.id)))
        found.set(sprint.id, { ...sprint, began, ...(project ? { project } : {}) });
    }
  const more = boards.value.items.length - read.length;
  const cut = [
    boards.value.truncated,
    ...(more > 0 ? [`${more} boards beyond the first ${MOST_BOARDS}`] : []),
    ...parts.flatMap((p) => p.truncated ?? []),
  ];
  const truncated = cut.filter(Boolean).join("; ");
  return {
    items: [...found.values()].sort((a, b) => a.began.getTime() - b.began.getTime() || a.id - b.id),
    setup: setup.value,
    parts: [setup, boards, ...parts.flatMap((p) => p.parts)],
    ...(truncated ? { truncated } : {}),
  };
}

/** The work of these sprints. Sprints of one month are asked about together; once all of them are closed, only every hour. */
export async function readWork(client: JiraClient, setup: Setup, sprints: readonly Sprint[], signal: AbortSignal) {
  const groups = [...Map.groupBy(sprints, ({ began }) => startOf("month", fromInstant(began))).values()].flatMap((group) =>
    chunksOf(group),
  );
  const parts = await inTurn(groups, AT_ONCE, (group) => {
    const ids = group.map(({ id }) => id);
    const isOver = group.every(({ state }) => state === "closed");
    return client.http.cached(
      `work of sprints ${ids.join(",")}${isOver ? " closed" : ""}`,
      (during) => searchIssues(client, setup, `${oneOf("sprint", ids)} ORDER BY key ASC`, during),
      signal,
      { operation: "search issues of sprints", ...(isOver ? { ttlMs: HOUR_MS } : {}) },
    );
  });
  const now = client.now();
  const work = groups.flatMap((group, index) => group.map((sprint) => workOf(sprint, parts[index]?.value.items ?? [], setup, now)));
  const truncated = parts.flatMap(({ value }) => value.truncated ?? []).join("; ");
  return { work, parts, ...(truncated ? { truncated } : {}) };
}

function workOf(sprint: Sprint, issues: readonly Issue[], setup: Setup, now: Date): SprintWork {
  return { sprint, figures: figuresOf(sprint, issues, setup, now) };
}

export function inPeriod(sprints: readonly Sprint[], period: Period): Sprint[] {
  return sprints.filter(({ began }) => holds(period, began));
}

function chunksOf<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / SPRINTS_AT_ONCE) }, (_, i) =>
    items.slice(i * SPRINTS_AT_ONCE, (i + 1) * SPRINTS_AT_ONCE),
  );
}

function readBoards(client: JiraClient, signal: AbortSignal) {
  return client.http.cached(
    "boards",
    async (during) => {
      const { getAllBoards } = await client.agile();
      return readPages<BoardNode>(
        async (cursor) => {
          const answer = await getAllBoards(client.sdk(during), { type: "scrum", startAt: Number(cursor ?? 0), maxResults: 50 });
          const { values, isLast, startAt } = client.http.parse(answer, boardsAnswer);
          return { items: values, next: isLast || values.length === 0 ? undefined : String(startAt + values.length) };
        },
        { pages: 20, what: "boards" },
      );
    },
    signal,
    { operation: "list boards" },
  );
}

/** What is closed stays closed: it is read anew only when an active sprint has ended, and every hour. */
async function sprintsOf(client: JiraClient, boardId: number, signal: AbortSignal) {
  const active = await readState(client, boardId, "active", signal, "", {});
  const ids = active.value.items.map(({ id }) => id).join(",");
  const closed = await readState(client, boardId, "closed", signal, ` beside ${ids}`, { ttlMs: HOUR_MS });
  const truncated = [active, closed].flatMap(({ value }) => value.truncated ?? []).join("; ");
  return { items: [...active.value.items, ...closed.value.items], parts: [active, closed], truncated: truncated || undefined };
}

function readState(
  client: JiraClient,
  boardId: number,
  state: "active" | "closed",
  signal: AbortSignal,
  beside: string,
  options: { ttlMs?: number },
) {
  return client.http.cached(
    `${state} sprints of ${boardId}${beside}`,
    async (during) => {
      const { getAllSprints } = await client.agile();
      return readPages<SprintNode>(
        async (cursor) => {
          const answer = await getAllSprints(client.sdk(during), { boardId, state, startAt: Number(cursor ?? 0), maxResults: 50 });
          const { values, isLast, startAt } = client.http.parse(answer, sprintsAnswer);
          return { items: values, next: isLast || values.length === 0 ? undefined : String(startAt + values.length) };
        },
        { pages: 20, what: `${state} sprints of a board` },
      );
    },
    signal,
    { operation: "list sprints", ...options },
  );
}
