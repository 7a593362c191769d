import { join } from "node:path";
import { paretoChart } from "../src/charts/pareto-chart.ts";
import { renderPng } from "../src/charts/render.ts";
import { paretoSample } from "./pareto-sample.ts";
import { checkPicture } from "./picture.ts";
import { runChild, startServer } from "./processes.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";
import { median, timed } from "./statistics.ts";
import { usualPng, usualSpec } from "./usual-chart.ts";

/** P4: the first picture of a fresh process. P5: the pictures after it. */

const QUESTION = "Which services make up 80% of our cloud cost last month?";
const PEER = "compiled and encoded the usual way";
const WARM_UP = 5;
const PICTURES = 15;

export async function measureCharts(folder: string, rounds: number): Promise<Row[]> {
  return [...(await measureFirst(folder, rounds)), ...(await measureWarm(rounds))];
}

async function measureFirst(folder: string, rounds: number): Promise<Row[]> {
  const demo = join(folder, "demo");
  const usual = () => runChild<{ ms: number; png: string }>("first-usual-chart", [], folder);
  // Fills the compile caches.
  await firstPicture(demo);
  await usual();
  const ours: { answerMs: number; pictureMs: number }[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await firstPicture(demo));
    const { ms, png } = await usual();
    await checkPicture(Buffer.from(png, "base64"), "the usual way");
    theirs.push(ms);
  }
  const peer = { name: PEER, values: theirs };
  return [
    rowOf({
      id: "P4",
      what: "first chart after the first answer",
      unit: "ms",
      ours: ours.map((o) => o.pictureMs),
      peer,
      goal: 400,
      ratioGoal: 1.5,
    }),
    rowOf({ id: "P4", what: "first answer (opens DuckDB, reads two years)", unit: "ms", ours: ours.map((o) => o.answerMs) }),
  ];
}

/** Over HTTP, as the console does it: the question, then the picture in its answer. */
async function firstPicture(folder: string): Promise<{ answerMs: number; pictureMs: number }> {
  const server = await startServer(["--demo"], folder);
  try {
    await (await fetch(`${server.url}/health/live`)).arrayBuffer();
    const asked = await timed(async () => {
      const body = JSON.stringify({ question: QUESTION });
      const response = await fetch(`${server.url}/api/v1/ask`, { method: "POST", headers: { "content-type": "application/json" }, body });
      return (await response.json()) as { data?: { text: string; blocks: { type: string; image?: string }[] } };
    });
    const image = asked.result.data?.blocks.find((block) => block.type === "chart")?.image;
    if (!image || !/make up 80%/.test(asked.result.data?.text ?? ""))
      throw new WrongAnswer(`the demo answers ${JSON.stringify(asked.result)}`);
    const drawn = await timed(async () => Buffer.from(await (await fetch(`${server.url}${image}`)).arrayBuffer()));
    await checkPicture(drawn.result, "the first chart");
    return { answerMs: asked.ms, pictureMs: drawn.ms };
  } finally {
    await server.stop();
  }
}

async function measureWarm(rounds: number): Promise<Row[]> {
  const ours = { ms: [] as number[], kb: [] as number[] };
  const usual = { ms: [] as number[], kb: [] as number[] };
  let seed = 0;
  for (let round = -1; round < rounds; round++) {
    const some = await alternate(round < 0 ? WARM_UP : PICTURES, () => seed++);
    if (round < 0) continue;
    for (const [kept, of] of [
      [ours, some.ours],
      [usual, some.usual],
    ] as const) {
      kept.ms.push(median(of.map((picture) => picture.ms)));
      kept.kb.push(median(of.map((picture) => picture.kb)));
    }
  }
  return [
    rowOf({
      id: "P5",
      what: "warm Pareto chart, 20 bars",
      unit: "ms",
      ours: ours.ms,
      peer: { name: PEER, values: usual.ms },
      goal: 30,
      ratioGoal: 0.75,
    }),
    rowOf({
      id: "P5",
      what: "its size as PNG",
      unit: "kB",
      ours: ours.kb,
      peer: { name: PEER, values: usual.kb },
      goal: 40,
      ratioGoal: 0.5,
    }),
  ];
}

interface Picture {
  ms: number;
  kb: number;
}

/** One of ours, one of theirs, and again: what else the machine does meets both. */
async function alternate(times: number, nextSeed: () => number): Promise<{ ours: Picture[]; usual: Picture[] }> {
  const ours: Picture[] = [];
  const usual: Picture[] = [];
  for (let i = 0; i < times; i++) {
    const sample = paretoSample(nextSeed());
    const mine = await timed(() => renderPng(paretoChart(sample).spec));
    const theirs = await timed(() => usualPng(usualSpec(sample.items, sample.title)));
    await checkPicture(mine.result, "our chart");
    await checkPicture(theirs.result, "the usual way");
    ours.push({ ms: mine.ms, kb: mine.result.length / 1000 });
    usual.push({ ms: theirs.ms, kb: theirs.result.length / 1000 });
  }
  return { ours, usual };
}
