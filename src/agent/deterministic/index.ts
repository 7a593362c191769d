import { setTimeout as delay } from "node:timers/promises";
import type { Agent, Turn } from "../../core/agent.ts";
import { civilDate } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import type { Feed } from "../../core/feed.ts";
import type { Reply, ToolCall } from "../../core/reply.ts";
import { listWords } from "../../core/text.ts";
import { type Finding, hasItsFeeds, readsKind, type Tool } from "../../core/tool.ts";
import { explainError, isForeseen, UserError } from "../../errors.ts";
import { whatWouldAnswer } from "./absent.ts";
import { type Decision, decide, decideCommand } from "./decide.ts";
import { INTENT_WORDS } from "./lexicon.ts";
import { learnTools, type ToolModel } from "./match-tool.ts";
import { namedSkill } from "./named-skill.ts";
import { nearQuestions } from "./near-questions.ts";
import { createVocabularyReader, type Vocabulary } from "./vocabulary.ts";

export interface DeterministicOptions {
  onFault?(error: unknown): void;
  /** Resolves after so many milliseconds, or as soon as `signal` aborts. */
  wait?(ms: number, signal: AbortSignal): Promise<unknown>;
}

export interface DeterministicAgent extends Agent {
  /** Looks at the sources ahead of the first question. Never throws. */
  warm(feeds: readonly Feed[]): Promise<void>;
}

/**
 * The agent that needs no model: it finds the tool whose examples a question resembles, fills in the names and dates it
 * finds, and asks back or says so when it is not sure. The same question on the same data gives the same call.
 */
export function createDeterministicAgent(options: DeterministicOptions = {}): DeterministicAgent {
  const models = new WeakMap<readonly Tool[], Map<string, ToolModel>>();
  const vocabularyOf = createVocabularyReader({
    wait: options.wait ?? ((ms, signal) => delay(ms, undefined, { ref: false, signal }).catch(() => undefined)),
    ...(options.onFault ? { onFault: options.onFault } : {}),
  });
  /** Learnt once per set of tools and kinds of sources. */
  const modelOf = (tools: readonly Tool[], feeds: Turn["context"]["feeds"]) => {
    const perKinds = models.get(tools) ?? new Map<string, ToolModel>();
    models.set(tools, perKinds);
    const key = [...new Set(feeds.map(({ kind }) => kind))].sort().join();
    const known = perKinds.get(key) ?? learnTools(tools.filter((tool) => canAnswer(tool, feeds)));
    perKinds.set(key, known);
    return known;
  };
  return {
    kind: "deterministic",
    async warm(feeds) {
      const { signal } = new AbortController();
      // One after the other: nobody waits for these, and what comes in meanwhile is not kept waiting by all of them at once.
      for (const feed of feeds) await vocabularyOf([feed], signal);
      await vocabularyOf(feeds, signal);
    },
    async *answer(turn, signal) {
      const model = modelOf(turn.tools, turn.context.feeds);
      // Whoever has gone is no fault of ours.
      const onFault = (error: unknown) => {
        if (!signal.aborted) options.onFault?.(error);
      };
      const named = await namedSkill(turn).catch(onFault);
      if (named?.kind === "call") {
        yield* run(turn, named, onFault);
        return;
      }
      let reading: Understanding;
      try {
        reading = understand(turn, model, await vocabularyOf(turn.context.feeds, signal));
      } catch (error) {
        if (!isForeseen(error)) onFault(error);
        yield final(turn, refusal(error));
        return;
      }
      const { decision } = reading;
      if (decision.kind === "call") yield* run(turn, decision, onFault, without(silentFor(decision.tool, reading.vocabulary)));
      else if (decision.kind === "ask") yield final(turn, { ...decision, text: decision.text + without(reading.vocabulary.silent) });
      else yield await answerNone(turn, decision, model, reading, onFault);
    },
  };
}

async function* run(
  turn: Turn,
  { tool, input }: Extract<Decision, { kind: "call" }>,
  onFault: ((error: unknown) => void) | undefined,
  warning = "",
) {
  yield { status: `reading ${tool.title.toLowerCase()} …`, text: "", final: false };
  const reply = await call(turn, tool, input, onFault);
  yield { ...reply, text: reply.text + warning };
}

/** What is not connected, what the knowledge says, or questions near this one. */
async function answerNone(
  turn: Turn,
  { text: reason, foreign = false }: Extract<Decision, { kind: "none" }>,
  model: ToolModel,
  reading: Understanding,
  onFault: ((error: unknown) => void) | undefined,
): Promise<Reply> {
  const missing = whatWouldAnswer(
    turn.message.text,
    turn.context.absent ?? [],
    turn.context.feeds.map(({ kind }) => kind),
  );
  const { text: said } = turn.message;
  // A statement of some length is a question too: "the scanner says resource in use".
  const isUnread = reason === "" && (ASKS.test(said) || said.trim().split(/\s+/).length >= FEWEST_WORDS);
  const isAsked = (foreign || reason === INTENT_WORDS.write) && ASKS.test(said);
  const mayBeWritten = missing === undefined && (isUnread || isAsked);
  const written = mayBeWritten ? await askTheRest(turn, onFault) : undefined;
  if (written) return written;
  const near = missing === undefined ? nearQuestions(turn.message.text, model, reading.vocabulary, reading.today) : [];
  const text = (missing ?? cannotAnswer(reason, near.length > 0, turn)) + without(reading.vocabulary.silent);
  return final(turn, { text, suggestions: near.length > 0 ? near : answerable(model, reading) });
}

const FEWEST_WORDS = 4;

/** A question may be beyond us only because a source is out of reach. */
function without(silent: readonly Feed[]): string {
  const names = listWords(silent.map(({ name }) => name));
  return silent.length === 0 ? "" : ` I could not look at ${names} just now, so names from there are unknown to me; try again in a minute.`;
}

/** The silent sources that this tool might have answered from. */
function silentFor(tool: Tool, { silent }: Vocabulary): readonly Feed[] {
  const readsAll = tool.reads === undefined && "dataset" in tool.input.shape;
  return readsAll ? silent : silent.filter(({ kind }) => readsKind(tool, kind));
}

/** Reads only, and only with a source to read; with none at all the tool itself says what to connect. */
function canAnswer(tool: Tool, feeds: Turn["context"]["feeds"]): boolean {
  return tool.effect === "read" && (feeds.length === 0 || hasItsFeeds(tool, feeds));
}

interface Understanding {
  decision: Decision;
  vocabulary: Vocabulary;
  today: CivilDate;
}

function understand(turn: Turn, model: ToolModel, vocabulary: Vocabulary): Understanding {
  const today = civilDate(turn.context.now, turn.context.user.timeZone);
  const command = /^\/([a-z][\w-]*)\s*([\s\S]*)$/i.exec(turn.message.text.trim());
  if (!command) return { decision: decide(turn.message.text, turn.history, model, vocabulary, today), vocabulary, today };
  const name = (command[1] ?? "").toLowerCase().replaceAll("-", "_");
  const tool = model.tools.find((t) => t.tool.command?.name === name || t.tool.name === name)?.tool;
  if (tool) return { decision: decideCommand(tool, command[2] ?? "", model, vocabulary, today), vocabulary, today };
  const commands = model.tools.flatMap((t) => (t.tool.command ? [`/${t.tool.command.name}`] : []));
  const text = `There is no command “/${command[1]}”. There is ${listWords(commands, 20)}.`;
  return { decision: { kind: "ask", text, suggestions: ["/help"] }, vocabulary, today };
}

const OFFERED = 3;

/** One example of each tool that would really be answered with what is connected now. */
function answerable(model: ToolModel, { vocabulary, today }: Understanding): string[] {
  const offers: string[] = [];
  for (const { tool } of model.tools) {
    const works = (example: string) => {
      const decision = decide(example, [], model, vocabulary, today);
      return !example.includes("{") && decision.kind === "call" && decision.tool === tool;
    };
    const found = tool.name === "help" ? undefined : tool.examples.find(works);
    if (found !== undefined) offers.push(found);
    if (offers.length === OFFERED) break;
  }
  return [...offers, "What can you do?"].slice(0, OFFERED);
}

/** What tools for any question have to say where no other fits; undefined when it is no answer. */
async function askTheRest(turn: Turn, onFault: ((error: unknown) => void) | undefined): Promise<Reply | undefined> {
  for (const tool of turn.tools) {
    if (!tool.answersRest) continue;
    const input = { query: turn.message.text.slice(0, QUERY_LIMIT) };
    const parsed = tool.input.safeParse(input);
    if (!parsed.success) continue;
    try {
      const finding = await tool.run(parsed.data, turn.context);
      if (tool.answersRest(finding)) return replyWith(turn, finding, { name: tool.name, input });
    } catch (error) {
      if (!isForeseen(error)) onFault?.(error);
    }
  }
  return undefined;
}

const QUERY_LIMIT = 400;

/** What documents may answer: a question, not the name of some figure. */
const ASKS =
  /^\W*(?:(?:please|hey|hi|hello|and|so|ok)\W+)*(?:what|how|when|where|why|which|who|should|can|may|must|is|are|do|does|explain|define|describe|tell|teach|guide|look|search|find|i)\b|\?\W*$/i;

async function call(
  turn: Turn,
  tool: Tool,
  input: Record<string, unknown>,
  onFault: ((error: unknown) => void) | undefined,
): Promise<Reply> {
  const started = performance.now();
  const toolCall = { name: tool.name, input };
  const record = (outcome: { finding: Finding } | { error: string }) =>
    turn.record({ call: toolCall, durationMs: Math.round(performance.now() - started), outcome });
  try {
    const parsed = tool.input.safeParse(input);
    if (!parsed.success)
      throw new UserError(
        `I need to know more for that: ${listWords(parsed.error.issues.map((i) => `${i.path.join(".") || "the question"} ${i.message}`))}.${tool.command ? ` For example: \`/${tool.command.name} ${tool.command.hint}\`.` : ""}`,
      );
    const finding = await tool.run(parsed.data, turn.context);
    record({ finding });
    return replyWith(turn, finding, toolCall);
  } catch (error) {
    if (!isForeseen(error)) onFault?.(error);
    const text = explainError(error);
    record({ error: text });
    return final(turn, refusal(error), [toolCall]);
  }
}

function replyWith(turn: Turn, finding: Finding, toolCall: ToolCall): Reply {
  const [first, ...rest] = finding.blocks;
  const isWords = first?.type === "markdown";
  const { receipts, suggestions = [] } = finding;
  return final(turn, { text: isWords ? first.text : finding.content, blocks: isWords ? rest : finding.blocks, receipts, suggestions }, [
    toolCall,
  ]);
}

/** A question that cannot be met is answered; a source or a part of ours that fails is not. */
function refusal(error: unknown): Partial<Reply> & { text: string } {
  const text = explainError(error);
  return error instanceof UserError ? { text, suggestions: error.suggestions } : { text, failed: true };
}

function final(
  turn: Turn,
  reply: Partial<Reply> & { text: string },
  tools: readonly { name: string; input: Record<string, unknown> }[] = [],
): Reply {
  const { text, blocks = [], receipts = [], suggestions = [], failed } = reply;
  return {
    text,
    blocks,
    receipts,
    suggestions,
    final: true,
    ...(failed ? { failed } : {}),
    turn: { id: turn.id, conversation: turn.message.conversation, agent: "deterministic", tools },
  };
}

function cannotAnswer(reason: string, hasNear: boolean, turn: Turn): string {
  const said = reason || "I could not match that to anything I can look up, so I will not guess.";
  if (hasNear) return `${said} Did you mean one of these?`;
  const topics = turn.tools.filter((t) => t.name !== "help" && canAnswer(t, turn.context.feeds)).map((t) => t.title.toLowerCase());
  return `${said} I can answer about ${listWords(topics)}. Try one of these, or ask “what can you do?”.`;
}
