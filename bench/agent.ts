import Anthropic from "@anthropic-ai/sdk";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { ChatAnthropic } from "@langchain/anthropic";
import { createAgent, tool } from "langchain";
import { z } from "zod";
import { createModelAgent } from "../src/agent/model/index.ts";
import { SYSTEM_PROMPT } from "../src/agent/prompt.ts";
import type { Turn } from "../src/core/agent.ts";
import { defineTool, type Finding } from "../src/core/tool.ts";
import { startChild } from "./processes.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";
import { percentile } from "./statistics.ts";

/** P7: a turn of two model calls and one tool, beyond what model and tool take; all stream, over the same wire, with the same prompt. */

const NOW = new Date("2026-11-21T09:00:00Z");
const MODEL = "claude-sonnet-5-5";
const KEY = "sk-bench";
const QUESTION = "What did EC2 cost last month?";
const FOUND = "EC2 cost 1,200.00 USD in October 2026.";
const WARM_UP = 15;
const TURNS = 40;
const PEERS = { langchain: "LangChain's plain agent", sdk: "the SDK's own loop" } as const;

/** Says its answer. */
type Contender = () => Promise<string>;

export async function measureAgent(_folder: string, rounds: number): Promise<Row[]> {
  const model = await startChild("scripted-model");
  try {
    const contenders = { ours: ours(model.url), langchain: plainAgent(model.url), sdk: ownLoop(model.url) };
    const took = { ours: noRounds(), langchain: noRounds(), sdk: noRounds() };
    for (let round = -1; round < rounds; round++)
      for (const name of ["ours", "langchain", "sdk"] as const) {
        const observed = await observe(contenders[name], round < 0 ? WARM_UP : TURNS);
        if (round < 0) continue;
        took[name].wall.push(percentile(observed.wall, 0.5));
        took[name].cpu.push(observed.cpu);
      }
    const row = (what: string, of: "wall" | "cpu", peer: keyof typeof PEERS, ratioGoal?: number) =>
      rowOf({
        ...{ id: "P7", what, unit: "ms", ours: took.ours[of], peer: { name: PEERS[peer], values: took[peer][of] } },
        ...(ratioGoal === undefined ? {} : { ratioGoal }),
      });
    return [
      row("model turn with one tool, p50", "wall", "langchain", 1.2),
      row("the same, processor time", "cpu", "langchain", 1.2),
      row("model turn with one tool, p50", "wall", "sdk"),
      row("the same, processor time", "cpu", "sdk"),
    ];
  } finally {
    await model.stop();
  }
}

function noRounds(): { wall: number[]; cpu: number[] } {
  return { wall: [], cpu: [] };
}

/** Milliseconds of each turn, and of the processor for one of them. */
async function observe(contender: Contender, turns: number): Promise<{ wall: number[]; cpu: number }> {
  const wall: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < turns; i++) {
    const began = performance.now();
    const said = await contender();
    wall.push(performance.now() - began);
    if (!said.includes(FOUND)) throw new WrongAnswer(`“${said}”`);
  }
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 / turns };
}

const input = z.object({ period: z.string().optional().describe("words, such as last month") });
const about = { name: "get_costs", description: "Cost of a period. Use it for costs." };

function ours(baseUrl: string): Contender {
  const finding: Finding = { content: FOUND, blocks: [{ type: "markdown", text: FOUND }], receipts: [] };
  const costs = defineTool({ ...about, title: "Costs", examples: [], effect: "read", role: "viewer", input, run: async () => finding });
  const tools = [costs];
  const agent = createModelAgent({ apiKey: KEY, baseUrl, model: MODEL });
  const user = { id: "bench", name: "bench", timeZone: "UTC", roles: ["viewer"] } as const;
  return async () => {
    const { signal } = new AbortController();
    const turn: Turn = {
      id: "t",
      message: { id: "m", channel: "api", conversation: "c", audience: "direct", user, text: QUESTION, at: NOW },
      history: [],
      tools,
      context: { user, audience: "direct", now: NOW, signal, feeds: [], tools },
      record: () => {},
    };
    let said = "";
    for await (const reply of agent.answer(turn, signal)) said = reply.text;
    return said;
  };
}

function plainAgent(baseUrl: string): Contender {
  const model = new ChatAnthropic({
    model: MODEL,
    apiKey: KEY,
    anthropicApiUrl: baseUrl,
    streaming: true,
    maxTokens: 4_096,
    maxRetries: 0,
  });
  const costs = tool(async () => FOUND, { ...about, schema: input });
  const agent = createAgent({ model, tools: [costs], systemPrompt: SYSTEM_PROMPT });
  return async () => {
    const { messages } = await agent.invoke({ messages: [{ role: "user", content: QUESTION }] });
    return String(messages.at(-1)?.text);
  };
}

function ownLoop(baseURL: string): Contender {
  const client = new Anthropic({ apiKey: KEY, baseURL, maxRetries: 0 });
  const costs = betaZodTool({ ...about, inputSchema: input, run: async () => FOUND });
  return async () => {
    const runner = client.beta.messages.toolRunner({
      model: MODEL,
      max_tokens: 4_096,
      stream: true,
      system: SYSTEM_PROMPT,
      tools: [costs],
      messages: [{ role: "user", content: QUESTION }],
    });
    let said = "";
    for await (const stream of runner) {
      const message = await stream.finalMessage();
      said = message.content.map((block) => (block.type === "text" ? block.text : "")).join("");
    }
    return said;
  };
}
