import type { Composed, Digest, DigestOrder } from "../core/digest.ts";
import type { Jobs } from "../core/jobs.ts";
import type { User } from "../core/message.ts";
import { listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import { type ClaimedRun, type DigestRuns, type Post, postKey, type UntoldRun } from "../records/digest-runs.ts";
import type { DigestSubscriptions, Subscription } from "../records/digest-subscriptions.ts";
import { shaped } from "./outside.ts";
import { ON_TIME_MS, planSubscription } from "./plan.ts";
import { toWall } from "./schedule/wall-time.ts";

export interface EngineOptions {
  digests: readonly Digest[];
  subscriptions: DigestSubscriptions;
  runs: DigestRuns;
  /** Brings due slots to the processes that share the ledger. */
  jobs: Jobs;
  /** What the tools of a digest may use. `scope`: the project it is narrowed to. */
  context(user: User, now: Date, signal: AbortSignal, scope?: string): ToolContext;
  now(): Date;
  /** Names this process among those that share the database. */
  owner: string;
  /** A slot is made by one process for so long, in milliseconds; longer than a digest may take. */
  leaseMs: number;
  /** Longest time one digest may take. */
  composeMs: number;
  timeout(ms: number): AbortSignal;
  onFault(error: unknown): void;
  onRun?(event: { digest: string; state: string; latenessMs: number }): void;
}

export interface DigestEngine {
  /** Writes down what has become due. */
  plan(): Promise<void>;
  /**
   * Puts up what is due, and makes what this process gets of it, one after the other, until nothing is left; each goes into the outbox, and
   * then `made` is called. Never throws for what a source did.
   */
  makeDue(signal: AbortSignal, made?: () => void): Promise<void>;
  /** A digest as the subscription would get it at that time, with nothing kept. */
  compose(subscription: Pick<Subscription, "digest" | "order" | "timeZone" | "scope">, at: Date, signal: AbortSignal): Promise<Composed>;
}

/** A source that fails at nine is asked again; after the last try the digest says that it could not be made. */
const TRIES = 3;
const RETRY_MS = 3 * 60_000;
/** A digest whose making has ended the process so often is not made again. */
const MOST_CLAIMS = 8;
/** What is left of a flood is put up with the next tick. */
const MOST_DUE = 1_000;

export function createDigestEngine(options: EngineOptions): DigestEngine {
  const { subscriptions, runs, jobs, now, owner } = options;

  async function plan(): Promise<void> {
    for (const subscription of await subscriptions.list()) {
      try {
        const slots = await planSubscription(subscription, runs, now());
        for (const { state, dueAt } of slots)
          if (state === "missed") options.onRun?.({ digest: subscription.digest, state, latenessMs: now().getTime() - dueAt.getTime() });
      } catch (error) {
        options.onFault(error);
      }
    }
  }

  async function makeDue(signal: AbortSignal, made = () => {}): Promise<void> {
    await jobs.offer(await runs.due(MOST_DUE));
    await jobs.drain(async (id) => {
      await make(id, signal);
      made();
    }, signal);
  }

  async function make(id: string, signal: AbortSignal): Promise<void> {
    const run = await runs.claim(id, owner, options.leaseMs);
    // Made by another meanwhile.
    if (!run) return;
    const subscription = (await subscriptions.list()).find((one) => one.id === run.subscriptionId);
    // Removed in between; its runs go with it.
    if (!subscription) return;
    const end = run.attempts < MOST_CLAIMS ? await makeRun(run, subscription, signal) : givenUp(run, subscription);
    const kept = await runs.finish({ id: run.id, owner }, end);
    if (kept) options.onRun?.({ digest: subscription.digest, state: end.state, latenessMs: now().getTime() - run.dueAt.getTime() });
  }

  async function makeRun(run: ClaimedRun, subscription: Subscription, signal: AbortSignal) {
    try {
      const untold = await runs.untold(subscription.id);
      const composed = await compose(subscription, run.dueAt, signal);
      const told = untold.map(({ id }) => id);
      if (composed.quiet && subscription.whenQuiet === "nothing" && untold.length === 0) return { state: "quiet" as const };
      const notes = [...lateNote(run, subscription, now()), ...untoldNote(untold)];
      return { state: "queued" as const, posts: postsOf(run, subscription, composed, notes), told };
    } catch (error) {
      if (signal.aborted) return { state: "due" as const, retryAt: now(), error: "the bot was stopped" };
      const mayPass = !(error instanceof UserError);
      if (mayPass && run.attempts + 1 < TRIES)
        return { state: "due" as const, retryAt: new Date(now().getTime() + RETRY_MS), error: explainError(error) };
      if (mayPass) options.onFault(error);
      return { state: "failed" as const, posts: [sorry(run, subscription, error)], told: [run.id], error: explainError(error) };
    }
  }

  function compose(
    { digest: name, order, timeZone, scope }: Pick<Subscription, "digest" | "order" | "timeZone" | "scope">,
    at: Date,
    signal: AbortSignal,
  ): Promise<Composed> {
    const digest = options.digests.find((d) => d.name === name);
    if (!digest) throw new UserError(`There is no digest “${name}” any more. There is ${listWords(options.digests.map((d) => d.name))}.`);
    const limit = AbortSignal.any([signal, options.timeout(options.composeMs)]);
    // Reads alone, and nobody's own rights: everyone in the place reads along.
    const user: User = { id: `firstmate:digest:${name}`, name: digest.title, timeZone, roles: ["viewer"] };
    return digest.compose(order satisfies DigestOrder, options.context(user, at, limit, scope));
  }

  return { plan, makeDue, compose };
}

function postsOf(
  run: ClaimedRun,
  { channel, conversation }: Subscription,
  { reply, details, calls }: Composed,
  notes: readonly string[],
): Post[] {
  const key = postKey(run.id);
  const text = [...notes, reply.text].join("\n");
  const trace = { id: key, conversation, agent: "deterministic" as const, tools: calls.map(({ call }) => call) };
  const form = shaped(channel, { reply: { ...reply, text, turn: trace }, details }, { id: key, at: run.dueAt });
  const posts: Post[] = [{ key, channel, conversation, reply: JSON.stringify(form.reply) }];
  if (form.details) posts.push({ key: `${key}:details`, channel, conversation, reply: JSON.stringify(form.details), after: key });
  return posts;
}

function givenUp(run: ClaimedRun, subscription: Subscription) {
  const error = new UserError(`It was begun ${MOST_CLAIMS} times and never ended.`);
  return { state: "failed" as const, posts: [sorry(run, subscription, error)], told: [run.id], error: error.message };
}

function sorry(run: ClaimedRun, { channel, conversation, digest, timeZone }: Subscription, error: unknown): Post {
  const text = `The ${digest} digest of ${toWall(run.dueAt, timeZone).slice(11)} could not be made. ${explainError(error)}`;
  const key = postKey(run.id);
  const { reply } = shaped(channel, { reply: { text, failed: true, final: true } }, { id: key, at: run.dueAt });
  return { key, channel, conversation, reply: JSON.stringify(reply) };
}

function lateNote(run: ClaimedRun, { timeZone }: Subscription, now: Date): string[] {
  const late = now.getTime() - run.dueAt.getTime();
  if (late <= ON_TIME_MS) return [];
  const due = toWall(run.dueAt, timeZone);
  const sameDay = due.slice(0, 10) === toWall(now, timeZone).slice(0, 10);
  return [`_Late: due ${sameDay ? due.slice(11) : due.replace("T", " ")}._`];
}

const FATES: Readonly<Record<UntoldRun["state"], string>> = {
  missed: "was missed",
  failed: "could not be made",
  refused: "could not be posted",
  unknown: "may not have arrived",
};

/** One line about what was not sent since the last one. */
function untoldNote(runs: readonly UntoldRun[]): string[] {
  const newest = runs.at(-1);
  if (!newest) return [];
  const [day = "", time = ""] = (newest.slot.split(" ")[0] ?? "").split("T");
  const more = runs.length > 1 ? ` and ${runs.length - 1} before it` : "";
  return [`_The digest of ${day} ${time} ${FATES[newest.state]}${more}._`];
}
