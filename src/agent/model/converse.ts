import type { BaseMessage } from "@langchain/core/messages";
import type { Turn } from "../../core/agent.ts";
import type { Tool } from "../../core/tool.ts";
import { untilAborted } from "../../core/until-aborted.ts";
import { houseContext, SYSTEM_PROMPT } from "../prompt.ts";
import type { AskModel } from "./chat.ts";
import { conversation } from "./history.ts";
import { type Libraries, silenceTracing } from "./libraries.ts";
import type { ModelLimits } from "./limits.ts";
import { listen } from "./listen.ts";
import type { TurnLog } from "./log.ts";
import type { Meter } from "./meter.ts";
import type { Progress } from "./progress.ts";
import { createProposalVetting } from "./proposals.ts";
import type { ModelName } from "./providers.ts";
import type { Release } from "./release.ts";
import { type AskedCall, createToolRunner } from "./runner.ts";
import { createSkillBounds, OPEN_SKILL } from "./skills.ts";
import { type CallModel, step } from "./step.ts";
import { CALL_TOOL, FIND_TOOLS, type ToolSet, toolSetOf } from "./tool-set.ts";

/** What all turns share. */
export interface Equipment {
  libraries: Libraries;
  ask: AskModel;
  /** Others know no marks for a cache: they get plain texts and LangChain's own tools. */
  isAnthropic: boolean;
  model: ModelName;
  limits: ModelLimits;
}

/** What one turn works with. */
export interface Talk {
  turn: Turn;
  /** Names of the skills that can be opened. */
  skills: readonly string[];
  log: TurnLog;
  meter: Meter;
  progress: Progress;
  release: Release;
  signal: AbortSignal;
  now(): Date;
  onFault(error: unknown): void;
}

/**
 * Lets model and tools talk until the model has answered or a limit is met: every call of the model and of a tool goes through here, so the
 * limits hold whatever the model does. What happened stands in the log, the meter and the progress. Rejects when the model fails or `signal`
 * aborts.
 */
export async function converse(equipment: Equipment, talk: Talk): Promise<void> {
  const { libraries, limits, model } = equipment;
  const { turn, log, meter, release, signal, now } = talk;
  silenceTracing();
  const tools = offered(turn.tools);
  const set = toolSetOf(tools);
  const messages = opening(equipment, talk, set);
  const callModel = caller(equipment, talk, set, messages);
  const callTool = toolCaller(equipment, talk, tools, set);
  const started = now().getTime();
  const options = { model, limits, log, meter, release, signal, elapsedMs: () => now().getTime() - started, hasTools: tools.length > 0 };
  for (;;) {
    signal.throwIfAborted();
    const said = await step(libraries, options, callModel);
    const calls = said.tool_calls ?? [];
    if (calls.length === 0) return;
    messages.push(said, ...(await Promise.all(calls.map(callTool))));
    talk.progress.status("putting it together …");
  }
}

/** What the model reads first: the system's words, the conversation so far, and the question. */
function opening({ libraries, isAnthropic, limits }: Equipment, talk: Talk, set: ToolSet): BaseMessage[] {
  const { turn } = talk;
  const { HumanMessage, AIMessage, SystemMessage } = libraries;
  const before = turn.history.at(-1)?.calls ?? [];
  const hint = set.likely(
    turn.message.text,
    before.map(({ name }) => name),
  );
  const talked = conversation(turn, limits, hint).map(({ role, content: marked }) => {
    const content = isAnthropic || typeof marked === "string" ? marked : marked.map(({ text }) => ({ type: "text" as const, text }));
    return role === "user" ? new HumanMessage({ content }) : new AIMessage({ content });
  });
  return [new SystemMessage({ content: isAnthropic ? systemBlocks(talk) : systemTexts(talk).join("\n\n") }), ...talked];
}

const offers = new WeakMap<readonly Tool[], readonly Tool[]>();

/** Reads, and writes that only propose; the same array for the same tools. */
function offered(tools: readonly Tool[]): readonly Tool[] {
  const known = offers.get(tools);
  // Tools that become known late join the list itself.
  const fit = tools.filter(({ effect, proposes }) => effect === "read" || proposes);
  if (known?.length === fit.length) return known;
  offers.set(tools, fit);
  return fit;
}

function systemTexts({ turn, skills }: Talk): string[] {
  return [SYSTEM_PROMPT, houseContext(turn, skills)].filter((text) => text !== "");
}

/** The same bytes in every turn of a deployment. */
function systemBlocks(talk: Talk) {
  const texts = systemTexts(talk);
  return texts.map((text, i) => ({
    type: "text" as const,
    text,
    ...(i === texts.length - 1 ? { cache_control: { type: "ephemeral" as const } } : {}),
  }));
}

function caller({ libraries, ask, limits }: Equipment, { meter, release, signal }: Talk, set: ToolSet, messages: BaseMessage[]): CallModel {
  return async (mayUseTools, more) => {
    const added = more ? [new libraries.AIMessage(more.said), new libraries.HumanMessage(more.ask)] : [];
    const asked = { messages: [...messages, ...added], tools: set.definitions, mayUseTools, comesAgain: meter.calls > 1, signal };
    const heard = ask(asked).then((pieces) =>
      listen(pieces, limits, ({ text, usage, model }) => {
        if (usage) meter.see(usage, model);
        release.write(text);
      }),
    );
    return untilAborted(heard, signal);
  };
}

type Answering = (call: { id?: string; name: string; args: Record<string, unknown> }) => Promise<BaseMessage>;

/** Answers each call of the model, those of tools that there are not too. Never rejects. */
function toolCaller({ libraries, limits }: Equipment, talk: Talk, tools: Turn["tools"], set: ToolSet): Answering {
  const { turn, log, progress, release, signal, now, onFault } = talk;
  const bounds = createSkillBounds();
  const runTool = createToolRunner({
    ...{ turn, tools, limits, log, signal, now, bounds, onFault },
    vet: createProposalVetting(release),
    onStatus: progress.status,
    onResult: release.learn,
  });

  return async ({ id = "", name, args }) => {
    const find = name === FIND_TOOLS ? set.find : undefined;
    if (find) {
      const content = find(typeof args.query === "string" ? args.query : "", bounds.allowed);
      return new libraries.ToolMessage({ content, name, tool_call_id: id });
    }
    const asked = calledBy(name, log.unreadable.has(id) ? undefined : args);
    const shown = await runTool(asked);
    const content = asked.name === OPEN_SKILL && bounds.allowed ? `${shown}${set.inside(bounds.allowed)}` : shown;
    return new libraries.ToolMessage({ content, name, tool_call_id: id });
  };
}

/** A call through `call_tool` is the call of that tool, for the limits, the record and the receipts. */
function calledBy(name: string, args: Readonly<Record<string, unknown>> | undefined): AskedCall {
  if (name !== CALL_TOOL || typeof args?.name !== "string") return { name, input: args };
  const { input = {} } = args;
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  return { name: args.name, input: isObject ? (input as Readonly<Record<string, unknown>>) : undefined };
}
