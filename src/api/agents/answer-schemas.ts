import type { Json } from "../openapi-schemas.ts";

/** The shapes of what the agents' routes answer, as JSON Schemas. */
const count = { type: "integer", minimum: 0 };
const maybe = (description: string) => ({ type: ["number", "null"], description: `${description} null is missing, never a zero.` });
const instant = { type: "string", format: "date-time" };
const day = { type: "string", format: "date" };

function object(properties: Record<string, Json>): Json {
  return { type: "object", required: Object.keys(properties), properties };
}

const figures = {
  events: count,
  messages: count,
  responses: count,
  errors: count,
  averageResponseTimeMs: maybe("Milliseconds, over the events that have one."),
  tokens: maybe("All tokens."),
  inputTokens: maybe("Tokens that went in."),
  outputTokens: maybe("Tokens that came out."),
  averageFeedback: maybe("On the sender's own scale."),
  ratings: count,
  cost: maybe("US dollars of the events whose cost is known."),
  withoutCost: { ...count, description: "Events with tokens whose cost is not known." },
};

export const storedSchema = object({
  accepted: { ...count, description: "Stored by this request." },
  duplicates: { ...count, description: "Known before; nothing was changed." },
});

export const agentSchema = object({ id: { type: "string" }, registeredAt: instant, firstEventAt: instant, lastEventAt: instant });

export const metricsSchema = object({
  agent: { type: "string" },
  period: object({ from: day, to: day }),
  days: { type: "array", items: object({ date: day, ...figures, uniqueUsers: maybe("Users that were named.") }) },
  models: { type: "array", items: object({ model: { type: ["string", "null"] }, ...figures }) },
  total: object(figures),
});
