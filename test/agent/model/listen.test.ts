import { AIMessageChunk } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../../src/agent/model/limits.ts";
import { listen, type Piece } from "../../../src/agent/model/listen.ts";

/** Streams without an end: only who stops reading gets away. */

function callPiece(index: number, args: string, id?: string): AIMessageChunk {
  return new AIMessageChunk({
    content: "",
    tool_call_chunks: [{ index, args, type: "tool_call_chunk", ...(id ? { id, name: "get_costs" } : {}) }],
  });
}

async function heard(pieces: () => Generator<AIMessageChunk>) {
  const told: Piece[] = [];
  let pulled = 0;
  let left = false;
  async function* stream() {
    try {
      for (const piece of pieces()) {
        pulled += 1;
        yield piece;
      }
    } finally {
      left = true;
    }
  }
  const message = await listen(stream(), DEFAULT_LIMITS, (piece) => void told.push(piece));
  return { message, told, pulled, left };
}

test("a message that asks for calls without end is left at the first that could not run", async () => {
  const { message, pulled, left } = await heard(function* () {
    for (let i = 0; ; i++) yield callPiece(i, '{"top":5}', `call_${i}`);
  });

  expect({ pulled, left }).toEqual({ pulled: 17, left: true });
  expect(message.tool_calls).toHaveLength(16);
  expect(message.invalid_tool_calls?.map(({ id }) => id)).toEqual(["call_16"]);
});

test("arguments without end are left where they are too long, and their call does not run on what had come", async () => {
  const { message, told, left } = await heard(function* () {
    yield callPiece(0, '{"period":"last month"}', "call_0");
    yield callPiece(1, '{"top":5,"period":"', "call_1");
    for (;;) yield callPiece(1, "x".repeat(100));
  });

  expect(left).toBe(true);
  expect(message.tool_calls?.map(({ id }) => id)).toEqual(["call_0"]);
  expect(message.invalid_tool_calls?.map(({ id }) => id)).toEqual(["call_1"]);
  expect(told.at(-1)?.usage?.output, "what was written is counted, though the service never said it").toBeGreaterThan(2_500);
});

test("a stream that ends before its first piece is a connection that broke off", async () => {
  await expect(
    heard(function* () {
      yield* [];
    }),
  ).rejects.toThrow("broke off");
});
