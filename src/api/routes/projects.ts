import type { HttpRequest, Route } from "../../core/http.ts";
import type { Finding, ToolContext } from "../../core/tool.ts";
import { sightOf } from "../../identity/sight.ts";
import { type Project, projects } from "../../records/projects.ts";
import type { ApiContext } from "../context.ts";
import type { Json } from "../openapi-schemas.ts";
import { findingSchema } from "../openapi-schemas.ts";
import { userOf } from "./record-request.ts";
import { missing } from "./records.ts";

/** What is said of one project; made of the tools, which this room does not know. */
export interface ProjectAnswers {
  metrics: ProjectAnswer;
  brief: ProjectAnswer;
  /** JSON Schema of the metrics' data. */
  metricsSchema: Json;
}

type ProjectAnswer = (project: Project & { id: string }, period: string | undefined, context: ToolContext) => Promise<Finding>;

/** Figures of one project from all sources, and the brief of it. */
export function projectRoutes(api: Pick<ApiContext, "records" | "toolContext" | "rateLimit" | "projectAnswers">, alias?: string): Route[] {
  const base = `/api/v1/${alias ?? projects.name}/{id}`;
  const { projectAnswers } = api;
  const query = { period: { type: "string", description: "Days in words, such as “last month”; the last 30 complete days without it." } };
  const docs = (part: string, summary: string, response: Json) => ({
    ...{ summary, tag: alias ?? projects.name, query, response },
    ...(alias ? { aliasOf: `/api/v1/${projects.name}/{id}/${part}` } : {}),
  });
  const { metrics, metricsSchema, brief } = projectAnswers;

  async function answer(request: HttpRequest, ask: ProjectAnswer) {
    const user = userOf(request);
    const headers = await api.rateLimit(user.id);
    const found = await api.records.get(projects, request.params.id ?? "", sightOf(user));
    if (!found) throw missing(projects);
    const project = { ...(found.data as Project), id: found.id };
    const period = request.query.get("period") || undefined;
    return { headers, finding: await ask(project, period, api.toolContext(user, request.signal)) };
  }

  return [
    {
      ...{ method: "GET", path: `${base}/metrics`, access: "viewer", keyed: true, projectKeys: true },
      docs: docs("metrics", "What a project costs, how it is delivered and what is open, in one call", withReceipts(metricsSchema)),
      async handle(request) {
        const { headers, finding } = await answer(request, metrics);
        const { data, content, receipts } = finding;
        return { status: 200, headers, data: { ...(data as object), text: content, receipts } };
      },
    },
    {
      ...{ method: "GET", path: `${base}/brief`, access: "viewer", keyed: true, projectKeys: true },
      docs: docs("brief", "The biggest risk and opportunity of a project, and what to do first", findingSchema()),
      async handle(request) {
        const { headers, finding } = await answer(request, brief);
        const { content, data, blocks, facts, receipts, suggestions } = finding;
        const whole = { content, data: data ?? null, blocks, facts: facts ?? [], receipts, suggestions: suggestions ?? [] };
        return { status: 200, headers, data: whole };
      },
    },
  ];
}

function withReceipts({ $schema: _, ...schema }: Json): Json {
  const receipts = { type: "array", items: { $ref: "#/components/schemas/Receipt" } };
  const properties = { ...(schema.properties as Json), text: { type: "string", description: "Markdown." }, receipts };
  return { ...schema, properties, required: [...(schema.required as string[]), "text", "receipts"] };
}
