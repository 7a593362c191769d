import type { Reply } from "../core/reply.ts";
import { UserError } from "../errors.ts";
import { priceOf } from "../records/agents/price.ts";
import type { EvalCase, EvalFile } from "./case.ts";
import { judge } from "./judge.ts";
import { type Attempt, type Mode, type Report, type Skipped, sumUp } from "./report.ts";
import { type ScriptedModel, startScriptedModel } from "./scripted-model.ts";
import { type Truths, truthsOf } from "./truths.ts";

export { type EvalFile, loadCases } from "./case.ts";
export { type Mode, type Report, reportText } from "./report.ts";

/** The application over one world, as a person would ask it. */
export interface Asker {
  ask(question: string, conversation: string, signal: AbortSignal): Promise<Reply>;
  close(): Promise<void>;
}

export interface EvalOptions {
  mode: Mode;
  files: readonly EvalFile[];
  /** Opens the application with the world of a file, and with a model at `modelUrl` when given. */
  open(file: EvalFile, modelUrl?: string): Promise<Asker>;
  now(): Date;
  /** Milliseconds, for latencies. */
  clock(): number;
  signal: AbortSignal;
  onAttempt?(attempt: Attempt): void;
}

/** Asks every case and scores what comes. Throws UserError when there is nothing to ask: an empty table proves nothing. */
export async function evaluate(options: EvalOptions): Promise<Report> {
  const { mode, files, now, signal } = options;
  const attempts: Attempt[] = [];
  const skipped: Skipped[] = [];
  const model = mode === "scripted" ? await startScriptedModel() : undefined;
  try {
    for (const file of files) {
      const [wanted, left] = partition(file, mode);
      skipped.push(...left);
      if (wanted.length === 0) continue;
      const asker = await options.open(file, model?.url);
      try {
        const truths = await truthsFor(file, now());
        for (const one of wanted) attempts.push(...(await attemptAll(one, file, { ...options, asker, truths, model })));
      } finally {
        await asker.close();
      }
      signal.throwIfAborted();
    }
  } finally {
    await model?.close();
  }
  if (attempts.length === 0)
    throw new UserError("No case was asked, and that is no result. Name a folder with cases that this agent can be asked.");
  return sumUp(mode, attempts, skipped, today(now()));
}

/** What asking the real model would take: it cannot be tried without. `day` is the day whose list prices hold, "YYYY-MM-DD". */
export function modelNeeds(files: readonly EvalFile[], model: string, day: string): string {
  const questions = files
    .flatMap((file) => partition(file, "model")[0])
    .reduce((sum, one) => sum + one.ask.length + (one.after ? one.ask.length : 0), 0);
  const price = priceOf(model, day);
  const dollars = price ? (questions * (TOKENS.in * price.input + TOKENS.out * price.output)) / 1e6 : undefined;
  const cost =
    dollars === undefined
      ? "its price is not known here"
      : `at most about ${dollars.toFixed(2)} USD at list price, less with what the service caches`;
  const thousands = Math.ceil((questions * (TOKENS.in + TOKENS.out)) / 1_000).toLocaleString("en-US");
  return `It would ask ${questions} questions of ${model} (the setting MODEL): some ${thousands} thousand tokens, ${cost}.`;
}

/** Of one question, as two calls of the model with the tools' definitions and a result; counted at the wire by characters. */
const TOKENS = { in: 9_000, out: 500 } as const;

function partition(file: EvalFile, mode: Mode): [EvalCase[], Skipped[]] {
  const why = (one: EvalCase) => {
    if (one.skip !== undefined) return one.skip;
    if (one.agents && !one.agents.includes(mode)) return `it is for the ${one.agents.join(" and the ")} agent`;
    return mode === "scripted" && !one.script ? "it has no script" : undefined;
  };
  const skipped = file.cases.flatMap((one) => {
    const reason = why(one);
    return reason === undefined ? [] : [{ file: file.name, id: one.id, why: reason }];
  });
  return [file.cases.filter((one) => why(one) === undefined), skipped];
}

const today = (at: Date) => at.toISOString().slice(0, 10);

/** Only the simulated company has records to work truths out from. */
async function truthsFor(file: EvalFile, at: Date): Promise<Truths> {
  if (file.world !== "demo")
    return (expression) => {
      throw new UserError(`“${expression}” needs the simulated company. Write the figure itself in ${file.name}.`);
    };
  const { createWorld } = await import("../demo/world/index.ts");
  const hour = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
  return truthsOf(createWorld(today(hour), undefined, hour));
}

interface Asking extends EvalOptions {
  asker: Asker;
  truths: Truths;
  model: ScriptedModel | undefined;
}

async function attemptAll(one: EvalCase, file: EvalFile, asking: Asking): Promise<Attempt[]> {
  const { asker, truths, model, clock, now, signal, onAttempt } = asking;
  if (one.script) model?.play(one.script);
  const attempts: Attempt[] = [];
  for (const [index, question] of one.ask.entries()) {
    const conversation = `eval:${file.name}:${one.id}:${index}`;
    if (one.after) await asker.ask(one.after, conversation, signal);
    const began = clock();
    const reply = await asker.ask(question, conversation, signal);
    const ms = clock() - began;
    const attempt: Attempt = {
      ...judge(one, { reply, ms }, truths, today(now())),
      file: file.name,
      id: one.id,
      question,
      answer: reply.text,
      ms,
      ...(reply.turn?.usage ? { usage: reply.turn.usage } : {}),
    };
    attempts.push(attempt);
    onAttempt?.(attempt);
  }
  return attempts;
}
