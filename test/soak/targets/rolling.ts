import { setTimeout as wait } from "node:timers/promises";
import { type Served, serve } from "../../kit/app.ts";
import { startPostgres } from "../../kit/postgres.ts";
import { inLanes } from "../probe.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

const QUESTIONS = 1_000;
const RESTARTS = 6;
const LANES = 4;

export const rollingTarget: Target = {
  id: "U1",
  test: `two processes on PostgreSQL behind a balancer, ended and started again in turn (${RESTARTS} times) under ${QUESTIONS} questions`,
  good: "every question is answered by one of them; none that was taken is lost",
  run: (scale) => roll(scale, "SIGTERM"),
  control: { what: "killed instead of told to end", run: (scale) => roll(scale, "SIGKILL") },
};

async function roll(scale: Scale, signal: NodeJS.Signals): Promise<Outcome> {
  const postgres = await startPostgres();
  const env = { DATABASE_URL: await postgres.fresh(), REQUESTS_PER_MINUTE: "1000000", USER_REQUESTS_PER_MINUTE: "1000000" };
  const start = () => serve({ args: [], env });
  const replicas: (Served | undefined)[] = [await start(), await start()];
  const count = partOf(QUESTIONS, scale, 60);
  const restarts = partOf(RESTARTS, scale, 2);
  let answered = 0;
  let lost = 0;
  let restarted = 0;
  async function restart(): Promise<void> {
    for (; restarted < restarts; restarted++) {
      const place = restarted % 2;
      const old = replicas[place];
      old?.signal(signal);
      await old?.ended;
      replicas[place] = undefined;
      replicas[place] = await start();
      await wait(500);
    }
  }
  let turn = 0;
  async function ask(): Promise<void> {
    const verdict = await answerOf(replicas, turn++);
    if (verdict === "answered") answered += 1;
    else lost += 1;
  }
  try {
    // The load goes on until the last restart is over.
    let left = count;
    const restarting = restart();
    function* questions() {
      while (left-- > 0 || restarted < restarts) yield left;
    }
    await inLanes(questions(), LANES, ask);
    await restarting;
    return { figure: `${answered} answered, ${lost} lost over ${restarted} restarts`, good: lost === 0 && answered >= count };
  } finally {
    for (const replica of replicas) await replica?.stop();
    await postgres.stop();
  }
}

const PATIENCE_MS = 60_000;

/** As a balancer does it: whoever does not take the question (no connection, 503) is passed over; a question that was taken is not asked again. */
async function answerOf(replicas: readonly (Served | undefined)[], turn: number): Promise<"answered" | "lost"> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; turn++) {
    const replica = replicas[turn % replicas.length];
    try {
      const answer = await replica?.post("/api/v1/ask", { question: "help" });
      if (answer?.status === 200) return "answered";
      if (answer && answer.status !== 503) return "lost";
    } catch (error) {
      if (!isUnheard(error)) return "lost";
    }
    await wait(20);
  }
  return "lost";
}

function isUnheard(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === "ECONNREFUSED";
}
