import type { Kysely } from "kysely";
import { addDays, fromInstant, toInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Usage } from "../../core/reply.ts";
import type { AgentDayRow, AgentRow, Schema } from "../../storage/schema.ts";
import { type AgentEvent, OWN_AGENT } from "./event.ts";
import type { AgentReading } from "./reads.ts";
import { daysOf, rowOf } from "./rows.ts";

/** A person's verdict on an answer, on the scale of five stars. */
const STARS = { good: 5, bad: 1 } as const;

/**
 * Firstmate's own answers as an agent, worked out from the stored turns: a question is a message; an answer a response; a turn that
 * failed or was cut off an error. Tokens are those the model's vendor counted; an answer without a model has none.
 */
export async function readOwnDays(kysely: Kysely<Schema>, { from, to }: Period): Promise<AgentReading> {
  const turns = await kysely
    .selectFrom("turns")
    .leftJoin("feedback", (join) => join.onRef("feedback.turn_id", "=", "turns.id").onRef("feedback.user_id", "=", "turns.user_id"))
    .select(["turns.id", "turns.user_id", "asked_at", "finished_at", "state", "usage", "verdict"])
    .where("asked_at", ">=", toInstant(from).toISOString())
    .where("asked_at", "<", toInstant(addDays(to, 1)).toISOString())
    .execute();
  const users = new Map<string, Set<string>>();
  for (const { asked_at, user_id } of turns) {
    const day = fromInstant(new Date(asked_at));
    users.set(day, (users.get(day) ?? new Set()).add(user_id));
  }
  const rows: AgentDayRow[] = daysOf(turns.flatMap((turn) => eventsOf(turn).map((event) => rowOf(OWN_AGENT, event, event.at))));
  return { rows, users: new Map([...users].map(([day, people]) => [day, people.size])) };
}

/** When Firstmate was asked first and last; undefined when nobody has asked yet. */
export async function readOwnAgent(kysely: Kysely<Schema>): Promise<AgentRow | undefined> {
  const row = await kysely
    .selectFrom("turns")
    .select((eb) => [eb.fn.min("asked_at").as("first"), eb.fn.max("asked_at").as("last")])
    .executeTakeFirst();
  return row?.first && row.last
    ? { id: OWN_AGENT, registered_at: row.first, first_event_at: row.first, last_event_at: row.last }
    : undefined;
}

interface Turn {
  id: string;
  asked_at: string;
  finished_at: string | null;
  state: string;
  usage: string | null;
  verdict: "good" | "bad" | null;
}

function eventsOf(turn: Turn): AgentEvent[] {
  const at = new Date(turn.asked_at);
  const usage = turn.usage === null ? undefined : (JSON.parse(turn.usage) as Partial<Usage>);
  const ms = turn.finished_at === null ? undefined : Date.parse(turn.finished_at) - at.getTime();
  const question: AgentEvent = { id: `${turn.id}:question`, at, type: "message", ...(usage?.model ? { model: usage.model } : {}) };
  if (turn.state === "running") return [question];
  const answered = turn.state === "done";
  return [
    question,
    {
      id: turn.id,
      at,
      type: answered ? "response" : "error",
      ...(answered && ms !== undefined ? { responseTimeMs: ms } : {}),
      ...(turn.verdict ? { feedback: STARS[turn.verdict] } : {}),
      ...(usage?.model ? tokensOf(usage, usage.model) : {}),
    },
  ];
}

/** The stored input is what was neither read from nor written to a cache; which of the two the rest was is not kept, so it counts as read. */
function tokensOf({ inputTokens = 0, outputTokens = 0, cachedTokens = 0 }: Partial<Usage>, model: string): Partial<AgentEvent> {
  return { model, inputTokens: inputTokens + cachedTokens, cacheReadTokens: cachedTokens, outputTokens };
}
