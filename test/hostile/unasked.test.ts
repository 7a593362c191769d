import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { createHookChannel } from "../../src/alerts/hook-channel.ts";
import { projectsOf } from "../../src/app/scopes.ts";
import type { Feed } from "../../src/core/feed.ts";
import type { Reply } from "../../src/core/reply.ts";
import { digests } from "../../src/digests/index.ts";
import { UserError } from "../../src/errors.ts";
import { createPosting } from "../../src/posting/index.ts";
import { activities } from "../../src/records/activities.ts";
import { importRecords } from "../../src/records/imports/index.ts";
import { createPeople } from "../../src/records/people.ts";
import { pipelines } from "../../src/records/pipelines.ts";
import { projects } from "../../src/records/projects.ts";
import { createRecords } from "../../src/records/record-store.ts";
import type { Resource } from "../../src/records/resource.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { tools } from "../../src/tools/index.ts";
import { ADA, openWorld as openAlerts, sign } from "../alerts/world.ts";
import { openSlack } from "../channels/slack/world.ts";
import { openTeamsWorld } from "../channels/teams/world.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { PERSONAL } from "../kit/teams/index.ts";
import { contextOf, daily, ledger } from "../tools/world.ts";
import { drawn } from "./drawn.ts";
import { broken, type TurnEffects } from "./invariants.ts";
import { EVIL, INJECTIONS } from "./mallory.ts";
import { SINKS } from "./sinks.ts";

/** Posts nobody asked for: no model is in them, and every word of theirs comes from somebody else's webhook, bill or monitoring. */

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

const SECRET = "a-secret-of-the-webhook";

function check(sink: string, texts: readonly string[], credentials: readonly string[] = [SECRET]): string[] {
  const turn: TurnEffects = {
    ...{ place: "the room", replies: [], prompts: [], longestResult: 0, writes: [], calls: [], peak: 0 },
    effects: texts.map((text) => ({ sink, place: "the room", text })),
  };
  const limits = { modelCalls: 8, toolCalls: 16, parallelTools: 4, resultCharacters: 12_000 } as Parameters<typeof broken>[3];
  return broken(turn, [], credentials, limits).filter((problem) => !problem.startsWith("I6"));
}

/** As the program posts it: through the real channel of each platform, and drawn by each place that draws replies itself. */
async function everywhere(replies: readonly Reply[], sinks = SINKS): Promise<string[]> {
  const slack = await openSlack(undefined);
  opened.push(slack);
  const teams = await openTeamsWorld({ unstarted: true });
  opened.push(teams);
  await teams.channel.start(async function* () {});
  await teams.deliver(teams.teams.activities.installed(PERSONAL));
  for (const [i, reply] of replies.entries()) {
    await slack.channel.send("slack:T0HARBOR:C0FINOPS", reply, `key-${i}`);
    await teams.channel.send(`teams:${PERSONAL.id}`, reply, `key-${i}`);
  }
  await teams.channel.stop();
  const sent = { slack: slack.slack.calls.map(drawn), teams: teams.teams.sent.map(({ body }) => drawn(body)) };
  expect(sent.slack.filter((body) => body.includes("C0FINOPS")).length).toBeGreaterThanOrEqual(replies.length);
  expect(sent.teams.length).toBeGreaterThanOrEqual(replies.length);
  return [
    ...check("slack", sent.slack),
    ...check("teams", sent.teams),
    ...Object.entries(sinks).flatMap(([sink, render]) => check(sink, replies.map(render))),
    ...slack.slack.violations.map(({ rule }) => `slack: ${rule}`),
    ...teams.teams.violations.map((rule) => `teams: ${JSON.stringify(rule)}`),
  ];
}

/** A terminal shows the cells of a table as their source has them. */
const { terminal: _, ...WITHOUT_TERMINAL } = SINKS;

describe("an alert", () => {
  async function cards() {
    const world = await openAlerts({});
    opened.push(world);
    for (const [i, words] of INJECTIONS.entries()) {
      const one = { fingerprint: `f${i}`, group: `g${i} ${words}`, series: words, title: words, text: `${words} https://${EVIL}/?q=x` };
      await world.take(sign(one));
    }
    await world.step();
    for (const [i, alert] of (await world.desk.list(ADA)).entries())
      await world.desk.acknowledge(alert.id, { id: `u${i}`, name: INJECTIONS[i] ?? "", timeZone: "UTC", roles: ["analyst"] });
    await world.step();
    return world;
  }

  test("of a hostile webhook calls nobody, links nowhere and stays a card on every platform", async () => {
    const world = await cards();

    expect(world.posts.length).toBeGreaterThan(3);
    expect(await everywhere(world.posts.map(({ reply }) => reply))).toEqual([]);
    expect(world.faults).toEqual([]);
  }, 60_000);

  test("goes out to the webhooks of firstmate.yaml alone, without their secret", async () => {
    const sent: { url: string; body: string }[] = [];
    const world = await openAlerts({ hooks: [{ name: "n8n" }] });
    opened.push(world);
    const hook = { name: "n8n", url: "https://n8n.example.com/webhook/1", secret: SECRET, events: undefined };
    const post = async (url: string, body: string) => {
      sent.push({ url, body });
      return { status: 204 };
    };
    for (const words of INJECTIONS) await world.take(sign({ fingerprint: words, group: words, title: words, url: `https://${EVIL}/` }));
    await world.step();
    const { database, now } = world;
    const channels = [createHookChannel([hook], post, now)];
    await createPosting({ database, channels, now, owner: "t", leaseMs: 60_000, onFault: (error) => world.faults.push(error) }).drain(
      new AbortController().signal,
    );

    expect(sent.length).toBeGreaterThan(0);
    expect(new Set(sent.map(({ url }) => url))).toEqual(new Set([hook.url]));
    expect(sent.every(({ body }) => JSON.parse(body).type === "alert.firing.v1")).toBe(true);
    expect(
      check(
        "webhook",
        sent.map(({ body }) => body),
      ),
    ).toEqual([]);
    expect(world.faults).toEqual([]);
  });
});

describe("a digest", () => {
  /** A bill whose every name is an attack, with days that stand out. */
  function bill(): Feed {
    const period = { from: "2026-09-01", to: "2026-11-20" };
    return ledger(
      "bill",
      INJECTIONS.flatMap((words, i) =>
        daily(period, { service: `${words} ${i}`, account: `https://${EVIL}/${i}` }, (day) => (day > "2026-11-17" && i < 4 ? 900 : 20 + i)),
      ),
    );
  }

  /** Models and workspaces of hostile names. */
  function usage(): Feed {
    const period = { from: "2026-11-02", to: "2026-11-20" };
    const rows = INJECTIONS.flatMap((words, i) =>
      daily(period, { model: `${words} ${i}`, workspace: `https://${EVIL}/${i}` }, () => 20 + i),
    );
    return ledger("anthropic", rows, { kind: "ai_usage", withoutPeriod: "recent" });
  }

  /** A week of deliveries in which every repository, service, author and title is an attack. */
  function delivery(): Feed[] {
    const later = (at: Date, hours: number) => new Date(at.getTime() + hours * 3_600_000);
    const days = INJECTIONS.map((words, i) => ({ words, at: new Date(Date.UTC(2026, 10, 9 + (i % 7), 8)), i }));
    const common = ({ words, at, i }: (typeof days)[number]) => ({ id: `${words} ${i}`, at, title: words, url: `https://${EVIL}/${i}` });
    const labels = ({ words, i }: (typeof days)[number]) => ({
      repository: words,
      service: words,
      author: words,
      team: `https://${EVIL}/${i}`,
    });
    return [
      fixtureRecords(
        "pulls",
        days.map((day) => ({
          ...common(day),
          labels: { ...labels(day), state: "merged", commit: `c${day.i}` },
          numbers: {},
          times: { created: day.at, first_commit: day.at, first_review: later(day.at, 5), merged: later(day.at, 9) },
        })),
        ["repository", "author"],
      ),
      fixtureRecords(
        "deploys",
        days.map((day) => ({
          ...common(day),
          labels: { ...labels(day), environment: "production", status: day.i % 3 ? "success" : "failure", commits: `c${day.i}` },
          numbers: {},
          times: { started: later(day.at, 10), finished: later(day.at, 11) },
        })),
        ["service", "environment", "status"],
      ),
      fixtureRecords(
        "incidents",
        days.map((day) => ({
          ...common(day),
          labels: { ...labels(day), severity: "high", status: "resolved" },
          numbers: {},
          times: { created: day.at, resolved: later(day.at, 2) },
        })),
        ["service", "severity"],
      ),
    ];
  }

  /** What each is made of; a new one is tried with all of it. The custom one shows what any tool answers; those are in tools.test.ts. */
  const feeds: Readonly<Record<string, () => Feed[]>> = {
    cost: () => [bill()],
    health: () => [bill()],
    "ai-usage": () => [usage()],
    delivery,
  };
  const everything = () => [bill(), usage(), ...delivery()];

  test.each(digests.filter(({ name }) => name !== "custom"))(
    "of hostile names calls nobody and links nowhere ($name)",
    async (digest) => {
      const made = digest.compose({}, { ...contextOf((feeds[digest.name] ?? everything)()), tools });
      const composed = feeds[digest.name] ? await made : await made.catch(saysNothing);
      if (!composed) return;

      expect(composed.reply.text.length).toBeGreaterThan(50);
      expect(await everywhere([composed.reply])).toEqual([]);
      expect(await everywhere(composed.details ? [composed.details] : [], WITHOUT_TERMINAL)).toEqual([]);
    },
    60_000,
  );

  /** None of these sources is one of its own, so nothing goes out. */
  function saysNothing(error: unknown): undefined {
    if (!(error instanceof UserError)) throw error;
  }
});

describe("what people and programs wrote into the house's own records", () => {
  test("calls nobody and links nowhere when it is listed", async () => {
    const database = await openDatabase("sqlite::memory:");
    opened.push(database);
    await migrate(database);
    let ids = 0;
    const records = createRecords(
      database,
      () => new Date("2026-11-21T09:30:00Z"),
      () => `id-${++ids}`,
    );
    const asker = { id: "user:root", sight: "all" } as const;
    for (const [i, words] of INJECTIONS.entries()) {
      const name = `${i} ${words}`.slice(0, 80);
      const kept = await records.create(projects, { name, owner: name, techStack: [words.slice(0, 60)], description: words }, asker);
      expect(kept.state, name).toBe("done");
    }
    const user = { id: "user:root", name: "root", timeZone: "UTC", roles: ["admin"] } as const;
    const context = { ...contextOf([]), user, projects: projectsOf({ records }) };
    const list = tools.find(({ name }) => name === "list_projects");

    const finding = await list?.run({}, context);

    expect(JSON.stringify(finding?.blocks).length).toBeGreaterThan(1_000);
    const { content: text = "", blocks = [], receipts = [], suggestions = [] } = finding ?? {};
    expect(await everywhere([{ text, blocks, receipts, suggestions, final: true }])).toEqual([]);
  }, 60_000);
});

describe("what an import keeps of sources whose every name is an attack", () => {
  test("is nobody's order, in the table people take along as in the answers of the doors", async () => {
    const database = await openDatabase("sqlite::memory:");
    opened.push(database);
    await migrate(database);
    const now = () => new Date("2026-11-21T09:30:00Z");
    const records = createRecords(database, now, randomUUID);
    const receipt = { id: "r", source: `https://${EVIL}/`, query: "usage", fetchedAt: now(), status: "live" as const };
    const people: Feed = {
      ...{ name: "claude_code", kind: "ai_usage", withoutPeriod: "recent" },
      describe: async () => ({ title: "Claude Code", measures: [], dimensions: [] }),
      query: async ({ measure = "" }) => ({
        facts: INJECTIONS.filter(() => measure === "sessions").map((words, i) => ({
          ...{ at: now(), measure, value: i + 1, unit: "count", labels: { person: words } },
        })),
        receipts: [receipt],
      }),
    };
    const runs = fixtureRecords(
      "pipelines",
      INJECTIONS.map((words, i) => ({
        ...{ id: `${i}`, at: now(), title: words, url: `https://${EVIL}/${i}` },
        labels: { repository: words, pipeline: words, branch: words, status: "success" },
        numbers: {},
        times: { started: now(), finished: now() },
      })),
    );

    const imported = await importRecords(
      { records, people: createPeople(database, now), feeds: [people, runs] },
      { from: "2026-11-18", to: "2026-11-21" },
      new AbortController().signal,
    );

    expect(imported.map(({ kind }) => kind)).toEqual(["activities", "pipelines"]);
    for (const resource of [activities, pipelines]) {
      const { records: kept } = await records.list(resource as unknown as Resource, { limit: 200 }, "all");
      expect(kept.length, resource.name).toBeGreaterThan(5);
      const rows = kept.map(({ data: { externalId: _, ...data } }) =>
        Object.fromEntries(Object.entries(data).map(([field, value]) => [field, JSON.stringify(value)])),
      );
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].map((label) => ({ label, type: "text" as const }));
      const block = { type: "table" as const, columns, rows: rows.map((row) => columns.map(({ label }) => row[label] ?? null)) };
      expect(await everywhere([{ text: `${kept.length} kept.`, blocks: [block], final: true }], WITHOUT_TERMINAL), resource.name).toEqual(
        [],
      );
    }
  }, 60_000);
});

test("no page of the console makes markup of a text", async () => {
  const folder = new URL("../../src/channels/console/assets/", import.meta.url);
  const scripts = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(scripts.map((name) => readFile(new URL(name, folder), "utf8")));

  const wrong = scripts.filter((_, i) =>
    /\b(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document\.write|createContextualFragment)\b|\beval\(/.test(texts[i] ?? ""),
  );

  expect(scripts.length).toBeGreaterThan(10);
  expect(wrong).toEqual([]);
});

test("the same words without the guards of a platform are noticed", () => {
  for (const sink of ["slack", "teams", "page"]) expect(check(sink, [INJECTIONS.join("\n")]), sink).not.toEqual([]);
  expect(check("webhook", [`{"secret":"${SECRET}"}`])).toEqual(["I9 secrets: a key is in webhook"]);
});
