import { describe, expect, it } from "vitest";
import { fc } from "../../kit/property.ts";
import { pageModule } from "./page-module.ts";

interface ServerEvent {
  event: string;
  data: string;
}

const { readEvents } = await pageModule<{ readEvents(chunks: AsyncIterable<Uint8Array>): AsyncIterable<ServerEvent> }>("stream.js");

describe("the stream of an answer", () => {
  it("yields each event with its name and data", async () => {
    expect(await read('event: status\ndata: {"status":"reading"}\n\nevent: final\ndata: {}\n\n')).toEqual([
      { event: "status", data: '{"status":"reading"}' },
      { event: "final", data: "{}" },
    ]);
  });

  it("knows comments, other fields, several data lines and missing names", async () => {
    expect(await read(": ping\n\nid: 7\nretry: 10\n\ndata: a\ndata:b\ndata\n\n")).toEqual([{ event: "message", data: "a\nb\n" }]);
  });

  it("drops an event that the connection cut off", async () => {
    expect(await read("data: whole\n\nevent: final\ndata: half")).toEqual([{ event: "message", data: "whole" }]);
  });

  it("reads the same however the bytes are cut and the lines end", async () => {
    const lines = ["event: text", 'data: {"text":"80 % – für ع 💡"}', "", ": note", "event: final", "data: 1", "data: 2", "", ""];
    const expected = [
      { event: "text", data: '{"text":"80 % – für ع 💡"}' },
      { event: "final", data: "1\n2" },
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("\n", "\r\n", "\r"), fc.array(fc.nat(120), { maxLength: 40 }), async (end, cuts) => {
        // A lone "\r" at the very end stays open, as it could be half of "\r\n": the stream closes with one more line.
        const bytes = new TextEncoder().encode(`${lines.join(end)}${end}:`);
        expect(await readChunks(slices(bytes, cuts))).toEqual(expected);
      }),
    );
  });

  it("passes a broken connection on", async () => {
    async function* broken() {
      yield new TextEncoder().encode("data: a\n\n");
      throw new TypeError("network error");
    }

    await expect(readChunks(broken())).rejects.toThrow("network error");
  });
});

async function read(source: string): Promise<ServerEvent[]> {
  return readChunks(slices(new TextEncoder().encode(source), []));
}

async function readChunks(chunks: AsyncIterable<Uint8Array>): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(chunks)) events.push(event);
  return events;
}

async function* slices(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    yield bytes.subarray(from, cut);
    from = Math.min(cut, bytes.length);
  }
  yield bytes.subarray(from);
}
