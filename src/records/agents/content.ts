import { createRedactor } from "../../telemetry/redact.ts";
import type { AgentEvent } from "./event.ts";

/** What becomes of prompts and responses. */
export type ContentRule = "keep" | "redact" | "drop";

const MOST_CONTENT = 16_000;
const MOST_ERROR = 1_000;
const MOST_METADATA = 16_000;

/** Names under which prompts, answers and a tool's arguments travel: ours, OpenTelemetry's, OpenInference's and OpenLLMetry's. */
const SPOKEN =
  /(?:^|[._-])(?:prompts?|completions?|messages?|contents?|text|query|question|answer|arguments|result|system_?instructions|tool_?definitions|documents?|embeddings?)(?:$|[._-])|^(?:input|output|request|response)(?:\.value|\.body)?$|(?:Prompt|Completion|Message|Content|Text|Answer|Question)s?$/i;
/** Figures and names that only sound alike. */
const NOT_SPOKEN = /tokens?$|(?:^|[._-])(?:id|count|length|type|role|finish_?reasons?|name|version)$/i;
const ADDRESS = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;

const redactSecrets = createRedactor([]);

/**
 * The event as it may be kept. drop: no words of people or models; redact: words without secrets and e-mail addresses; keep: words as they are.
 * Secrets are removed from errors and metadata under every rule, and all is cut to a length; metadata says so where it was.
 */
export function withRule(event: AgentEvent, rule: ContentRule): AgentEvent {
  const { content, error, metadata, ...rest } = event;
  const said = content === undefined || rule === "drop" ? {} : { content: clean(content, rule).slice(0, MOST_CONTENT) };
  // A failed call's message may quote what it was asked.
  const failed = error === undefined ? {} : { error: clean(error, "redact").slice(0, MOST_ERROR) };
  const kept = metadata === undefined ? undefined : bounded(redactSecrets(spokenBy(metadata, rule)) as Record<string, unknown>);
  return { ...rest, ...said, ...failed, ...(kept && Object.keys(kept).length > 0 ? { metadata: kept } : {}) };
}

function clean(text: string, rule: ContentRule): string {
  return rule === "redact" ? redactSecrets(text).replace(ADDRESS, "[address]") : text;
}

function spokenBy(value: Readonly<Record<string, unknown>>, rule: ContentRule, depth = 0): Record<string, unknown> {
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const isSpoken = SPOKEN.test(key) && !NOT_SPOKEN.test(key);
    if (isSpoken && rule === "drop") return [];
    if (isSpoken && rule === "redact")
      return [[key, clean(typeof item === "string" ? item : JSON.stringify(nested(item, "keep", depth)), rule)]];
    return [[key, nested(item, rule, depth)]];
  });
  return Object.fromEntries(entries);
}

const MOST_DEPTH = 8;

function nested(item: unknown, rule: ContentRule, depth: number): unknown {
  if (typeof item !== "object" || item === null) return item;
  if (depth >= MOST_DEPTH) return "[deep]";
  if (Array.isArray(item)) return item.map((each) => nested(each, rule, depth + 1));
  return spokenBy(item as Record<string, unknown>, rule, depth + 1);
}

/** The first fields that fit. */
function bounded(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let left = MOST_METADATA;
  const entries = Object.entries(metadata);
  const kept = entries.filter(([key, value]) => {
    left -= key.length + JSON.stringify(value ?? null).length;
    return left >= 0;
  });
  return Object.fromEntries(kept.length < entries.length ? [...kept, ["truncated", true]] : kept);
}
