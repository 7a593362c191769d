import { join } from "node:path";
import { type Row, rowOf } from "./report.ts";
import { mentions, type SlackProgram, startBoltEcho, startChatSdkEcho, startOurs, until } from "./slack-programs.ts";
import { percentile } from "./statistics.ts";

/** From a mention that comes in to what goes out to Slack, one at a time, without a model: the smallest answer we have. */

const WARM_UP = 30;
const MENTIONS = 150;
const SMALL = "help";

interface Took {
  /** Until the first call of the Web API for it. */
  firstMs: number[];
  /** Until its answer is posted. */
  answerMs: number[];
}

export async function measureSlackOverhead(folder: string, rounds: number): Promise<Row[]> {
  const ours = { program: await startOurs(join(folder, "overhead")), took: [] as Took[] };
  const bolt = { name: "bare Bolt echo", program: await startBoltEcho(), took: [] as Took[] };
  const sdk = { name: "Chat SDK echo", program: await startChatSdkEcho(), took: [] as Took[] };
  if (!sdk.program) process.stderr.write("The Chat SDK is not measured: `npm ci --prefix bench/peers` installs it.\n");
  const all = [ours, bolt, sdk].flatMap(({ program, took }) => (program ? [{ program, took }] : []));
  for (const { program } of all) await observe(program, WARM_UP);
  for (let round = 0; round < rounds; round++) for (const { program, took } of all) took.push(await observe(program, MENTIONS));
  for (const { program } of all) await program.stop();
  const row = (what: string, of: keyof Took, p: number, peer: typeof bolt | typeof sdk, ratioGoal?: number) =>
    rowOf({
      id: "P6",
      what,
      unit: "ms",
      ours: ours.took.map((took) => percentile(took[of], p)),
      peer: { name: peer.name, values: peer.took.map((took) => percentile(took[of], p)) },
      ...(ratioGoal === undefined ? {} : { ratioGoal }),
    });
  return [
    row("Slack mention in to first call out, p50", "firstMs", 0.5, bolt, 2),
    row("Slack mention in to first call out, p99", "firstMs", 0.99, bolt),
    row("Slack mention in to its answer out, p50", "answerMs", 0.5, bolt),
    row("Slack mention in to its answer out, p99", "answerMs", 0.99, bolt),
    ...(sdk.program
      ? [
          row("Slack mention in to its answer out, p50", "answerMs", 0.5, sdk),
          row("Slack mention in to its answer out, p99", "answerMs", 0.99, sdk),
        ]
      : []),
  ];
}

async function observe(program: SlackProgram, count: number): Promise<Took> {
  const took: Took = { firstMs: [], answerMs: [] };
  for (const mention of mentions(program, count, SMALL)) {
    const { slack } = program;
    const [calls, posts] = [slack.calls.length, slack.callsTo("chat.postMessage").length];
    const answers = program.answers();
    const began = performance.now();
    const answered = slack.called("chat.postMessage", posts + 1).then(() => performance.now() - began);
    const acknowledged = program.http.send(mention);
    took.firstMs.push((await firstCall(program, calls)) - began);
    took.answerMs.push(await answered);
    await acknowledged;
    await until(
      () => program.answers() > answers,
      () => "an answer",
    );
  }
  return took;
}

/** When a call came that was not there before. Looked for at every turn of the loop. */
async function firstCall({ slack }: SlackProgram, before: number): Promise<number> {
  while (slack.calls.length === before) await new Promise((resolve) => setImmediate(resolve));
  return performance.now();
}
