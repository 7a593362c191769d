import { describe, expect, it } from "vitest";
import { TRACE_MESSAGES } from "../../src/api/otlp/messages.ts";
import { traceRequestSchema } from "../../src/api/otlp/schema.ts";
import { mapSpans } from "../../src/api/otlp/spans.ts";
import { BadMessage, decode, encode, type Messages } from "../../src/api/otlp/wire.ts";
import { fc } from "../kit/property.ts";

const NUMBERS: Messages = {
  M: {
    1: { name: "whole", kind: "int64" },
    2: { name: "fixed", kind: "fixed64" },
    3: { name: "double", kind: "double" },
    4: { name: "inner", kind: { of: "M" } },
    5: { name: "many", kind: "string", repeated: true },
    6: { name: "flag", kind: "bool" },
    7: { name: "small", kind: "int32" },
  },
};

describe("the wire format", () => {
  it("is read as its documentation encodes it", () => {
    // The examples of protobuf.dev/programming-guides/encoding: 150, "testing", and a message in a message.
    expect(decode(Buffer.from("089601", "hex"), "M", NUMBERS)).toEqual({ whole: "150" });
    expect(decode(Buffer.from("2a0774657374696e672a0131", "hex"), "M", NUMBERS)).toEqual({ many: ["testing", "1"] });
    expect(decode(Buffer.from("2203089601", "hex"), "M", NUMBERS)).toEqual({ inner: { whole: "150" } });
    expect(decode(Buffer.from("08feffffffffffffffff01", "hex"), "M", NUMBERS)).toEqual({ whole: "-2" });
    expect(decode(Buffer.from("11ffffffffffffffff19000000000000f03f3001", "hex"), "M", NUMBERS)).toEqual({
      fixed: "18446744073709551615",
      double: 1,
      flag: true,
    });
  });

  it("passes over fields it does not know", () => {
    expect(decode(Buffer.from("f8070108960182080161", "hex"), "M", NUMBERS)).toEqual({ whole: "150" });
  });

  it("is written as it is read", () => {
    expect(decode(encode({ 1: 300, 5: "ä", 4: encode({ 7: 1 }) }), "M", NUMBERS)).toEqual({
      whole: "300",
      many: ["ä"],
      inner: { small: 1 },
    });
    expect(encode({ 1: 0, 5: "" })).toHaveLength(0);
  });

  it("refuses what ends early, nests too deeply or is of another kind, with nothing but BadMessage", () => {
    let deep = encode({ 1: 1 });
    for (let i = 0; i < 60; i++) deep = encode({ 4: deep });
    for (const hex of ["08", "0896", "2a05", "1100", "0a0161", "0b", "08ffffffffffffffffffff01"])
      expect(() => decode(Buffer.from(hex, "hex"), "M", NUMBERS), hex).toThrow(BadMessage);
    expect(() => decode(deep, "M", NUMBERS)).toThrow(BadMessage);
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decode(Buffer.from(bytes), "ExportTraceServiceRequest", TRACE_MESSAGES);
        } catch (error) {
          if (!(error instanceof BadMessage)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("spans", () => {
  const now = new Date("2026-11-20T12:00:00Z");
  const times = { now, oldest: new Date("2026-10-01T00:00:00Z") };

  it("of any shape the schema lets through become events or reasons", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.record({ stringValue: fc.string() }),
        fc.record({ intValue: fc.oneof(fc.string(), fc.integer()) }),
        fc.record({ doubleValue: fc.double() }),
        fc.record({ arrayValue: fc.record({ values: fc.array(tie("any")) }) }),
        fc.record({ kvlistValue: fc.record({ values: fc.array(fc.record({ key: fc.string(), value: tie("any") })) }) }),
        fc.anything(),
      ),
    })).any;
    const names = fc.constantFrom(
      "gen_ai.operation.name",
      "gen_ai.agent.name",
      "gen_ai.usage.input_tokens",
      "gen_ai.request.model",
      "error.type",
      "x",
    );
    const span = fc.record({
      traceId: fc.constantFrom("5b8efff798038103d269b633813fc60c", "x"),
      spanId: fc.constantFrom("eee19b7ec3c1b174", "aaaaaaaaaaaaaaaa"),
      parentSpanId: fc.constantFrom("eee19b7ec3c1b174", "aaaaaaaaaaaaaaaa", ""),
      endTimeUnixNano: fc.oneof(fc.constant("1795176000000000000"), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)),
      attributes: fc.array(fc.record({ key: names, value })),
    });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), (spans) => {
        const request = traceRequestSchema.parse({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
        const { events, rejected, others } = mapSpans(request, times);
        expect(events.length + rejected.length + others).toBe(spans.length);
        for (const { event } of events) expect(() => JSON.stringify(event)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});
