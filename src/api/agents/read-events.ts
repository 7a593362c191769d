import { HttpError } from "../../core/http.ts";
import type { AgentEvent } from "../../records/agents/index.ts";
import { validate } from "../validate.ts";
import { eventSchema, toEvent } from "./event-schema.ts";
import { mediaType } from "./read-sent.ts";

export const MOST_EVENTS = 5_000;
const MOST_FAULTS = 20;
const DAY_MS = 86_400_000;

/** The instants an event may be of. */
export interface Span {
  oldest: Date;
  now: Date;
}

/**
 * The events of a body: one object, {"events": […]}, an array, or one object a line (NDJSON). All of them or none: throws HttpError
 * 400, 415 or 422, the last naming the index and the field of each wrong event.
 */
export function readEvents(body: Buffer, type: string | undefined, span: Span): AgentEvent[] {
  const { items, isSingle } = itemsOf(body, mediaType(type));
  if (items.length === 0) throw new HttpError(422, "There is no event in the body.", { errors: [{ path: "events", message: "is empty" }] });
  if (items.length > MOST_EVENTS) throw new HttpError(413, `More than ${MOST_EVENTS} events in one request. Send them in several.`);
  const faults: { path: string; message: string }[] = [];
  const events: AgentEvent[] = [];
  for (const [index, item] of items.entries()) {
    const checked = checkEvent(item, span);
    if (!isFaulty(checked)) events.push(checked);
    else
      faults.push(
        ...checked.map(({ path, message }) => ({
          path: [...(isSingle ? [] : ["events", index]), path].join(".").replace(/\.$/, ""),
          message,
        })),
      );
    if (faults.length >= MOST_FAULTS) break;
  }
  if (faults.length === 0) return events;
  const shown = faults.slice(0, MOST_FAULTS);
  const said = shown.slice(0, 3).map(({ path, message }) => `${path || "body"} ${message}`);
  throw new HttpError(422, `Nothing was stored. ${said.join("; ")}${shown.length > 3 ? "; and more" : ""}.`, { errors: shown });
}

function isFaulty(checked: AgentEvent | Faults): checked is Faults {
  return Array.isArray(checked);
}

type Faults = readonly { path: string; message: string }[];

function checkEvent(item: unknown, span: Span): AgentEvent | Faults {
  try {
    const event = toEvent(validate(eventSchema, item));
    const message = timeFault(event.at, span);
    return message ? [{ path: "timestamp", message }] : event;
  } catch (error) {
    if (error instanceof HttpError) return error.errors;
    throw error;
  }
}

/** Why an event of this instant is not taken; undefined when it is. */
export function timeFault(at: Date, { oldest, now }: Span): string | undefined {
  if (at.getTime() > now.getTime() + DAY_MS) return `is ${at.toISOString()}, more than a day in the future. Correct the sender's clock`;
  if (at < oldest) return `is ${at.toISOString()}; events from before ${oldest.toISOString().slice(0, 10)} are not kept any more`;
  return undefined;
}

function itemsOf(body: Buffer, type: string): { items: readonly unknown[]; isSingle: boolean } {
  if (["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"].includes(type)) {
    const lines = body.toString("utf8").split("\n");
    return { items: lines.flatMap((line, i) => (line.trim() ? [parse(line, ` in line ${i + 1}`)] : [])), isSingle: false };
  }
  if (type !== "application/json") throw new HttpError(415, "Send the events as application/json, or one a line as application/x-ndjson.");
  const value = parse(body.toString("utf8"), "");
  if (Array.isArray(value)) return { items: value, isSingle: false };
  const events = (value as { events?: unknown } | null)?.events;
  return Array.isArray(events) ? { items: events, isSingle: false } : { items: [value], isSingle: true };
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, `The body is not valid JSON${where}.`);
  }
}
