import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mentions, type SlackProgram, startBoltEcho, startOurs, until } from "../../../bench/slack-programs.ts";
import { percentile } from "../../../bench/statistics.ts";
import { shuffledDuplicates } from "../../kit/slack/shuffled.ts";
import { inLanes } from "../probe.ts";
import { type Outcome, partOf, type Scale, type Target } from "../target.ts";

/** Slack's events at the real program: a burst, and the same message delivered in several ways and times. */

const BURST = 1_000;
const MESSAGES = 2_000;
const LANES = 200;
const ACK = { p99Ms: 500, longestMs: 2_500 };

export const deliveryTargets: readonly Target[] = [
  {
    id: "R6",
    test: `${5 * MESSAGES} shuffled deliveries of ${MESSAGES} messages, as mention, as message and again`,
    good: "one turn and one answer each",
    run: (scale) => inFolder((folder) => duplicates(scale, startOurs(folder))),
    control: { what: "a bot that answers each event", run: (scale) => duplicates(scale, startBoltEcho()) },
  },
  {
    id: "R7",
    test: `${BURST} signed events at once, all answered`,
    good: `acknowledged within ${ACK.p99Ms} ms (p99) and ${ACK.longestMs} ms (longest), each after its row is on disk`,
    run: (scale) => inFolder((folder) => burst(scale, startOurs(folder))),
    control: { what: "Bolt's echo, which keeps nothing", run: (scale) => burst(scale, startBoltEcho()) },
  },
];

async function duplicates(scale: Scale, starting: Promise<SlackProgram>): Promise<Outcome> {
  const program = await starting;
  const messages = partOf(MESSAGES, scale, 50);
  const refused: number[] = [];
  await inLanes(shuffledDuplicates(program.slack, messages), LANES, async (delivery) => {
    const { status } = await program.http.send(delivery);
    if (status !== 200) refused.push(status);
  });
  await until(
    () => program.answers() >= messages,
    () => `${program.answers()} answers`,
  );
  await program.stop();
  const [turns, answers] = [program.turns(), program.answers()];
  return {
    figure: `${Number.isNaN(turns) ? "no" : turns} turns, ${answers} answers to ${messages} messages`,
    good: refused.length === 0 && answers === messages && turns === messages,
  };
}

async function burst(scale: Scale, starting: Promise<SlackProgram>): Promise<Outcome> {
  const program = await starting;
  const count = partOf(BURST, scale, 50);
  // The first question loads what answers.
  await program.http.send(mentions(program, 1, "What did we spend yesterday?")[0] as never);
  await until(
    () => program.answers() === 1,
    () => "the first answer",
  );
  const acks = await program.burst(mentions(program, count, "How much did we spend by service in September 2026?"));
  const kept = program.turns() - 1;
  await until(
    () => program.answers() >= count + 1,
    () => `${program.answers()} answers`,
  );
  await program.stop();
  const times = acks.map(({ ms }) => ms);
  const [p99, longest] = [percentile(times, 0.99), percentile(times, 1)];
  const taken = acks.filter(({ status }) => status === 200).length;
  return {
    figure: `${taken} of ${count} taken, ${Number.isNaN(kept) ? "none" : kept} on disk by then; p99 ${Math.round(p99)} ms, longest ${Math.round(longest)} ms`,
    good: taken === count && kept === count && p99 <= ACK.p99Ms * scale.slower && longest <= ACK.longestMs * scale.slower,
  };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "firstmate-soak-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
