import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createDeterministicAgent } from "../src/agent/deterministic/index.ts";
import { chooseAgent } from "../src/agent/index.ts";
import { pareto } from "../src/analytics/pareto.ts";
import type { Handler } from "../src/core/channel.ts";
import type { Feed, FeedQuery } from "../src/core/feed.ts";
import { formatMoney } from "../src/core/format.ts";
import type { Reply } from "../src/core/reply.ts";
import { datasets } from "../src/integrations/datasets/index.ts";
import { createConversations } from "../src/records/conversations.ts";
import { createRouter } from "../src/router/index.ts";
import { openDatabase } from "../src/storage/database.ts";
import { migrate } from "../src/storage/migrations.ts";
import { withCorrelation } from "../src/telemetry/log.ts";
import { tools as sharedTools } from "../src/tools/index.ts";
import { writeBill } from "./bill.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";
import { percentile, timed } from "./statistics.ts";

/** P13: a question answered without a model, from the router to the stored reply; the facts are cached, no picture is drawn. */

/** The bill ends with September. */
const NOW = new Date("2026-10-02T09:00:00Z");
const LINES = 20_000;
const QUESTION = "Which services make up 80% of our cloud cost last month?";
/** What the question asks of the feed. */
const FACTS: FeedQuery = { measure: "cost", by: ["service"], period: { from: "2026-09-01", to: "2026-09-30" } };
const PEER = "the feed query alone";
const WARM_UP = 20;
const ANSWERS = 100;

export async function measureAnswers(folder: string, rounds: number): Promise<Row[]> {
  const { handle, feed, close } = await open(folder);
  const never = new AbortController().signal;
  const { facts } = await feed.query(FACTS, never);
  const total = formatMoney(pareto(facts.map((fact) => ({ label: fact.labels.service ?? "", value: fact.value }))).total, "USD");
  const ours: number[][] = [];
  const bare: number[][] = [];
  for (let round = -1; round < rounds; round++) {
    const mine: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < (round < 0 ? WARM_UP : ANSWERS); i++) {
      const answered = await timed(() => ask(handle));
      if (!answered.result.text.includes(total)) throw new WrongAnswer(`without the total ${total}: ${answered.result.text}`);
      mine.push(answered.ms);
      theirs.push((await timed(() => feed.query(FACTS, never))).ms);
    }
    if (round < 0) continue;
    ours.push(mine);
    bare.push(theirs);
  }
  await close();
  const row = (what: string, p: number, goal?: number) =>
    rowOf({
      id: "P13",
      what,
      unit: "ms",
      ours: ours.map((of) => percentile(of, p)),
      peer: { name: PEER, values: bare.map((of) => percentile(of, p)) },
      ...(goal === undefined ? {} : { goal }),
    });
  return [row("answer without a model, p50", 0.5, 15), row("answer without a model, p99", 0.99)];
}

/** The parts as main.ts puts them together for a place without a key. */
async function open(folder: string): Promise<{ handle: Handler; feed: Feed; close(): Promise<void> }> {
  const now = () => NOW;
  const bill = join(folder, "answers.csv");
  writeBill(bill, LINES);
  const database = await openDatabase(`sqlite:${join(folder, "answers.db")}`);
  await migrate(database);
  const connection = await datasets.connect({ DATASETS: bill }, { now });
  const onFault = (error: unknown) => {
    throw new WrongAnswer(`a fault: ${error}`);
  };
  const handle = createRouter({
    answer: chooseAgent({
      deterministic: createDeterministicAgent({ onFault }),
      budgets: { allowance: async () => ({ level: "full" as const }) },
    }),
    conversations: createConversations(database, now),
    tools: [...connection.tools, ...sharedTools],
    feeds: connection.feeds,
    now,
    newId: () => randomUUID(),
    turnMs: 60_000,
    correlate: withCorrelation,
    onFault,
  });
  const [feed] = connection.feeds;
  if (!feed) throw new WrongAnswer("the bill is no feed");
  return {
    handle,
    feed,
    async close() {
      await connection.close();
      await database.close();
    },
  };
}

async function ask(handle: Handler): Promise<Reply> {
  const user = { id: "bench", name: "bench", timeZone: "UTC", roles: ["viewer"] } as const;
  const id = randomUUID();
  const message = { id, channel: "api", conversation: id, audience: "direct", user, text: QUESTION, at: NOW } as const;
  let last: Reply | undefined;
  for await (const reply of handle(message, new AbortController().signal)) last = reply;
  if (!last?.final || !last.blocks?.some((block) => block.type === "chart")) throw new WrongAnswer(`no whole answer: ${last?.text}`);
  return last;
}
