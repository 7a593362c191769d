import type { Turn } from "../../core/agent.ts";
import type { Tool } from "../../core/tool.ts";
import { houseContext, SYSTEM_PROMPT } from "../prompt.ts";
import type { MakeChat } from "./chat.ts";
import type { ToolDefinition } from "./definitions.ts";
import { conversation } from "./history.ts";
import { type Libraries, silenceTracing } from "./libraries.ts";
import { type ModelLimits, recursionLimit } from "./limits.ts";
import type { TurnLog } from "./log.ts";
import type { Meter } from "./meter.ts";
import type { Progress } from "./progress.ts";
import { createProposalVetting } from "./proposals.ts";
import type { Release } from "./release.ts";
import { type AskedCall, createToolRunner } from "./runner.ts";
import { createSkillBounds, OPEN_SKILL } from "./skills.ts";
import { step } from "./step.ts";
import { CALL_TOOL, FIND_TOOLS, type ToolSet, toolSetOf } from "./tool-set.ts";

/** What all turns share. */
export interface Equipment {
  libraries: Libraries;
  makeChat: MakeChat;
  /** Others know no marks for a cache: they get plain texts and LangChain's own tools. */
  isAnthropic: boolean;
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
 * Lets model and tools talk until the model has answered or a limit is met. What happened stands in the log, the meter
 * and the progress. Rejects when the model fails or `signal` aborts.
 */
export async function converse(equipment: Equipment, talk: Talk): Promise<void> {
  const { libraries, makeChat, isAnthropic, limits } = equipment;
  const { turn, release, meter, signal } = talk;
  signal.throwIfAborted();
  silenceTracing();
  const tools = offered(turn.tools);
  const set = toolSetOf(tools);
  const model = makeChat((chunk) => {
    if (chunk.usage) meter.see(chunk.usage, chunk.model);
    release.write(chunk.text);
  });
  const agent = libraries.createAgent({
    model,
    tools: isAnthropic ? [...set.definitions] : set.definitions.map((definition) => plainTool(libraries, definition)),
    systemPrompt: new libraries.SystemMessage({ content: isAnthropic ? systemBlocks(talk) : systemTexts(talk).join("\n\n") }),
    middleware: [createGuard(equipment, talk, tools, set)],
  });
  const before = turn.history.at(-1)?.calls ?? [];
  const hint = set.likely(
    turn.message.text,
    before.map(({ name }) => name),
  );
  const { HumanMessage, AIMessage } = libraries;
  const messages = conversation(turn, limits, hint).map(({ role, content: marked }) => {
    const content = isAnthropic || typeof marked === "string" ? marked : marked.map(({ text }) => ({ type: "text" as const, text }));
    return role === "user" ? new HumanMessage({ content }) : new AIMessage({ content });
  });
  await agent.invoke({ messages }, { signal, recursionLimit: recursionLimit(limits) });
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

/** Never run: the guard answers every call. */
function plainTool({ tool }: Libraries, { name, description, input_schema: schema }: ToolDefinition) {
  return tool(async () => "", { name, description, schema: { ...schema } });
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

/** Our one middleware: every model call and every tool call goes through it, so the limits hold whatever the model does. */
function createGuard({ libraries, limits, isAnthropic }: Equipment, talk: Talk, tools: Turn["tools"], set: ToolSet) {
  const { turn, log, meter, progress, release, signal, now, onFault } = talk;
  const started = now().getTime();
  const elapsedMs = () => now().getTime() - started;
  const bounds = createSkillBounds();
  const runTool = createToolRunner({
    ...{ turn, tools, limits, log, signal, now, bounds, onFault },
    vet: createProposalVetting(release.vet),
    onStatus: progress.status,
    onResult: release.learn,
  });

  return libraries.createMiddleware({
    name: "FirstmateGuard",
    wrapModelCall: (request, handler) =>
      step(libraries, { limits, log, meter, release, signal, elapsedMs, hasTools: tools.length > 0 }, async (mayUseTools, more) => {
        const added = more ? [new libraries.AIMessage(more.said), new libraries.HumanMessage(more.ask)] : [];
        const asked = { ...request, messages: [...request.messages, ...added] };
        // From the second call on, what was read so far is worth keeping: it comes again with the next one.
        const modelSettings =
          isAnthropic && meter.calls > 1 ? { ...request.modelSettings, cache_control: { type: "ephemeral" } } : request.modelSettings;
        const settled = modelSettings ? { ...asked, modelSettings } : asked;
        return handler(mayUseTools || tools.length === 0 ? settled : { ...settled, toolChoice: "none" });
      }),
    // The tools are known to LangChain by definition only; this runs them, the unknown ones too.
    wrapToolCall: async ({ toolCall: { id = "", name, args } }) => {
      const find = name === FIND_TOOLS ? set.find : undefined;
      if (find) {
        const content = find(typeof args.query === "string" ? args.query : "", bounds.allowed);
        return new libraries.ToolMessage({ content, name, tool_call_id: id });
      }
      const asked = calledBy(name, log.unreadable.has(id) ? undefined : args);
      const shown = await runTool(asked);
      const content = asked.name === OPEN_SKILL && bounds.allowed ? `${shown}${set.inside(bounds.allowed)}` : shown;
      return new libraries.ToolMessage({ content, name, tool_call_id: id });
    },
  });
}

/** A call through `call_tool` is the call of that tool, for the limits, the record and the receipts. */
function calledBy(name: string, args: Readonly<Record<string, unknown>> | undefined): AskedCall {
  if (name !== CALL_TOOL || typeof args?.name !== "string") return { name, input: args };
  const { input = {} } = args;
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  return { name: args.name, input: isObject ? (input as Readonly<Record<string, unknown>>) : undefined };
}
