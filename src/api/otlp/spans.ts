import { quoteForeign } from "../../errors.ts";
import { type AgentEvent, OWN_AGENT } from "../../records/agents/index.ts";
import { type Span as TimeSpan, timeFault } from "../agents/read-events.ts";
import { type Attributes, attributesOf, type OtlpSpan, type TraceRequest } from "./schema.ts";

/**
 * Spans as agent events, by the semantic conventions for generative AI (opentelemetry.io/docs/specs/semconv/gen-ai). A call of a model is
 * a "response", or an "error" when it failed; an `invoke_agent` a "message"; `execute_tool` a "tool". Tokens and response times are those of
 * the calls of models, since the spans around them repeat their sums. Attributes that have no place in an event stay in its metadata.
 */
export interface MappedSpans {
  events: { agent: string; event: AgentEvent }[];
  /** Why spans of generative AI were not taken, one entry each. */
  rejected: string[];
  /** Spans of other things; they are no agent's events. */
  others: number;
}

const MOST_NAME = 120;

/** `agent`: whose all the spans are, whatever they say themselves. */
export function mapSpans(request: TraceRequest, times: TimeSpan, agent?: string): MappedSpans {
  const mapped: MappedSpans = { events: [], rejected: [], others: 0 };
  for (const { resource, scopeSpans } of request.resourceSpans ?? []) {
    const about = attributesOf(resource?.attributes);
    const spans = (scopeSpans ?? [])
      .flatMap(({ spans: some }) => some ?? [])
      .map((span) => ({ span, attributes: attributesOf(span.attributes) }));
    const byId = new Map(spans.map((each) => [each.span.spanId.toLowerCase(), each]));
    for (const { span, attributes } of spans) {
      if (![...attributes.keys()].some((key) => key.startsWith("gen_ai."))) mapped.others += 1;
      else {
        const name = agent ?? agentOf({ span, attributes }, byId) ?? textOf(about, "service.name");
        const result = mapSpan(span, attributes, about, { name, times });
        if (typeof result === "string") mapped.rejected.push(result);
        else mapped.events.push(result);
      }
    }
  }
  return mapped;
}

interface Known {
  span: OtlpSpan;
  attributes: Attributes;
}

const MOST_STEPS = 64;

/** The agent a span names, or the nearest span around it in the same request. */
function agentOf(start: Known, byId: ReadonlyMap<string, Known>): string | undefined {
  let at: Known | undefined = start;
  for (let step = 0; at && step < MOST_STEPS; step++) {
    const name = textOf(at.attributes, "gen_ai.agent.name", "gen_ai.agent.id");
    if (name) return name;
    at = byId.get(at.span.parentSpanId?.toLowerCase() ?? "");
  }
  return undefined;
}

function mapSpan(
  span: OtlpSpan,
  attributes: Attributes,
  about: Attributes,
  { name, times }: { name: string | undefined; times: TimeSpan },
): { agent: string; event: AgentEvent } | string {
  const agent = name?.trim();
  if (!/^[0-9a-f]{32}$/i.test(span.traceId) || !/^[0-9a-f]{16}$/i.test(span.spanId)) return "a span has no valid trace id and span id";
  if (!agent) return "a span names no agent: set gen_ai.agent.name on it, or service.name on its resource";
  if (agent === OWN_AGENT) return `“${OWN_AGENT}” is Firstmate itself: give your agent another name`;
  if (agent.length > MOST_NAME || /\p{Cc}/u.test(agent))
    return `an agent's name has at most ${MOST_NAME} characters and no control characters`;
  const end = span.endTimeUnixNano ?? span.startTimeUnixNano;
  const at = new Date(end === undefined || end === null ? Number.NaN : Number(end / 1_000_000n));
  if (Number.isNaN(at.getTime())) return "a span has no time";
  const fault = timeFault(at, times);
  if (fault) return `the time of a span ${fault}`;
  return { agent, event: eventOf(span, attributes, about, at) };
}

/** Operations that are one call of a model; without a name, a span with tokens is one. */
const MODEL_CALLS = ["chat", "text_completion", "generate_content"];
const OTHER_TYPES: Readonly<Record<string, string>> = { invoke_agent: "message", invoke_workflow: "workflow", execute_tool: "tool" };

const MAPPED = [
  ...["gen_ai.operation.name", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.prompt_tokens"],
  ...["gen_ai.usage.completion_tokens", "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_creation.input_tokens"],
];

function eventOf(span: OtlpSpan, attributes: Attributes, about: Attributes, at: Date): AgentEvent {
  const operation = textOf(attributes, "gen_ai.operation.name") ?? "chat";
  const isCall = MODEL_CALLS.includes(operation);
  const failure = failureOf(span, attributes);
  const type = isCall ? (failure === undefined ? "response" : "error") : (OTHER_TYPES[operation] ?? wordOf(operation));
  const model = textOf(attributes, "gen_ai.response.model", "gen_ai.request.model")?.slice(0, MOST_NAME);
  const userId = textOf(attributes, "user.id", "enduser.id", "enduser.pseudo.id") ?? textOf(about, "user.id", "enduser.id");
  const ms = isCall && failure === undefined ? durationMs(span) : undefined;
  return {
    id: `${span.traceId}:${span.spanId}`.toLowerCase(),
    at,
    type,
    ...(model ? { model } : {}),
    ...(userId ? { userId: userId.slice(0, 200) } : {}),
    ...(isCall || operation === "embeddings" ? tokensOf(attributes, operation) : {}),
    ...(ms === undefined ? {} : { responseTimeMs: ms }),
    ...(isCall && failure !== undefined ? { error: failure } : {}),
    metadata: metadataOf(span, attributes, about, isCall || operation === "embeddings" ? MAPPED : ["gen_ai.operation.name"]),
  };
}

/** What went wrong; undefined when nothing did. */
function failureOf({ status, events }: OtlpSpan, attributes: Attributes): string | undefined {
  const kind = textOf(attributes, "error.type");
  const isError = status?.code === 2 || status?.code === "STATUS_CODE_ERROR";
  if (!isError && kind === undefined) return undefined;
  const thrown = events?.find(({ name }) => name === "exception");
  const message = status?.message || (thrown && textOf(attributesOf(thrown.attributes), "exception.message"));
  return [kind, message].filter(Boolean).join(": ") || "error";
}

function durationMs({ startTimeUnixNano: start, endTimeUnixNano: end }: OtlpSpan): number | undefined {
  if (start === undefined || start === null || end === undefined || end === null || end < start) return undefined;
  return Number((end - start) / 1_000n) / 1_000;
}

/** By the conventions the tokens read from and written to a cache are among those that went in. An embedding has no tokens that come out. */
function tokensOf(attributes: Attributes, operation: string): Partial<AgentEvent> {
  const input = countOf(attributes, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens");
  const output =
    countOf(attributes, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens") ??
    (operation === "embeddings" && input !== undefined ? 0 : undefined);
  const read = countOf(attributes, "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens");
  const written = countOf(attributes, "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens");
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(read === undefined ? {} : { cacheReadTokens: read }),
    ...(written === undefined ? {} : { cacheWriteTokens: written }),
  };
}

function metadataOf(span: OtlpSpan, attributes: Attributes, about: Attributes, mapped: readonly string[]): Record<string, unknown> {
  const rest = [...attributes].filter(([key]) => !mapped.includes(key));
  const ms = durationMs(span);
  const events = (span.events ?? []).map(({ name, attributes: own }) => ({ name: name ?? "", ...Object.fromEntries(attributesOf(own)) }));
  return Object.fromEntries([
    ["span", span.name ?? ""],
    ...(span.parentSpanId ? [["parentSpanId", span.parentSpanId.toLowerCase()] as const] : []),
    ...(ms === undefined ? [] : [["durationMs", ms] as const]),
    ...rest,
    ...(about.size > 0 ? [["resource", Object.fromEntries(about)] as const] : []),
    ...(events.length > 0 ? [["events", events] as const] : []),
  ]);
}

function textOf(attributes: Attributes, ...names: readonly string[]): string | undefined {
  return names.map((name) => attributes.get(name)).find((value): value is string => typeof value === "string" && value.trim() !== "");
}

const MOST_TOKENS = 1e12;

function countOf(attributes: Attributes, ...names: readonly string[]): number | undefined {
  return names
    .map((name) => attributes.get(name))
    .find((value): value is number => typeof value === "number" && value >= 0 && value <= MOST_TOKENS);
}

/** An operation nobody foresaw, as a type. */
function wordOf(operation: string): string {
  return (
    quoteForeign(operation)
      .replace(/[^\w.-]+/g, "_")
      .slice(0, 40) || "other"
  );
}
