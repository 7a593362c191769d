import { join } from "node:path";
import { shuffledDuplicates } from "../test/kit/slack/shuffled.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";
import { mentions, type SlackProgram, startBoltEcho, startOurs, until } from "./slack-programs.ts";
import { percentile, timed } from "./statistics.ts";

/**
 * R7: a thousand signed events at once, through the real server, while all of them are being answered. Acknowledged means kept: the
 * rows are counted from outside as soon as the last answer has come. R6: 10,000 shuffled duplicates of 2,000 messages.
 */

const BURST = 1_000;
const MESSAGES = 2_000;
/** Deliveries under way at once. */
const LANES = 200;
const PEER = "bare Bolt echo";
/** An everyday question with some work in its answer. */
const QUESTION = "How much did we spend by service in September 2026?";

export async function measureSlackBurst(folder: string, rounds: number): Promise<Row[]> {
  const ours: number[][] = [];
  const bare: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await burst(await startOurs(join(folder, `burst-${round}`)), true));
    bare.push(await burst(await startBoltEcho(), false));
  }
  const duplicates = await shuffled(join(folder, "duplicates"));
  const row = (what: string, p: number, goal?: number) =>
    rowOf({
      id: "R7",
      what,
      unit: "ms",
      ours: ours.map((of) => percentile(of, p)),
      peer: { name: PEER, values: bare.map((of) => percentile(of, p)) },
      ...(goal === undefined ? {} : { goal }),
    });
  return [
    row(`ack of ${BURST} events at once, p50`, 0.5),
    row(`ack of ${BURST} events at once, p99`, 0.99, 500),
    row(`ack of ${BURST} events at once, longest`, 1, 2_500),
    rowOf({ id: "R6", what: `${5 * MESSAGES} shuffled duplicates of ${MESSAGES} messages, all taken`, unit: "ms", ours: [duplicates] }),
  ];
}

/** Milliseconds of each acknowledgement. */
async function burst(program: SlackProgram, isOurs: boolean): Promise<number[]> {
  await program.http.send(mentions(program, 1, QUESTION)[0] as never);
  await until(
    () => program.answers() === 1,
    () => "the first answer",
  );
  const acks = await program.burst(mentions(program, BURST, QUESTION));
  const kept = program.turns();
  const refused = acks.filter(({ status }) => status !== 200);
  if (refused.length > 0) throw new WrongAnswer(`${refused.length} of ${BURST} events were answered ${refused[0]?.status}`);
  if (isOurs && kept !== BURST + 1) throw new WrongAnswer(`${kept - 1} of ${BURST} acknowledged events were kept`);
  await until(
    () => program.answers() >= BURST + 1,
    () => `${program.answers()} answers`,
  );
  if (isOurs && program.slack.violations.length > 0) throw new WrongAnswer(String(program.slack.violations[0]?.rule));
  await program.stop();
  return acks.map(({ ms }) => ms);
}

async function shuffled(folder: string): Promise<number> {
  const program = await startOurs(folder);
  const deliveries = shuffledDuplicates(program.slack, MESSAGES);
  const next = deliveries[Symbol.iterator]();
  const statuses = new Set<number>();
  const lane = async () => {
    for (const delivery of { [Symbol.iterator]: () => next }) statuses.add((await program.http.send(delivery)).status);
  };
  const { ms } = await timed(() => Promise.all(Array.from({ length: LANES }, lane)));
  if (statuses.size !== 1 || !statuses.has(200)) throw new WrongAnswer(`deliveries were answered ${[...statuses].join(", ")}`);
  await until(
    () => program.answers() >= MESSAGES,
    () => `${program.answers()} answers`,
  );
  await program.stop();
  if (program.turns() !== MESSAGES) throw new WrongAnswer(`${program.turns()} turns of ${MESSAGES} messages`);
  if (program.answers() !== MESSAGES) throw new WrongAnswer(`${program.answers()} answers to ${MESSAGES} messages`);
  return ms;
}
