import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decide } from "../../../src/agent/deterministic/decide.ts";
import { learnTools, type ToolModel } from "../../../src/agent/deterministic/match-tool.ts";
import { nearQuestions } from "../../../src/agent/deterministic/near-questions.ts";
import { buildVocabulary, type Vocabulary } from "../../../src/agent/deterministic/vocabulary.ts";
import type { Connection } from "../../../src/core/integration.ts";
import { hasItsFeeds } from "../../../src/core/tool.ts";
import { type Host, startHost } from "../../../src/demo/host.ts";
import { writeDemoCompany } from "../../../src/demo/index.ts";
import { simulators } from "../../../src/demo/vendors/index.ts";
import { integrations } from "../../../src/integrations/index.ts";
import { tools as sharedTools } from "../../../src/tools/index.ts";
import { estateQuestions } from "./estate-questions.ts";

/** The deterministic agent where a whole company is connected: many vendors, many measures of like names. */

const TODAY = "2026-11-21";
const now = () => new Date(`${TODAY}T12:00:00Z`);
let folder: string;
let host: Host;
let connections: Connection[];
let model: ToolModel;
let vocabulary: Vocabulary;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-estate-"));
  host = await startHost({ simulators, now });
  const env: Record<string, string> = { ...host.settings, DATASETS: writeDemoCompany(folder, TODAY) };
  const connected = integrations.filter(({ requires }) => requires.every((name) => env[name] !== undefined));
  connections = await Promise.all(connected.map((i) => i.connect(i.settings.parse(env), { now, demoOrigins: [host.origin] })));
  const feeds = connections.flatMap((connection) => connection.feeds);
  const { signal } = new AbortController();
  // One after the other: a busy machine is no reason for a vendor to be late.
  const sources = [];
  for (const feed of feeds) sources.push({ feed, about: await feed.describe(signal) });
  vocabulary = buildVocabulary(sources);
  const tools = [...sharedTools, ...connections.flatMap((connection) => connection.tools)];
  model = learnTools(tools.filter((tool) => tool.effect === "read" && hasItsFeeds(tool, feeds)));
}, 120_000);
afterAll(async () => {
  for (const connection of connections) await connection.close();
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the deterministic agent over a whole company", () => {
  it("finds the tool for 95 of 100 questions", () => {
    const missed = estateQuestions.flatMap(([question, ...tools]) => {
      const decision = decide(question, [], model, vocabulary, TODAY);
      const got = decision.kind === "call" ? decision.tool.name : decision.kind;
      return tools.includes(got) ? [] : [`${question} → ${got}`];
    });

    expect(estateQuestions.length).toBeGreaterThan(90);
    expect(missed.length / estateQuestions.length, missed.join("\n")).toBeLessThanOrEqual(0.05);
  });

  it.each(["what should I cook tonight?", "is it raining?", "who won the world cup?", "sing a song", "what is the capital of Peru"])(
    "does not guess at %j",
    (question) => {
      expect(decide(question, [], model, vocabulary, TODAY).kind).not.toBe("call");
    },
  );

  const following = (question: string, name: string, input: Record<string, unknown>) =>
    decide(question, [{ question: "before", answer: "", calls: [{ name, input }] }], model, vocabulary, TODAY);

  it.each(["why?", "what caused it?", "why is that?", "how come?"])("takes %j for the figure before it", (question) => {
    const october = { period: { from: "2026-10-01", to: "2026-10-31" }, filter: { service: "Amazon Elastic Compute Cloud - Compute" } };

    expect(following(question, "get_costs", { ...october, by: "service", grain: "day" })).toMatchObject({
      kind: "call",
      tool: { name: "explain_change" },
      input: { ...october },
    });
    expect(following(question, "churn_risk", {})).toMatchObject({ kind: "call", tool: { name: "churn_root_cause" } });
    expect(decide(question, [], model, vocabulary, TODAY).kind).not.toBe("call");
  });

  it("shows more of the same, and takes no word of thanks or of what was expected for a question", () => {
    expect(following("tell me more", "list_incidents", { severity: "high" })).toMatchObject({
      kind: "call",
      tool: { name: "list_incidents" },
      input: { severity: "high", top: 50 },
    });
    expect(following("tell me more", "brief", {}).kind).toBe("ask");
    for (const said of ["thanks", "that was expected"]) expect(following(said, "find_anomalies", {}).kind).toBe("ask");
  });

  it.each([
    ["what's the share of compute in our bill", { filter: { service: "Amazon Elastic Compute Cloud - Compute" } }],
    ["incidents per service", { feed: "incidents", measure: "incidents", by: "service" }],
    ["deployments by service", { feed: "deploys", measure: "deployments", by: "service" }],
    ["how many bugs did we close in October", { state: "done", type: "Bug", period: { from: "2026-10-01", to: "2026-10-31" } }],
    ["overdue issues", { due: "overdue" }],
    ["what broke last night", { period: { from: "2026-11-20", to: "2026-11-21" } }],
    ["how many active customers do we have", { measure: "customers", filter: { status: "active" } }],
    ["how many active users do we have", { measure: "active_users" }],
    ["NPS by segment", { measure: "nps", by: "segment" }],
    ["which team merged the most pull requests last month", { measure: "pull_requests", by: "team", filter: { state: "merged" } }],
    ["how much was refunded in October", { measure: "refunds", period: { from: "2026-10-01", to: "2026-10-31" } }],
    ["open critical bugs", { state: "open", type: "Bug", priority: "high" }],
    ["how is sprint 42 going", { sprint: "sprint 42" }],
    ["summarise yesterday for me", { period: { from: "2026-11-20", to: "2026-11-20" } }],
    ["data transfer cost by region", { by: "region", filter: { usage_type: expect.arrayContaining(["USE1-DataTransfer-Out-Bytes"]) } }],
  ])("drops nothing that %j names", (question, named) => {
    const decision = decide(question, [], model, vocabulary, TODAY);

    expect(decision.kind === "call" ? decision.input : decision).toMatchObject(named);
  });

  it("says what it cannot narrow an answer to", () => {
    expect(decide("customers lost last quarter", [], model, vocabulary, TODAY)).toMatchObject({
      kind: "ask",
      text: expect.stringContaining("I cannot narrow churn root causes to Q3 2026"),
    });
  });

  /**
   * Questions as people of ten trades would type them, written without sight of the tools' examples. The open half was worked on; the
   * held half never was, so its shares are what a stranger meets. Answers are judged by the tools a reasonable person would accept.
   */
  it.each([
    { half: "open", right: 0.63, helped: 0.83, wrong: 0.1 },
    { half: "held", right: 0.44, helped: 0.74, wrong: 0.13 },
  ])("answers chatty questions of the $half half, or offers one that means the same, and seldom answers another", async (least) => {
    const questions = JSON.parse(readFileSync(new URL(`chatty/${least.half}.json`, import.meta.url), "utf8")) as [string, ...string[]][];
    const told = questions.map(([question, ...tools]) => ({ question, tools, outcome: outcomeOf(question, tools) }));
    const share = (...outcomes: string[]) => told.filter(({ outcome }) => outcomes.includes(outcome)).length / told.length;
    const missed = told.filter(({ outcome }) => outcome === "wrong").map(({ question, tools }) => `${question} (${tools})`);

    expect(questions).toHaveLength(130);
    expect(share("right")).toBeGreaterThanOrEqual(least.right);
    expect(share("right", "offered")).toBeGreaterThanOrEqual(least.helped);
    expect(share("wrong"), missed.join("\n")).toBeLessThanOrEqual(least.wrong);
  });
});

function outcomeOf(question: string, wanted: readonly string[]): "right" | "offered" | "unanswered" | "wrong" {
  const toolFor = (text: string) => {
    const decision = decide(text, [], model, vocabulary, TODAY);
    return decision.kind === "call" ? decision.tool.name : "none";
  };
  const got = toolFor(question);
  if (wanted.includes(got)) return "right";
  if (got !== "none") return "wrong";
  const offers = nearQuestions(question, model, vocabulary, TODAY);
  return offers.some((offer) => wanted.includes(toolFor(offer))) ? "offered" : "unanswered";
}
