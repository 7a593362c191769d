import type { Messages } from "./wire.ts";

/** The parts of opentelemetry/proto/collector/trace/v1 that are read, with their field numbers. */
export const TRACE_MESSAGES: Messages = {
  ExportTraceServiceRequest: { 1: { name: "resourceSpans", kind: { of: "ResourceSpans" }, repeated: true } },
  ResourceSpans: {
    1: { name: "resource", kind: { of: "Resource" } },
    2: { name: "scopeSpans", kind: { of: "ScopeSpans" }, repeated: true },
  },
  Resource: { 1: { name: "attributes", kind: { of: "KeyValue" }, repeated: true } },
  ScopeSpans: {
    1: { name: "scope", kind: { of: "Scope" } },
    2: { name: "spans", kind: { of: "Span" }, repeated: true },
  },
  Scope: { 1: { name: "name", kind: "string" }, 2: { name: "version", kind: "string" } },
  Span: {
    1: { name: "traceId", kind: "hex" },
    2: { name: "spanId", kind: "hex" },
    4: { name: "parentSpanId", kind: "hex" },
    5: { name: "name", kind: "string" },
    7: { name: "startTimeUnixNano", kind: "fixed64" },
    8: { name: "endTimeUnixNano", kind: "fixed64" },
    9: { name: "attributes", kind: { of: "KeyValue" }, repeated: true },
    11: { name: "events", kind: { of: "Event" }, repeated: true },
    15: { name: "status", kind: { of: "Status" } },
  },
  Event: {
    1: { name: "timeUnixNano", kind: "fixed64" },
    2: { name: "name", kind: "string" },
    3: { name: "attributes", kind: { of: "KeyValue" }, repeated: true },
  },
  Status: { 2: { name: "message", kind: "string" }, 3: { name: "code", kind: "int32" } },
  KeyValue: { 1: { name: "key", kind: "string" }, 2: { name: "value", kind: { of: "AnyValue" } } },
  AnyValue: {
    1: { name: "stringValue", kind: "string" },
    2: { name: "boolValue", kind: "bool" },
    3: { name: "intValue", kind: "int64" },
    4: { name: "doubleValue", kind: "double" },
    5: { name: "arrayValue", kind: { of: "ArrayValue" } },
    6: { name: "kvlistValue", kind: { of: "KeyValueList" } },
    7: { name: "bytesValue", kind: "base64" },
  },
  ArrayValue: { 1: { name: "values", kind: { of: "AnyValue" }, repeated: true } },
  KeyValueList: { 1: { name: "values", kind: { of: "KeyValue" }, repeated: true } },
};
