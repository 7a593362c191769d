import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import { mediaType, readSent } from "../agents/read-sent.ts";
import { type AgentsApi, storeOrRefuse } from "./agents.ts";

const BODY_LIMIT = 8 * 1024 * 1024;
const MOST_SPANS = 10_000;
const PROTOBUF = "application/x-protobuf";

/** OTLP over HTTP. An OpenTelemetry SDK or collector sends its spans here; those of generative AI become agent events. */
export function traceRoute(api: AgentsApi): Route {
  return {
    method: "POST",
    path: "/v1/traces",
    access: "analyst",
    agentKeys: true,
    unread: true,
    docs: {
      summary: "OpenTelemetry traces (OTLP/HTTP, protobuf or JSON, plain or gzip); spans with gen_ai attributes become agent events",
      tag: "agents",
      body: {
        type: "object",
        description: "ExportTraceServiceRequest",
        properties: { resourceSpans: { type: "array", items: { type: "object" } } },
      },
      responseType: "application/json",
      otherTypes: [PROTOBUF],
    },
    async handle(request) {
      const type = mediaType(request.headers["content-type"]);
      if (type !== PROTOBUF && type !== "application/json") throw new HttpError(415, `Send the traces as ${PROTOBUF} or application/json.`);
      try {
        return await takeTraces(request, type, api);
      } catch (error) {
        if (error instanceof HttpError) return statusAnswer(error, type);
        throw error;
      }
    },
  };
}

async function takeTraces({ raw, user }: HttpRequest, type: string, api: AgentsApi): Promise<HttpResponse> {
  const { mapSpans } = await import("../otlp/spans.ts");
  const body = await readSent(raw.request, BODY_LIMIT);
  const request = await readRequest(body, type);
  const count = (request.resourceSpans ?? []).reduce(
    (n, { scopeSpans }) => n + (scopeSpans ?? []).reduce((m, { spans }) => m + (spans?.length ?? 0), 0),
    0,
  );
  if (count > MOST_SPANS) throw new HttpError(413, `More than ${MOST_SPANS} spans in one request. Send them in several.`);
  const mapped = mapSpans(request, { oldest: api.agents.oldest(), now: api.now() }, user?.agent);
  await storeOrRefuse(() => api.agents.ingest(mapped.events), api.onFault);
  return successAnswer(mapped.rejected, mapped.others, type);
}

async function readRequest(body: Buffer, type: string) {
  const { traceRequestSchema } = await import("../otlp/schema.ts");
  const { BadMessage, decode } = await import("../otlp/wire.ts");
  const { TRACE_MESSAGES } = await import("../otlp/messages.ts");
  let message: unknown;
  try {
    message = type === PROTOBUF ? decode(body, "ExportTraceServiceRequest", TRACE_MESSAGES) : JSON.parse(body.toString("utf8"));
  } catch (error) {
    const why = error instanceof BadMessage ? error.message : "it is not valid JSON";
    throw new HttpError(400, `The body is no whole ExportTraceServiceRequest: ${why}. Nothing was stored.`);
  }
  const parsed = traceRequestSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new HttpError(
    400,
    `The body is no ExportTraceServiceRequest${where ? `: look at ${where.slice(0, 200)}` : ""}. Nothing was stored.`,
  );
}

/** Success, in the encoding of the request; with what was left out and why, as OTLP's partial success has it. */
async function successAnswer(rejected: readonly string[], others: number, type: string): Promise<HttpResponse> {
  const reasons = [...new Set(rejected)].slice(0, 3);
  const words = [...reasons, ...(others > 0 ? [`${others} spans without gen_ai attributes were not kept`] : [])].join("; ");
  const headers = { "content-type": type };
  if (type !== PROTOBUF) {
    const answer = words ? { partialSuccess: { rejectedSpans: String(rejected.length), errorMessage: words } } : {};
    return { status: 200, headers, raw: JSON.stringify(answer) };
  }
  const { encode } = await import("../otlp/wire.ts");
  const partial = words ? encode({ 1: rejected.length, 2: words }) : Buffer.alloc(0);
  return { status: 200, headers, raw: encode({ 1: partial }) };
}

/** OTLP wants refusals as google.rpc.Status in the encoding of the request. */
async function statusAnswer(error: HttpError, type: string): Promise<HttpResponse> {
  const code = error.status === 503 ? 14 : 3;
  const headers = { ...error.headers, "content-type": type };
  if (type !== PROTOBUF) return { status: error.status, headers, raw: JSON.stringify({ code, message: error.message }) };
  const { encode } = await import("../otlp/wire.ts");
  return { status: error.status, headers, raw: encode({ 1: code, 2: error.message }) };
}
