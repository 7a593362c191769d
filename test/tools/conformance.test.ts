import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { DigestDesk } from "../../src/core/digest.ts";
import type { Feed } from "../../src/core/feed.ts";
import type { WriteDesk } from "../../src/core/tool.ts";
import { tools } from "../../src/tools/index.ts";
import { billFeed, salesFeed } from "../kit/fixture-feed.ts";
import { type ToolCases, testTool } from "../kit/tool-conformance.ts";
import { contextOf, ledger, type Row } from "./world.ts";

/** Five hundred groups with names as long and odd as sources have them, in three currencies. */
function wideFeed(): Feed {
  const odd = ['a "quoted" name', "line\nbreak", "pipe | in it", "", "🚢", "أسطول"];
  const rows: Row[] = Array.from({ length: 500 }, (_, i) => {
    const service = `${odd[i % odd.length]} ${String(i).padStart(4, "0")} ${"very long name of a service ".repeat(6)}`;
    const day = `2026-${String((i % 12) + 1).padStart(2, "0")}-${String((i % 27) + 1).padStart(2, "0")}`;
    return [day, { service, team: `team ${i % 40} ${"long ".repeat(20)}` }, 1000 - i, ["USD", "EUR", "GBP"][i % 3] ?? "USD"];
  });
  return ledger("wide", rows);
}

const context = contextOf([billFeed(), salesFeed()]);
const wide = contextOf([wideFeed()]);
const asked: Pick<WriteDesk, "questions"> = {
  questions: async () => [{ question: "What did we spend?", at: new Date("2026-11-20T09:00:00Z") }],
};
const SPLITS = { filter: { account: "production" }, period: "last month", compare: "previous", top: 3 };

const BAD_FEED_INPUTS: ToolCases["bad"] = [
  { name: "an unknown dataset", input: { dataset: "bil" }, says: /Did you mean “bill”/ },
  { name: "an unknown measure", input: { dataset: "bill", measure: "csot" }, says: /Did you mean “cost”/ },
  { name: "an unknown dimension", input: { dataset: "bill", by: "servcie" }, says: /Did you mean “service”/ },
  {
    name: "an unknown value",
    input: { dataset: "bill", by: "service", filter: { account: "prodution" } },
    says: /Did you mean “production”/,
  },
  { name: "an unknown filter", input: { dataset: "bill", filter: { acount: "x" } }, says: /Did you mean “account”/ },
  { name: "words that are no period", input: { dataset: "bill", period: "sometime" }, says: /Write it like “last month”/ },
  {
    name: "days in the wrong order",
    input: { dataset: "bill", period: { from: "2026-10-02", to: "2026-10-01" } },
    says: /not a range of days/,
  },
  { name: "a period with nothing in it", input: { dataset: "bill", period: "2001" }, says: /covers 21 November 2024 – 20 November 2026/ },
  { name: "a field it does not have", input: { sql: "SELECT 1" }, says: /sql/ },
  { name: "too many to show", input: { top: 5_000 }, says: /500/ },
  { name: "a date that is none", input: { period: { from: "1 October", to: "x" } }, says: /must be a day like 2026-10-01|Invalid/ },
];

const projects = { ...context, projects: async () => [{ id: "p1", fields: { name: "Atlas", owner: "Ada", cloudAccount: "production" } }] };

/** Nothing subscribed. */
const emptyDesk: DigestDesk = {
  kinds: async () => [{ name: "cost", title: "Cloud cost", summary: "What the day cost.", schedule: "every day at 9:00" }],
  list: async () => [],
  add: () => Promise.reject(new Error("not here")),
  pause: () => Promise.reject(new Error("not here")),
  remove: () => Promise.reject(new Error("not here")),
  run: () => Promise.reject(new Error("not here")),
  preview: () => Promise.reject(new Error("not here")),
};

const CASES: Readonly<Record<string, ToolCases>> = {
  list_projects: {
    context: projects,
    reads: false,
    good: [
      { name: "all", input: {}, figures: false },
      { name: "one by its name", input: { query: "who owns atlas?" }, figures: false },
    ],
    bad: [
      { name: "no words", input: { query: "" }, says: /1/ },
      { name: "a field it does not have", input: { owner: "Ada" }, says: /owner/ },
    ],
  },
  project_metrics: {
    context: projects,
    reads: true,
    good: [{ name: "a project by its name", input: { query: "atlas", period: "last month" } }],
    bad: [
      { name: "no name", input: {}, says: /Which project\? There is Atlas/ },
      { name: "words that are no period", input: { query: "atlas", period: "sometime" }, says: /Write it like “last month”/ },
      { name: "a field it does not have", input: { project: "p1" }, says: /project/ },
    ],
  },
  get_costs: {
    context,
    reads: true,
    good: [
      { name: "a total", input: {} },
      { name: "a split with a filter, a period, a comparison and a top", input: { by: "service", ...SPLITS } },
      { name: "two dimensions", input: { by: ["account", "region"], period: "last month" } },
      { name: "a course", input: { grain: "week", period: "this year" } },
      { name: "a course of parts, compared", input: { grain: "month", by: "account", period: "Q3 2026", compare: "year_ago" } },
      { name: "the largest change", input: { by: "service", order: "change", period: "last month" } },
      { name: "the smallest", input: { by: "region", order: "smallest", period: "yesterday" } },
      { name: "one dataset by name", input: { dataset: "sales", measure: "orders", by: "country" } },
    ],
    bad: [...BAD_FEED_INPUTS, { name: "an order it does not have", input: { order: "largest" }, says: /smallest/ }],
    wide: { input: { by: ["service", "team"], order: "change" }, context: wide },
  },
  pareto: {
    context,
    reads: true,
    good: [
      { name: "nothing said", input: {} },
      { name: "a filter, a period, a comparison and a top", input: { by: "service", ...SPLITS } },
      { name: "a count of another source", input: { measure: "orders", by: "product", period: "last month" } },
    ],
    bad: [...BAD_FEED_INPUTS, { name: "two dimensions", input: { by: ["service", "region"] }, says: /string/ }],
    wide: { input: { by: "service" }, context: wide },
  },
  query_dataset: {
    context,
    reads: true,
    good: [
      { name: "a measure", input: { measure: "revenue" } },
      { name: "the list of datasets", input: {}, figures: false },
      { name: "several measures over time", input: { dataset: "sales", measures: ["revenue", "orders"], grain: "month", period: "2026" } },
      { name: "a split with a filter, a period, a comparison and a top", input: { dataset: "bill", by: "service", ...SPLITS } },
      { name: "the largest change", input: { dataset: "sales", by: "product", order: "change", period: "last month" } },
    ],
    bad: [...BAD_FEED_INPUTS, { name: "a measure no dataset has", input: { measure: "revnue" }, says: /Did you mean “revenue”/ }],
    wide: { input: { dataset: "wide", by: ["team", "service"] }, context: wide },
  },
  help: {
    context,
    reads: false,
    good: [
      { name: "an overview", input: {}, figures: false },
      { name: "one tool", input: { tool: "pareto" }, figures: false },
    ],
    bad: [{ name: "a tool there is not", input: { tool: "parteo" }, says: /Did you mean “pareto”/ }],
  },
  my_questions: {
    context: { ...context, desk: asked as WriteDesk },
    reads: false,
    good: [{ name: "what was asked", input: {}, figures: false }],
    bad: [{ name: "another person's", input: { user: "slack:T0:U1" }, says: /user/ }],
  },
  digests: {
    context: { ...context, digests: emptyDesk },
    reads: false,
    good: [
      { name: "nothing said", input: {}, figures: false },
      { name: "the list", input: { command: "list" }, figures: false },
    ],
    bad: [
      { name: "an action there is not", input: { command: "remvoe cost" }, says: /Did you mean remove/ },
      { name: "a change that nobody typed", input: { command: "add cost daily at 9" }, says: /in the chat the digest is for/ },
    ],
  },
};

/** `test/tools/NAME.test.ts` that puts its tool through the same suite. */
function hasOwnTest(name: string): boolean {
  const path = new URL(`./${name.replaceAll("_", "-")}.test.ts`, import.meta.url);
  return existsSync(path) && readFileSync(path, "utf8").includes("testTool(");
}

describe("the list of tools", () => {
  test("has each name and command once, and each is tried here", () => {
    const untried = tools.filter((tool) => tool.effect === "read" && CASES[tool.name] === undefined && !hasOwnTest(tool.name));

    expect(untried.map((tool) => tool.name)).toEqual([]);
    const commands = tools.flatMap((t) => (t.command ? [t.command.name] : []));
    expect(new Set(commands).size).toBe(commands.length);
  });
});

for (const tool of tools) {
  const cases = CASES[tool.name];
  if (cases) testTool(tool, cases);
}
