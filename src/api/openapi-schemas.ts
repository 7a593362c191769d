/** The shapes that answers are made of, as JSON Schemas (2020-12) for the OpenAPI document. */
export type Json = Record<string, unknown>;

const text = { type: "string" };
const texts = { type: "array", items: text };
const number = { type: "number" };
const day = { type: "string", format: "date" };
const instant = { type: "string", format: "date-time" };
const anything = {};
const record = { type: "object", additionalProperties: true };
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const list = (name: string) => ({ type: "array", items: reference(name) });

function object(required: Json, optional: Json = {}): Json {
  return { type: "object", required: Object.keys(required), properties: { ...required, ...optional } };
}

const cell = { type: ["string", "number", "null"], description: "null is missing, never a zero." };

const column = object(
  { label: text, type: { enum: ["text", "number", "money", "percent", "date"] } },
  { unit: { type: "string", description: "Currency code for money, unit for numbers." } },
);

const blocks: readonly Json[] = [
  object({ type: { const: "markdown" }, text }),
  object(
    {
      type: { const: "table" },
      columns: {
        type: "array",
        items: column,
      },
      rows: { type: "array", items: { type: "array", items: cell } },
    },
    { title: text },
  ),
  object(
    { type: { const: "chart" }, title: text, spec: { ...record, description: "A Vega-Lite 6 specification with its data." }, alt: text },
    {
      proof: { type: "string", description: "In what tools give: with it POST /api/v1/charts draws the specification, until it expires." },
      image: { type: "string", description: "A path that serves image/png until it expires; add &theme=dark for dark pages." },
      figures: object({ columns: { type: "array", items: column }, rows: { type: "array", items: { type: "array", items: cell } } }, {}),
      plain: object(
        {
          kind: { enum: ["bar", "line"] },
          categories: texts,
          series: { type: "array", items: object({ name: text, values: { type: "array", items: { type: ["number", "null"] } } }) },
        },
        { unit: text },
      ),
    },
  ),
  object({
    type: { const: "kpis" },
    items: {
      type: "array",
      items: object({ label: text, value: text }, { change: text, tone: { enum: ["good", "bad", "neutral"] } }),
    },
  }),
  object({ type: { const: "progress" }, label: text, done: number }, { total: number }),
  object({ type: { const: "approval" }, id: text, title: text, lines: texts, expiresAt: instant }),
];

export const SCHEMAS: Readonly<Record<string, Json>> = {
  Problem: object(
    { type: text, title: text, status: { type: "integer" }, detail: { type: "string", description: "What to do next." } },
    {
      errors: { type: "array", items: object({ path: text, message: text }) },
      suggestions: { ...texts, description: "Questions that would work instead." },
    },
  ),
  Receipt: object(
    { id: text, source: text, query: text, fetchedAt: instant, status: { enum: ["live", "stale", "demo"] } },
    { window: object({ from: day, to: day }), outage: text, provisional: text, truncated: text, notes: texts, url: text },
  ),
  Block: { anyOf: blocks },
  Fact: object(
    {
      at: { ...instant, description: "Start of the time bucket, in UTC." },
      measure: text,
      value: number,
      labels: { type: "object", additionalProperties: text },
    },
    { unit: text, url: text, average: { const: true, description: "Averages are never added, and have no shares." } },
  ),
  ToolCall: object({ name: text, input: record }),
  Answer: object(
    {
      conversation: text,
      turn: text,
      text: { type: "string", description: "Markdown." },
      blocks: list("Block"),
      receipts: list("Receipt"),
      tools: list("ToolCall"),
      agent: { enum: ["model", "deterministic"] },
      suggestions: texts,
    },
    {
      notice: { type: "string", description: "How the answer was made, when that matters." },
      figures: {
        type: "array",
        description: "What each figure in a model's words rests on; “receipts” are ids of the answer's receipts.",
        items: object({ text, how: text, receipts: texts }),
      },
      usage: object(
        { model: text, inputTokens: number, outputTokens: number, cachedTokens: number, modelCalls: number },
        { costUsd: number },
      ),
    },
  ),
  Tool: object(
    {
      name: text,
      title: text,
      description: text,
      examples: texts,
      effect: { enum: ["read", "write"] },
      role: { enum: ["viewer", "analyst", "admin"] },
      input: { ...record, description: "JSON Schema of the input." },
    },
    { command: object({ name: text, hint: text }) },
  ),
  ConversationSummary: object({ id: text, title: text, updatedAt: instant }),
  Conversation: object({
    id: text,
    title: text,
    turns: {
      type: "array",
      items: object({
        id: text,
        question: text,
        at: instant,
        state: { enum: ["running", "done", "failed", "interrupted"] },
        verdict: { enum: ["good", "bad", null], description: "What you said of the answer; null when nothing." },
        answer: {
          anyOf: [reference("Answer"), { type: "null" }],
          description: "null while running, and when interrupted before there was one.",
        },
      }),
    },
  }),
  Health: object(
    { status: { enum: ["live", "starting", "started", "ready", "not ready"] } },
    { checks: { type: "array", items: object({ name: text, state: { enum: ["ok", "warning", "failed", "off"] } }) } },
  ),
};

/** What a tool gives; `data` is the tool's own. */
export function findingSchema(data: Json = anything): Json {
  return object({ content: text, data, blocks: list("Block"), facts: list("Fact"), receipts: list("Receipt"), suggestions: texts });
}

/** Success: the data in its envelope; `meta` holds these, each only where there is something to say. */
export function envelopeSchema(data: Json, meta?: Json): Json {
  return object({ data, meta: meta ? { ...record, properties: meta } : record, errors: { type: "array", items: anything } });
}
