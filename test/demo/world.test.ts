import { beforeAll, describe, expect, it } from "vitest";
import { addDays, addMonths, startOf } from "../../src/core/civil-date.ts";
import { billOf } from "../../src/demo/bill.ts";
import { HISTORY_DAYS } from "../../src/demo/story.ts";
import { createWorld, type World } from "../../src/demo/world/index.ts";

const TODAY = "2026-11-21";
const world = createWorld(TODAY);
const yesterday = addDays(TODAY, -1);

/** Lists of records with their id and the instant at which each came to be. */
const LISTS = {
  pulls: [(w: World) => w.pulls(), "id", "createdAt"],
  releases: [(w: World) => w.releases(), "id", "publishedAt"],
  deployments: [(w: World) => w.deployments(), "id", "createdAt"],
  pipelineRuns: [(w: World) => w.pipelineRuns(), "id", "createdAt"],
  incidents: [(w: World) => w.incidents(), "id", "openedAt"],
  alerts: [(w: World) => w.alerts(), "id", "openedAt"],
  issues: [(w: World) => w.issues(), "key", "createdAt"],
  pages: [(w: World) => w.pages(), "id", "createdAt"],
  tickets: [(w: World) => w.tickets(), "id", "createdAt"],
  stockIssues: [(w: World) => w.stockIssues(), "id", "openedAt"],
} as const;

type Row = Record<string, unknown>;

function rows(list: keyof typeof LISTS, of: World): Row[] {
  return LISTS[list][0](of) as readonly object[] as Row[];
}

function byId(list: keyof typeof LISTS, of: World): Map<unknown, Row> {
  return new Map(rows(list, of).map((row) => [row[LISTS[list][1]], row]));
}

beforeAll(() => {
  for (const list of Object.keys(LISTS) as (keyof typeof LISTS)[]) rows(list, world);
});

describe("the simulated company", () => {
  it("is the same byte for byte for the same seed and day, in whatever order it is asked", () => {
    const again = createWorld(TODAY);
    const days = (w: World) => [w.streaming(yesterday), w.aiUsage(yesterday), w.coding(yesterday), w.revenue(yesterday)];
    const parts = (w: World) => [w.story(), w.sprints(), w.resources(), w.customers(), w.people()];

    expect(print(days(again))).toBe(print(days(world)));
    for (const list of (Object.keys(LISTS) as (keyof typeof LISTS)[]).reverse())
      expect(print(rows(list, again)) === print(rows(list, world)), list).toBe(true);
    expect(print(parts(again)) === print(parts(world))).toBe(true);
  });

  it("is another for another seed", () => {
    const other = createWorld(TODAY, 7);

    expect(print(other.people())).not.toBe(print(world.people()));
    expect(print(other.customers())).not.toBe(print(world.customers()));
    expect(print(other.costs(yesterday))).not.toBe(print(world.costs(yesterday)));
  });

  it("has the size of a company of 120 people", () => {
    const here = world.people().filter((p) => p.left === null && p.role !== "bot");
    const between = (n: number, low: number, high: number) => expect(n >= low && n <= high, `${n} in ${low}–${high}`).toBe(true);

    between(here.length, 105, 135);
    expect(world.teams().filter((t) => t.kind === "engineering").length).toBe(8);
    expect(world.repositories().length).toBe(15);
    between(world.pulls().length, 4_000, 7_000);
    between(world.deployments().filter((d) => d.environment === "production").length, 2_500, 6_000);
    between(world.incidents().length, 100, 260);
    between(world.issues().length, 4_000, 9_000);
    between(world.pages().length, 25, 45);
    between(world.customers().length, 800, 1_000);
    between(world.tickets().length, 3_000, 8_000);
    for (const page of world.pages()) expect(page.body.length, page.title).toBeGreaterThan(500);
  });

  it("covers two years to the day", () => {
    expect(world.from).toBe(addDays(TODAY, -HISTORY_DAYS));
    for (const day of [world.from, yesterday]) {
      expect(world.costs(day).length).toBeGreaterThan(100);
      expect(world.streaming(day).length).toBe(20);
      expect(world.revenue(day).length).toBe(12);
    }
    for (const day of [addDays(world.from, -1), TODAY])
      expect([world.costs(day), world.coding(day), world.aiUsage(day), world.revenue(day)]).toEqual([[], [], [], []]);
  });

  it("bills the same money in detail as on the bill", () => {
    for (const day of [addDays(TODAY, -20), addDays(TODAY, -47), addDays(TODAY, -300)]) {
      const bill = Map.groupBy(billOf(day, world.seed), (l) => `${l.service} ${l.account} ${l.region} ${l.charge}`);
      const detail = Map.groupBy(world.costs(day), (l) => `${l.service} ${l.account} ${l.region} ${l.charge}`);

      expect([...detail.keys()].sort()).toEqual([...bill.keys()].sort());
      for (const [key, lines] of bill)
        expect(sum((detail.get(key) ?? []).map((l) => l.cost))).toBeCloseTo(sum(lines.map((l) => l.cost)), 6);
    }
  });

  it("reconciles revenue: months follow from each other, days add up to subscriptions", () => {
    const months = Map.groupBy(world.revenueMonths(), (m) => `${m.region} ${m.plan}`);
    for (const course of months.values())
      for (const [i, month] of course.entries()) {
        const next = course[i + 1];
        expect(month.closing).toBe(month.opening + month.added + month.expansion - month.contraction - month.churned);
        if (next) expect(next.opening).toBe(month.closing);
      }
    const opened = sum(world.customers().map((c) => (c.startedOn <= yesterday && (c.cancelledOn ?? "9") > yesterday ? c.mrr : 0)));

    expect(sum(world.revenue(yesterday).map((r) => r.subscription)) * 30).toBeCloseTo(opened, -2);
  });
});

describe("every reference", () => {
  const people = new Set(world.people().map((p) => p.login));
  const pulls = byId("pulls", world);
  const deployments = byId("deployments", world);
  const incidents = byId("incidents", world);
  const issues = byId("issues", world);
  const tickets = byId("tickets", world);
  const pages = byId("pages", world);
  const customers = new Set(world.customers().map((c) => c.id));
  const since = `${world.from}T00:00:00Z`;
  const missing = (ids: readonly (string | null)[], known: { has(id: string): boolean }) =>
    ids.filter((id) => id !== null && !known.has(id));

  it("of a pull request leads somewhere", () => {
    const recent = world.pulls().filter((p) => p.createdAt >= since);

    expect(
      missing(
        recent.map((p) => p.issue),
        issues,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.map((p) => p.deployment),
        deployments,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.map((p) => p.reverts),
        pulls,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.flatMap((p) => [
          p.author,
          p.mergedBy,
          ...p.awaiting,
          ...p.reviews.map((r) => r.author),
          ...p.comments.map((c) => c.author),
          ...p.commits.map((c) => c.author),
        ]),
        people,
      ),
    ).toEqual([]);
    expect(recent.filter((p) => p.reviews.some((r) => r.author === p.author))).toEqual([]);
  });

  it("of deployments, runs and releases leads somewhere", () => {
    const services = new Set(world.services().map((s) => s.name));
    const recent = world.deployments().filter((d) => d.createdAt >= since);

    expect(
      missing(
        recent.flatMap((d) => [...d.pulls]),
        pulls,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.map((d) => d.incident),
        incidents,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.map((d) => d.rollsBack),
        deployments,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.map((d) => d.service),
        services,
      ),
    ).toEqual([]);
    expect(
      missing(
        world.pipelineRuns().map((r) => r.pull),
        pulls,
      ),
    ).toEqual([]);
    expect(
      missing(
        world.releases().flatMap((r) => [...r.pulls]),
        pulls,
      ),
    ).toEqual([]);
    expect(recent.filter((d) => d.commit === "")).toEqual([]);
  });

  it("of incidents, alerts and pages leads somewhere", () => {
    const list = world.incidents();

    expect(
      missing(
        list.flatMap((i) => [i.deployment, i.fix]),
        deployments,
      ),
    ).toEqual([]);
    expect(
      missing(
        list.map((i) => i.issue),
        issues,
      ),
    ).toEqual([]);
    expect(
      missing(
        list.map((i) => i.page),
        pages,
      ),
    ).toEqual([]);
    expect(
      missing(
        list.flatMap((i) => [i.commander, ...i.responders]),
        people,
      ),
    ).toEqual([]);
    expect(
      missing(
        world.alerts().map((a) => a.incident),
        incidents,
      ),
    ).toEqual([]);
    expect(
      missing(
        world.pages().map((p) => p.incident),
        incidents,
      ),
    ).toEqual([]);
    expect(
      missing(
        world.pages().map((p) => p.author),
        people,
      ),
    ).toEqual([]);
  });

  it("of issues and sprints leads somewhere", () => {
    const sprints = new Set(world.sprints().map((s) => String(s.id)));
    const recent = world.issues().filter((i) => i.createdAt >= since);

    expect(
      missing(
        recent.map((i) => i.epic),
        issues,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.flatMap((i) => i.sprints.map(String)),
        sprints,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.flatMap((i) => [...i.pulls]),
        pulls,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.flatMap((i) => [i.reporter, i.assignee, ...i.changes.map((c) => c.author)]),
        people,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.map((i) => i.customer),
        customers,
      ),
    ).toEqual([]);
    expect(
      missing(
        recent.map((i) => i.ticket),
        tickets,
      ),
    ).toEqual([]);
    expect(
      missing(
        world
          .sprints()
          .filter((s) => s.startAt >= since)
          .flatMap((s) => [...s.committed, ...s.added, ...s.completed]),
        issues,
      ),
    ).toEqual([]);
  });

  it("of tickets, stock and the story leads somewhere", () => {
    const stock = byId("stockIssues", world);
    const links = world
      .story()
      .filter((e) => e.from >= world.from)
      .map((e) => e.links);

    expect(
      missing(
        world.tickets().flatMap((t) => [t.issue]),
        issues,
      ),
    ).toEqual([]);
    expect(
      missing(
        world.tickets().map((t) => t.incident),
        incidents,
      ),
    ).toEqual([]);
    expect(
      missing(
        world.tickets().map((t) => t.stockIssue),
        stock,
      ),
    ).toEqual([]);
    expect(
      missing(
        world
          .tickets()
          .filter((t) => t.createdAt >= since)
          .map((t) => t.customer),
        customers,
      ),
    ).toEqual([]);
    expect(
      missing(
        world.stockIssues().map((s) => s.ticket),
        tickets,
      ),
    ).toEqual([]);
    for (const [kind, known] of [
      ["pulls", pulls],
      ["deployments", deployments],
      ["incidents", incidents],
      ["issues", issues],
      ["pages", pages],
    ] as const)
      expect(
        missing(
          links.flatMap((l) => l[kind]),
          known,
        ),
        kind,
      ).toEqual([]);
  });

  it("is to an id that exists once", () => {
    for (const list of Object.keys(LISTS) as (keyof typeof LISTS)[]) expect(byId(list, world).size, list).toBe(rows(list, world).length);
    expect(people.size).toBe(world.people().length);
    expect(customers.size).toBe(world.customers().length);
  });
});

describe("time", () => {
  it("goes forward in every record", () => {
    const inOrder = (...at: (string | null)[]) => {
      const known = at.filter((a) => a !== null);
      return known.every((a, i) => i === 0 || (known[i - 1] ?? "") <= a);
    };

    expect(world.pulls().filter((p) => !inOrder(p.commits[0]?.authoredAt ?? null, p.createdAt, p.firstReviewAt, p.mergedAt))).toEqual([]);
    expect(world.deployments().filter((d) => !inOrder(d.createdAt, d.startedAt, d.finishedAt))).toEqual([]);
    expect(world.incidents().filter((i) => !inOrder(i.openedAt, i.acknowledgedAt, i.resolvedAt))).toEqual([]);
    expect(world.incidents().filter((i) => !inOrder(...i.timeline.map((t) => t.at)))).toEqual([]);
    expect(world.alerts().filter((a) => !inOrder(a.openedAt, a.closedAt))).toEqual([]);
    expect(world.issues().filter((i) => !inOrder(i.createdAt, i.startedAt, i.resolvedAt))).toEqual([]);
    expect(world.issues().filter((i) => !inOrder(i.createdAt, ...i.changes.map((c) => c.at)))).toEqual([]);
    expect(world.tickets().filter((t) => !inOrder(t.createdAt, t.firstResponseAt, t.resolvedAt))).toEqual([]);
    expect(world.pipelineRuns().filter((r) => !inOrder(r.createdAt, r.startedAt, r.finishedAt))).toEqual([]);
    expect(world.customers().filter((c) => !inOrder(c.startedOn, c.cancelledOn))).toEqual([]);
  });

  it("deploys a pull request after its merge and begins an incident after its deployment", () => {
    const deployments = new Map(world.deployments().map((d) => [d.id, d]));

    expect(world.pulls().filter((p) => p.deployment && (deployments.get(p.deployment)?.finishedAt ?? "") <= (p.mergedAt ?? "9"))).toEqual(
      [],
    );
    expect(world.incidents().filter((i) => i.deployment && (deployments.get(i.deployment)?.finishedAt ?? "9") > i.openedAt)).toEqual([]);
    expect(world.incidents().filter((i) => i.fix && (deployments.get(i.fix)?.finishedAt ?? "9") > (i.resolvedAt ?? ""))).toEqual([]);
  });

  it("stops at the beginning of today, but for what is planned", () => {
    const later: string[] = [];
    const keep = (key: string, value: unknown) => {
      const isInstant = typeof value === "string" && /^\d{4}-\d{2}-\d{2}T[\d:]{8}Z$/.test(value);
      if (isInstant && value >= world.now && !["startAt", "endAt", "dueOn"].includes(key)) later.push(`${key} ${value}`);
      return value;
    };
    const parts = [
      ...(Object.keys(LISTS) as (keyof typeof LISTS)[]).map((list) => rows(list, world)),
      world.sprints(),
      world.people(),
      world.resources(),
      world.completionSeats(),
    ];
    for (const part of parts) JSON.stringify(part, keep);

    expect(later).toEqual([]);
    expect(world.customers().filter((c) => c.startedOn >= TODAY || (c.cancelledOn ?? "") > TODAY)).toEqual([]);
    expect(world.people().filter((p) => p.joined >= TODAY || (p.left ?? "") > TODAY)).toEqual([]);
    expect(world.signals("gate-api", `${yesterday}T00:00:00Z`, `${addDays(TODAY, 3)}T00:00:00Z`, "hour").length).toBe(24);
  });

  it("shows what is under way as under way", () => {
    const open = world.pulls().filter((p) => p.state === "open");

    expect(open.length).toBeGreaterThan(8);
    expect(open.every((p) => p.mergedAt === null && p.closedAt === null && p.mergeCommit === null && p.deployment === null)).toBe(true);
    expect(world.issues().some((i) => i.category === "doing" && i.resolvedAt === null)).toBe(true);
    expect(world.tickets().some((t) => t.status !== "resolved")).toBe(true);
    expect(
      createWorld("2026-11-19")
        .sprints()
        .filter((s) => s.state === "active").length,
    ).toBe(8);
  });

  it("may be asked in the course of a day: what has happened since midnight is there, nothing else has changed", () => {
    const noon = createWorld(TODAY, world.seed, new Date(`${addDays(TODAY, -1)}T15:00:00Z`));
    const known = byId("tickets", world);

    expect(noon.tickets().length).toBeLessThan(world.tickets().length);
    expect(noon.tickets().every((t) => known.has(t.id))).toBe(true);
  });
});

/** Days on which something could break: the turn of a year, of a quarter, the end of a story's round, a Monday. */
describe.each(["2026-11-21", "2026-12-31", "2026-06-17"])("when %s becomes the day after", (today) => {
  const before = createWorld(today);
  const after = createWorld(addDays(today, 1));
  const since = `${after.from}T00:00:00Z`;

  it.each(Object.keys(LISTS) as (keyof typeof LISTS)[])("%s that are over stay as they are, and no older one appears", (list) => {
    const [, id, at] = LISTS[list];
    const later = byId(list, after);
    const known = byId(list, before);
    const old = rows(list, before).filter((row) => String(row[at]) >= since);

    expect(old.filter((row) => !later.has(row[id]))).toEqual([]);
    expect(rows(list, after).filter((row) => String(row[at]) >= since && String(row[at]) < before.now && !known.has(row[id]))).toEqual([]);
    expect(old.filter((row) => isOver(list, row, today) && print(later.get(row[id])) !== print(row))).toEqual([]);
  });

  it("days that are over stay as they are", () => {
    for (const day of [addDays(today, -1), addDays(today, -2), addDays(today, -31), addDays(after.from, 1), after.from]) {
      const of = (w: World) => [
        w.costs(day),
        w.savings(day),
        w.railwayUsage(day),
        w.aiUsage(day),
        w.coding(day),
        w.completions(day),
        w.revenue(day),
        w.streaming(day),
        w.userExperience(day),
      ];
      expect(print(of(after)), day).toBe(print(of(before)));
    }
  });

  it("signals, past months, closed sprints, and those who left stay as they are", () => {
    const month = startOf("month", addMonths(addDays(today, -1), -1));
    const hours = (w: World) => w.services().map((s) => w.signals(s.name, `${addDays(today, -9)}T00:00:00Z`, before.now, "hour"));
    const first = (w: World) => w.services().map((s) => w.signals(s.name, since, `${addDays(after.from, 3)}T00:00:00Z`, "hour"));
    const closed = before.sprints().filter((s) => s.state === "closed" && s.startAt >= since);
    const people = new Map(after.people().map((p) => [p.login, p]));
    const customers = new Map(after.customers().map((c) => [c.id, c]));

    expect(print(hours(after))).toBe(print(hours(before)));
    expect(print(first(after))).toBe(print(first(before)));
    expect(print(after.customerMonths(month))).toBe(print(before.customerMonths(month)));
    expect(closed.filter((s) => print(after.sprints().find((t) => t.id === s.id)) !== print(s))).toEqual([]);
    expect(before.people().filter((p) => p.left && p.left > after.from && print(people.get(p.login)) !== print(p))).toEqual([]);
    expect(
      before.customers().filter((c) => c.cancelledOn && c.cancelledOn > after.from && print(customers.get(c.id)) !== print(c)),
    ).toEqual([]);
  });
});

/** Nothing more will happen to it: it has ended, and what follows an end (a deployment, a page) has come or will not. */
function isOver(list: keyof typeof LISTS, row: Row, today: string): boolean {
  const ended = (key: string, days: number) => typeof row[key] === "string" && row[key] < addDays(today, -days);
  if (list === "pulls") return row.deployment !== null || ended("closedAt", 14);
  if (list === "issues") return row.category === "done";
  if (list === "pages") return row.kind === "post-mortem";
  if (list === "incidents") return row.page !== null || ended("resolvedAt", 4);
  if (list === "tickets" || list === "stockIssues")
    return row.resolvedAt !== null && (list === "tickets" || row.ticket !== null || ended("openedAt", 1));
  if (list === "alerts") return row.closedAt !== null;
  return list === "releases" || row.finishedAt !== null;
}

const print = (value: unknown) => JSON.stringify(value);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
