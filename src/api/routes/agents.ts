import { z } from "zod";
import { addDays, fromInstant, isCivilDate } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { formatInstant } from "../../core/format.ts";
import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import { lengthOf } from "../../core/period.ts";
import { type AgentMetrics, type Agents, OWN_AGENT, QueueFull } from "../../records/agents/index.ts";
import { PRICES_AS_OF, PRICES_SOURCE } from "../../records/agents/prices.ts";
import { agentSchema, metricsSchema, storedSchema } from "../agents/answer-schemas.ts";
import { batchSchema, eventSchema } from "../agents/event-schema.ts";
import { toCsv } from "../agents/export.ts";
import { MOST_EVENTS, readEvents } from "../agents/read-events.ts";
import { readSent } from "../agents/read-sent.ts";

export interface AgentsApi {
  agents: Agents;
  now(): Date;
  onFault(error: unknown): void;
}

const BODY_LIMIT = 8 * 1024 * 1024;
const RECENT_DAYS = 30;
const MOST_DAYS = 1_100;
const MOST_NAME = 120;

/** What AI agents report: taken in, listed, and summed up by day. */
export function agentRoutes(api: AgentsApi): Route[] {
  return [
    {
      method: "POST",
      path: "/api/v1/agents/{id}/events",
      access: "analyst",
      agentKeys: true,
      unread: true,
      docs: {
        status: 202,
        summary: `Keep events of an agent, at most ${MOST_EVENTS} a request; the first registers it. Answered with 202 once they are on disk. NDJSON and gzip are taken too`,
        tag: "agents",
        body: { anyOf: [jsonSchema(batchSchema), jsonSchema(eventSchema)] },
        response: storedSchema,
      },
      handle: (request) => takeEvents(request, api),
    },
    {
      method: "GET",
      path: "/api/v1/agents",
      access: "viewer",
      keyed: true,
      docs: { summary: "The agents that have reported", tag: "agents", response: { type: "array", items: agentSchema } },
      handle: async () => ({ status: 200, data: await api.agents.list() }),
    },
    {
      method: "GET",
      path: "/api/v1/agents/{id}",
      access: "viewer",
      keyed: true,
      docs: { summary: "One agent", tag: "agents", response: agentSchema },
      async handle({ params }) {
        const agent = await api.agents.read(params.id ?? "");
        if (!agent) throw noSuchAgent(params.id);
        return { status: 200, data: agent };
      },
    },
    {
      method: "GET",
      path: "/api/v1/agents/{id}/metrics",
      access: "viewer",
      keyed: true,
      docs: {
        summary: "An agent's figures by UTC day; days without events are absent.",
        tag: "agents",
        query: {
          from: { type: "string", format: "date", description: "First day; 30 days up to today unless given." },
          to: { type: "string", format: "date", description: "Last day, included." },
          format: { enum: ["json", "csv", "pdf"], description: "Instead of the Accept header." },
        },
        response: metricsSchema,
        otherTypes: ["text/csv", "application/pdf"],
      },
      handle: (request) => giveMetrics(request, api),
    },
  ];
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" }) as Record<string, unknown>;
  return rest;
}

async function takeEvents({ params, headers, raw, user }: HttpRequest, api: AgentsApi): Promise<HttpResponse> {
  const agent = checkAgentName(params.id ?? "");
  if (user?.agent !== undefined && user.agent !== agent) throw new HttpError(403, "This key sends the events of another agent.");
  const body = await readSent(raw.request, BODY_LIMIT);
  const events = readEvents(body, headers["content-type"], { oldest: api.agents.oldest(), now: api.now() });
  const stored = await storeOrRefuse(() => api.agents.ingest(events.map((event) => ({ agent, event }))), api.onFault);
  return { status: 202, data: stored };
}

/** Throws HttpError 422 for what cannot be an agent's id. */
function checkAgentName(name: string): string {
  if (name === OWN_AGENT)
    throw new HttpError(422, `“${OWN_AGENT}” is Firstmate itself, whose figures come from its own answers. Choose another id.`);
  if (name.trim() !== name || name.length > MOST_NAME)
    throw new HttpError(422, `An agent's id has at most ${MOST_NAME} characters and no space at its ends.`);
  return name;
}

/** Stores, or throws HttpError 503 that says when to try again. Whatever was refused may be sent again as it is: event ids make that safe. */
export async function storeOrRefuse<T>(store: () => Promise<T>, onFault: (error: unknown) => void): Promise<T> {
  try {
    return await store();
  } catch (error) {
    if (!(error instanceof QueueFull)) onFault(error);
    const why = error instanceof QueueFull ? "More events arrive than can be stored" : "The events could not be stored";
    throw new HttpError(503, `${why}. Nothing of this request was kept; send it again in a few seconds.`, {
      headers: { "retry-after": "2" },
    });
  }
}

function noSuchAgent(id = ""): HttpError {
  return new HttpError(404, `No agent “${id.slice(0, MOST_NAME)}” has reported yet. GET /api/v1/agents lists those that have.`);
}

async function giveMetrics({ params, query, headers }: HttpRequest, api: AgentsApi): Promise<HttpResponse> {
  const period = periodOf(query, fromInstant(api.now()));
  const format = formatOf(query.get("format"), headers.accept);
  const metrics = await api.agents.metrics(params.id ?? "", period);
  if (!metrics) throw noSuchAgent(params.id);
  const name = `${metrics.agent.replace(/[^\w.-]+/g, "-")}-${period.from}-${period.to}`;
  const file = (type: string, ending: string) => ({
    "content-type": type,
    "content-disposition": `attachment; filename="${name}.${ending}"`,
    vary: "accept",
  });
  if (format === "csv") return { status: 200, headers: file("text/csv; charset=utf-8", "csv"), raw: toCsv(metrics) };
  const notes = notesOf(metrics);
  if (format === "json")
    return {
      status: 200,
      headers: { vary: "accept" },
      data: metrics,
      meta: { timeZone: "UTC", currency: "USD", prices: { asOf: PRICES_AS_OF, source: PRICES_SOURCE }, notes },
    };
  const { toPdf } = await import("../agents/pdf.ts");
  const { reportLines } = await import("../agents/report.ts");
  const title = `AI agent ${metrics.agent}`;
  return {
    status: 200,
    headers: file("application/pdf", "pdf"),
    raw: toPdf(reportLines(metrics, notes), title, `${title}, made ${formatInstant(api.now())}`),
  };
}

/** What a reader must know beside the figures. */
function notesOf({ total, models }: AgentMetrics): string[] {
  const unpriced = models.filter(({ withoutCost }) => withoutCost > 0).map(({ model }) => model ?? "a model that was not named");
  return [
    ...(total.cost === null
      ? []
      : [`Cost is estimated from list prices of ${PRICES_AS_OF} where the agent did not give it; discounts are not in it.`]),
    ...(total.withoutCost === 0
      ? []
      : [
          `For ${total.withoutCost} of the events with tokens no cost is known (${unpriced.slice(0, 5).join(", ")}): no price is known for the model, or its tokens are not split into input and output. Missing, not zero.`,
        ]),
  ];
}

function formatOf(asked: string | null, accept: string | undefined): "json" | "csv" | "pdf" {
  if (asked !== null && asked !== "json" && asked !== "csv" && asked !== "pdf")
    throw new HttpError(422, "format is json, csv or pdf.", { errors: [{ path: "format", message: "must be json, csv or pdf" }] });
  if (asked) return asked;
  const first = accept?.split(",").map((part) => part.split(";")[0]?.trim());
  return first?.flatMap((type) => FORMATS[type ?? ""] ?? [])[0] ?? "json";
}

const FORMATS: Readonly<Record<string, "json" | "csv" | "pdf">> = {
  "application/json": "json",
  "text/csv": "csv",
  "application/pdf": "pdf",
};

function periodOf(query: URLSearchParams, today: string): Period {
  const wrong = ["from", "to"].filter((name) => query.has(name) && !isCivilDate(query.get(name) ?? ""));
  if (wrong.length > 0)
    throw new HttpError(422, `${wrong.join(" and ")} must be a day like 2026-11-01.`, {
      errors: wrong.map((path) => ({ path, message: "must be a day like 2026-11-01" })),
    });
  const to = query.get("to") ?? today;
  const period = { from: query.get("from") ?? addDays(to, 1 - RECENT_DAYS), to };
  if (period.from > period.to || lengthOf(period) > MOST_DAYS)
    throw new HttpError(422, `from must not be after to, and at most ${MOST_DAYS} days lie between them.`, {
      errors: [{ path: "from", message: "must not be after to, nor years before it" }],
    });
  return period;
}
