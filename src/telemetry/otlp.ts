import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "@opentelemetry/api";
import type { Attributes, Span, SpanStart, Tracer } from "./trace.ts";

export interface OtlpOptions {
  /** Base address of a collector: "http://127.0.0.1:4318". */
  endpoint: string;
  /** "name=value,name=value", as OTEL_EXPORTER_OTLP_HEADERS has them. */
  headers: string | undefined;
  version: string;
}

/** Sends spans by OTLP over HTTP, in batches. The SDK is loaded here and not before. */
export async function openTracer({ endpoint, headers, version }: OtlpOptions): Promise<{ tracer: Tracer; close(): Promise<void> }> {
  const [api, { TracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
  ]);
  const url = `${endpoint.replace(/\/$/, "")}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, headers: headersOf(headers) });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "firstmate", "service.version": version }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const inner = provider.getTracer("firstmate", version);
  const current = new AsyncLocalStorage<Context>();
  const parent = () => current.getStore() ?? api.ROOT_CONTEXT;
  const kinds = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT, internal: api.SpanKind.INTERNAL };
  const begin = ({ name, kind = "internal", attributes = {} }: SpanStart, startTime?: Date) =>
    inner.startSpan(name, { kind: kinds[kind], attributes, ...(startTime ? { startTime } : {}) }, parent());

  const tracer: Tracer = {
    start(start): Span {
      const span = begin(start);
      const context = api.trace.setSpan(parent(), span);
      return {
        set: (attributes: Attributes) => void span.setAttributes(attributes),
        run: (work) => current.run(context, work),
        end(failed = false) {
          if (failed) span.setStatus({ code: api.SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    record(start, ms, failed) {
      const over = Date.now();
      const span = begin(start, new Date(over - ms));
      if (failed) span.setStatus({ code: api.SpanStatusCode.ERROR });
      span.end(new Date(over));
    },
  };
  return { tracer, close: () => provider.shutdown() };
}

function headersOf(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split(",").filter((part) => part.includes("="));
  return Object.fromEntries(
    pairs.map((part) => {
      const [name = "", ...value] = part.split("=");
      return [name.trim(), decodeURIComponent(value.join("=").trim())];
    }),
  );
}
