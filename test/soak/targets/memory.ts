import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeBill } from "../../../bench/bill.ts";
import { residentMegabytes } from "../../../bench/processes.ts";
import { remove, serve, temporaryFolder } from "../../kit/app.ts";
import { inLanes } from "../probe.ts";
import type { Outcome, Target } from "../target.ts";

const MINUTES = 30;
const GOOD = { mbPerMinute: 1, handles: 20 };
/** First caches fill, code is compiled, and the heap grows to its working size: nothing is learnt from less than this. */
const LEAST_MINUTES = 8;
const WARM_UP = 0.4;
/** The control keeps so much that this is enough. */
const CONTROL_MINUTES = 0.5;
const LANES = 2;

/**
 * As the image and the systemd unit set it. Without it Node takes up to 128 MB for new objects, and lets garbage pile up as far as the
 * machine's memory allows, page by page, which looks like growth.
 */
const AS_SHIPPED = { NODE_OPTIONS: "--max-semi-space-size=16 --max-old-space-size=768" };

const QUESTIONS = [
  "What did we spend last month?",
  "Which services make up 80% of our cloud cost?",
  "and by region?",
  "and by account?",
  "Anything unusual in our costs?",
];

export const memoryTarget: Target = {
  id: "L3",
  test: `questions one after the other for ${MINUTES} minutes, with charts, set as the image is`,
  good: `memory grows by less than ${GOOD.mbPerMinute} MB a minute after the warm-up; no more than ${GOOD.handles} more open files and sockets`,
  async run(scale) {
    const dataDir = await temporaryFolder();
    writeBill(join(dataDir, "bill.csv"), 5_000);
    const limits = { REQUESTS_PER_MINUTE: "1000000", USER_REQUESTS_PER_MINUTE: "1000000" };
    const app = await serve({ args: [], dataDir, env: { ...limits, ...AS_SHIPPED, DATASETS: join(dataDir, "bill.csv") } });
    try {
      return await trial(Math.max(LEAST_MINUTES, MINUTES * scale.share), app.url, app.pid);
    } finally {
      await app.stop();
      await remove(dataDir);
    }
  },
  control: { what: "a server that keeps 100 kB of each request", run: leaky },
};

async function trial(minutes: number, url: string, pid: number): Promise<Outcome> {
  const until = performance.now() + minutes * 60_000;
  const begun = performance.now();
  const samples: { minute: number; mb: number }[] = [];
  const handles: number[] = [];
  let asked = 0;
  let drawn = 0;
  const isOver = () => performance.now() > until;
  function* questions() {
    while (!isOver()) yield QUESTIONS[asked++ % QUESTIONS.length];
  }
  const looking = setInterval(() => {
    samples.push({ minute: (performance.now() - begun) / 60_000, mb: residentMegabytes(pid) });
    handles.push(readdirSync(`/proc/${pid}/fd`).length);
  }, 500);
  await inLanes(questions(), LANES, async (question) => {
    const body = JSON.stringify({ question });
    const answer = await fetch(`${url}/api/v1/ask`, { method: "POST", headers: { "content-type": "application/json" }, body });
    for (const [, image] of (await answer.text()).matchAll(/"image":"([^"]+)"/g)) {
      await (await fetch(`${url}${image}`)).arrayBuffer();
      drawn += 1;
    }
  });
  clearInterval(looking);
  const from = Math.floor(samples.length * WARM_UP);
  const slope = slopeOf(samples.slice(from));
  const more = Math.max(...handles.slice(from)) - (handles[from] ?? 0);
  return {
    figure: `${slope.toFixed(2)} MB a minute over ${asked} questions and ${drawn} charts, ${Math.round(samples.at(-1)?.mb ?? 0)} MB in the end; ${more} more handles`,
    good: slope < GOOD.mbPerMinute && more <= GOOD.handles,
  };
}

/** By least squares, in MB a minute. */
function slopeOf(samples: readonly { minute: number; mb: number }[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(samples.map(({ minute }) => minute)), mean(samples.map(({ mb }) => mb))];
  const over = samples.reduce((sum, { minute, mb }) => sum + (minute - x) * (mb - y), 0);
  return over / samples.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
}

/** In this process, whose memory is looked at. */
async function leaky(): Promise<Outcome> {
  const kept: Buffer[] = [];
  const server: Server = createServer((request, response) => {
    kept.push(Buffer.alloc(100_000, 1));
    request.resume().on("end", () => setTimeout(() => response.end("{}"), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await trial(CONTROL_MINUTES, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, process.pid);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
