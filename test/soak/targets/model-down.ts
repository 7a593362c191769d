import Anthropic from "@anthropic-ai/sdk";
import { percentile } from "../../../bench/statistics.ts";
import { type AnthropicServer, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { serve } from "../../kit/app.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

const QUESTIONS = 200;
const GOOD_MS = 2_000;
const KEY = "sk-ant-test-0123456789abcdef";

export const modelDownTarget: Target = {
  id: "B2",
  test: "the model answers 529 to everything; questions are asked, one after the other",
  good: `all are answered with figures, p99 within ${GOOD_MS / 1000} s`,
  run: (scale) => withDeadModel(ours(scale)),
  control: { what: "the vendor's client with its own retries", run: (scale) => withDeadModel(bare(scale)) },
};

type Trial = (model: AnthropicServer) => Promise<Outcome>;

async function withDeadModel(trial: Trial): Promise<Outcome> {
  const model = await startAnthropicServer({ key: KEY });
  model.always({ status: 529 });
  try {
    return await trial(model);
  } finally {
    await model.close();
  }
}

function ours(scale: Scale): Trial {
  return async (model) => {
    const env = {
      ANTHROPIC_API_KEY: KEY,
      ANTHROPIC_BASE_URL: model.url,
      REQUESTS_PER_MINUTE: "1000000",
      USER_REQUESTS_PER_MINUTE: "1000000",
    };
    const app = await serve({ env });
    try {
      // The first question loads what answers; P4 and P13 are about that.
      await app.post("/api/v1/ask", { question: "What did we spend last month?" });
      return await ask(scale, partOf(QUESTIONS, scale, 10), async (i) => {
        const { json } = await app.post("/api/v1/ask", { question: `What did we spend ${i % 2 ? "last month" : "yesterday"}?` });
        return /[$€]\d/.test(json?.data?.text ?? "") && json.data.agent === "deterministic";
      });
    } finally {
      await app.stop();
    }
  };
}

function bare(scale: Scale): Trial {
  return async (model) => {
    const client = new Anthropic({ apiKey: KEY, baseURL: model.url });
    return ask(scale, 3, async () => {
      const messages = [{ role: "user" as const, content: "What did we spend last month?" }];
      const answer = await client.messages.create({ model: "claude-sonnet-5-5", max_tokens: 100, messages }).catch(() => undefined);
      return answer !== undefined;
    });
  };
}

async function ask({ slower }: Scale, count: number, one: (i: number) => Promise<boolean>): Promise<Outcome> {
  const times: number[] = [];
  let answered = 0;
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    if (await one(i)) answered += 1;
    times.push(performance.now() - began);
  }
  const p99 = percentile(times, 0.99);
  return { figure: `${answered} of ${count} answered, p99 ${Math.round(p99)} ms`, good: answered === count && p99 <= GOOD_MS * slower };
}
