import type { Anthropic } from "@anthropic-ai/sdk";
import type { Turn } from "../../core/agent.ts";
import { SYSTEM_PROMPT } from "../prompt.ts";
import { createChat, type ModelOptions } from "./chat.ts";
import { defineForModel } from "./definitions.ts";
import { conversation } from "./history.ts";
import { type Libraries, silenceTracing } from "./libraries.ts";
import { type ModelLimits, recursionLimit } from "./limits.ts";
import type { TurnLog } from "./log.ts";
import type { Meter } from "./meter.ts";
import type { Progress } from "./progress.ts";
import type { Release } from "./release.ts";
import { createToolRunner } from "./runner.ts";
import { step } from "./step.ts";

/** What all turns share. */
export interface Equipment {
  libraries: Libraries;
  client: Anthropic;
  options: ModelOptions;
  limits: ModelLimits;
}

/** What one turn works with. */
export interface Talk {
  turn: Turn;
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
  const { libraries, client, options, limits } = equipment;
  const { turn, release, meter, signal } = talk;
  signal.throwIfAborted();
  silenceTracing();
  const tools = turn.tools.filter(({ effect, proposes }) => effect === "read" || proposes);
  const model = createChat(libraries, client, options, limits, (chunk) => {
    if (chunk.usage) meter.see(chunk.usage, chunk.model);
    release.write(chunk.text);
  });
  const agent = libraries.createAgent({
    model,
    tools: defineForModel(tools),
    systemPrompt: new libraries.SystemMessage({
      content: [{ type: "text", text: SYSTEM_PROMPT, cache_control: { type: "ephemeral" } }],
    }),
    middleware: [createGuard(equipment, talk, tools)],
  });
  await agent.invoke({ messages: conversation(turn, limits) }, { signal, recursionLimit: recursionLimit(limits) });
}

/** Our one middleware: every model call and every tool call goes through it, so the limits hold whatever the model does. */
function createGuard({ libraries, limits }: Equipment, talk: Talk, tools: Turn["tools"]) {
  const { turn, log, meter, progress, release, signal, now, onFault } = talk;
  const started = now().getTime();
  const elapsedMs = () => now().getTime() - started;
  const runTool = createToolRunner({ turn, tools, limits, log, signal, now, onStatus: progress.status, onResult: release.learn, onFault });

  return libraries.createMiddleware({
    name: "FirstmateGuard",
    wrapModelCall: (request, handler) =>
      step(libraries, { limits, log, meter, release, signal, elapsedMs, hasTools: tools.length > 0 }, async (mayUseTools, more) => {
        const added = more ? [new libraries.AIMessage(more.said), new libraries.HumanMessage(more.ask)] : [];
        const asked = { ...request, messages: [...request.messages, ...added] };
        return handler(mayUseTools || tools.length === 0 ? asked : { ...asked, toolChoice: "none" });
      }),
    // The tools are known to LangChain by definition only; this runs them, the unknown ones too.
    wrapToolCall: async ({ toolCall: { id = "", name, args } }) => {
      const content = await runTool({ name, input: log.unreadable.has(id) ? undefined : args });
      return new libraries.ToolMessage({ content, name, tool_call_id: id });
    },
  });
}
