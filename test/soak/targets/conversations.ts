import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeBill } from "../../../bench/bill.ts";
import { residentMegabytes } from "../../../bench/processes.ts";
import { percentile } from "../../../bench/statistics.ts";
import { startAnthropicServer } from "../../kit/anthropic-server.ts";
import { remove, serve, temporaryFolder } from "../../kit/app.ts";
import { watchLoop } from "../probe.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

const CONVERSATIONS = 1_000;
const GOOD = { loopP99Ms: 50, loopLongestMs: 500, firstMs: 2_000, doneS: 60, mb: 1_024 };

export const conversationTarget: Target = {
  id: "L1",
  test: `${CONVERSATIONS} conversations with a model at once, over the API, streamed`,
  good: `the loop waits ≤ ${GOOD.loopP99Ms} ms (p99) and ≤ ${GOOD.loopLongestMs} ms (longest), a first word within ${GOOD.firstMs / 1000} s (p99), all done within ${GOOD.doneS} s, ≤ ${GOOD.mb} MB`,
  run: ours,
  control: { what: "a server that collects what came and works through it in one go", run: eager },
};

async function ours(scale: Scale): Promise<Outcome> {
  const model = await startAnthropicServer();
  model.always(({ body }) =>
    JSON.stringify(body.messages?.at(-1)).includes("tool_result")
      ? { text: ["Last month ", "cost what ", "the table says."] }
      : { tools: [{ name: "get_costs", input: { period: "last month" } }] },
  );
  const dataDir = await temporaryFolder();
  writeBill(join(dataDir, "bill.csv"), 5_000);
  const app = await serve({
    args: [],
    dataDir,
    env: {
      DATASETS: join(dataDir, "bill.csv"),
      ...{ ANTHROPIC_API_KEY: "sk-ant-test-0123456789abcdef", ANTHROPIC_BASE_URL: model.url, ANSWER_SECONDS: "300" },
      ...{ REQUESTS_PER_MINUTE: "1000000", USER_REQUESTS_PER_MINUTE: "1000000", DAILY_TOKENS: "1000000000" },
    },
  });
  try {
    await app.post("/api/v1/ask", { question: "What did we spend last month?" });
    return await trial(scale, app.url, () => residentMegabytes(app.pid));
  } finally {
    await app.stop();
    await model.close();
    await remove(dataDir);
  }
}

async function trial(scale: Scale, url: string, memory: () => number): Promise<Outcome> {
  const count = partOf(CONVERSATIONS, scale, 30);
  const loop = watchLoop(url);
  const firsts: number[] = [];
  let answered = 0;
  let mb = 0;
  const looking = setInterval(() => {
    mb = Math.max(mb, memory());
  }, 250);
  const began = performance.now();
  const one = async () => {
    const response = await fetch(`${url}/api/v1/ask`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ question: "What did we spend last month?" }),
    });
    let text = "";
    for await (const piece of response.body ?? []) {
      if (text === "") firsts.push(performance.now() - began);
      text += Buffer.from(piece).toString("utf8");
    }
    if (/^event: final$/m.test(text)) answered += 1;
  };
  await Promise.all(Array.from({ length: count }, () => one().catch(() => undefined)));
  const seconds = (performance.now() - began) / 1000;
  clearInterval(looking);
  const { p99, longest, missed } = await loop.stop();
  const firstMs = percentile(firsts, 0.99);
  const { slower } = scale;
  return {
    figure: `${answered} of ${count} answered in ${seconds.toFixed(1)} s, first word p99 ${Math.round(firstMs)} ms; loop p99 ${Math.round(p99)} ms, longest ${Math.round(longest)} ms${missed > 0 ? `, ${missed} looks unanswered` : ""}; ${Math.round(mb)} MB`,
    good:
      answered === count &&
      missed === 0 &&
      seconds <= GOOD.doneS * slower &&
      firstMs <= GOOD.firstMs * slower &&
      p99 <= GOOD.loopP99Ms * slower &&
      longest <= GOOD.loopLongestMs * slower &&
      !(mb > GOOD.mb),
  };
}

/** Nobody is made to wait for a place, so everybody waits for everybody. */
async function eager(scale: Scale): Promise<Outcome> {
  const come: (() => void)[] = [];
  const server = createServer((request, response) => {
    const answer = () => void response.end("event: final\n\n");
    request.resume().on("end", () => (request.method === "POST" ? come.push(answer) : answer()));
  });
  const working = setInterval(() => {
    for (const end = performance.now() + come.length * 20 * scale.slower; performance.now() < end; );
    for (const answer of come.splice(0)) answer();
  }, 200);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await trial(scale, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => 0);
  } finally {
    clearInterval(working);
    server.closeAllConnections();
    server.close();
  }
}
