import type { RecordedCall, Turn } from "../../core/agent.ts";
import type { Finding, Tool } from "../../core/tool.ts";
import { untilAborted } from "../../core/until-aborted.ts";
import { explainError, quoteForeign, UserError, VendorError } from "../../errors.ts";
import { createBulkhead } from "./bulkhead.ts";
import type { Guard } from "./guards.ts";
import { cut, type ModelLimits } from "./limits.ts";
import { keep, type TurnLog } from "./log.ts";
import type { createProposalVetting } from "./proposals.ts";
import type { SkillBounds } from "./skills.ts";
import { listNames } from "./tool-set.ts";

/** One tool call as the model made it. `input` is undefined when its JSON could not be read. */
export interface AskedCall {
  name: string;
  input: Readonly<Record<string, unknown>> | undefined;
}

/** Runs a call and gives the text the model reads. Never throws; no unknown error's text comes through. */
export type ToolRunner = (call: AskedCall) => Promise<string>;

export interface RunnerOptions {
  turn: Turn;
  tools: readonly Tool[];
  limits: ModelLimits;
  log: TurnLog;
  /** Aborts when the turn is over, for whatever reason. */
  signal: AbortSignal;
  now(): Date;
  bounds: SkillBounds;
  vet: ReturnType<typeof createProposalVetting>;
  onStatus(words: string): void;
  /** Told of each result as the model is shown it, of the finding behind it, if any, and of the arguments. */
  onResult(shown: string, finding: Finding | undefined, input: unknown): void;
  /** Told of every error that is a bug of ours. */
  onFault(error: unknown): void;
}

export function createToolRunner(options: RunnerOptions): ToolRunner {
  const { tools, limits, log } = options;
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const enter = createBulkhead(limits.parallelTools);
  const isRepeated = createRepeatGuard(limits.sameCalls);

  const refuse = (guard: Guard, words: string) => {
    log.denied.add(guard);
    return words;
  };

  return async ({ name, input }) => {
    const tool = byName.get(name);
    if (!tool)
      return refuse("unknown tool", `There is no tool “${quoteForeign(name)}”. The tools are: ${listNames([...byName.keys()]) || "none"}.`);
    const closed = options.bounds.refuses(name);
    if (closed !== undefined) return refuse("skill bounds", closed);
    const json = JSON.stringify(input);
    if (input === undefined || json.length > limits.argumentCharacters)
      return refuse(
        "arguments",
        `The arguments were not readable JSON, or longer than ${limits.argumentCharacters} characters. Call again with a JSON object that asks for less.`,
      );
    if (isRepeated(`${name} ${json}`))
      return refuse("same call", `The same call was made ${limits.sameCalls} times in a row. Its result does not change: answer from it.`);
    const vetted = options.vet(tool, input);
    return "ask" in vetted ? refuse("written words", vetted.ask) : enter(() => runTool(options, tool, vetted.input));
  };
}

async function runTool(options: RunnerOptions, tool: Tool, input: Readonly<Record<string, unknown>>): Promise<string> {
  const { signal, now, log } = options;
  if (signal.aborted) return STOPPED;
  const started = now().getTime();
  log.running.add(tool.title);
  const outcome = await perform(options, tool, input);
  // The turn has ended without this result: it is no part of the answer, nor of its record.
  if (signal.aborted) return STOPPED;
  log.running.delete(tool.title);

  const recorded: RecordedCall = { call: { name: tool.name, input }, durationMs: now().getTime() - started, outcome };
  keep(log, recorded);
  options.turn.record(recorded);
  const finding = "finding" in outcome ? outcome.finding : undefined;
  if (finding) options.bounds.learn(tool.name, finding);
  const shown = "finding" in outcome ? showFinding(outcome.finding, options.limits) : outcome.error;
  options.onResult(shown, finding, input);
  return shown;
}

const STOPPED = "The turn is over.";

/** Never throws: an error becomes words for the model. */
async function perform(options: RunnerOptions, tool: Tool, input: Readonly<Record<string, unknown>>): Promise<RecordedCall["outcome"]> {
  const { turn, signal, log } = options;
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) return { error: describeIssues(parsed.error.issues) };
  options.onStatus(`${[...log.running].map(inSentence).join(", ")} …`);
  try {
    return { finding: await untilAborted(tool.run(parsed.data, { ...turn.context, signal }), signal) };
  } catch (error) {
    if (error instanceof UserError) log.advice = error.suggestions;
    if (error instanceof UserError || error instanceof VendorError) return { error: explainError(error) };
    // What is cut short fails in any way it likes.
    if (!signal.aborted) options.onFault(error);
    return { error: `tool_failed: ${tool.name} has a fault on our side. Do not call it again; say what is missing.` };
  }
}

/** "Costs" as "costs"; "AI usage" stays. */
function inSentence(title: string): string {
  return title.replace(/^\p{Lu}(?!\p{Lu})/u, (letter) => letter.toLowerCase());
}

function showFinding(finding: Finding, limits: ModelLimits): string {
  const content = finding.content.trim() === "" ? "(The tool found nothing.)" : finding.content;
  return cut(
    content,
    limits.resultCharacters,
    (n) => `\n…(cut: ${n} more characters. Ask for less, such as fewer groups or a shorter period.)`,
  );
}

const ISSUES_SHOWN = 5;

/** Names the fields and what is expected of them; holds nothing of the values. */
function describeIssues(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  const words = issues
    .slice(0, ISSUES_SHOWN)
    .map(({ path, message }) => `${path.map(String).join(".") || "arguments"}: ${quoteForeign(message)}`);
  return `The arguments do not fit. ${words.join("; ")}. Mend them and call again.`;
}

/** True from the n-th identical call in a row on. */
function createRepeatGuard(times: number): (call: string) => boolean {
  let last = "";
  let count = 0;
  return (call) => {
    count = call === last ? count + 1 : 1;
    last = call;
    return count >= times;
  };
}
