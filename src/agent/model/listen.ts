import type { AIMessageChunk, UsageMetadata } from "@langchain/core/messages";
import { textOf } from "./chat.ts";
import type { ModelLimits } from "./limits.ts";
import type { Sight } from "./meter.ts";
import { ModelUnavailable, REASONS } from "./unavailable.ts";

/** A piece of a message, as we need it. */
export interface Piece {
  text: string;
  /** Token counts, where the piece carries some. */
  usage?: Sight;
  model?: string;
}

/**
 * Reads a message to its end and tells of each piece in order. One that asks for more calls than a turn may make, or writes longer arguments
 * than a call may have, is cut off there: LangChain joins pieces in a time that grows with the square of the calls. Rejects as the stream
 * does, and with ModelUnavailable when nothing came.
 */
export async function listen(
  pieces: AsyncIterable<AIMessageChunk>,
  limits: Bounds,
  onPiece: (piece: Piece) => void,
): Promise<AIMessageChunk> {
  const lengths = new Map<unknown, number>();
  let whole: AIMessageChunk | undefined;
  for await (const piece of pieces) {
    onPiece(readPiece(piece));
    whole = whole ? whole.concat(piece) : piece;
    let length = 0;
    for (const { index, id, args } of piece.tool_call_chunks ?? []) {
      const call = index ?? id ?? lengths.size;
      length = (lengths.get(call) ?? 0) + (args?.length ?? 0);
      lengths.set(call, length);
    }
    if (lengths.size > limits.toolCalls || length > limits.argumentCharacters) return cutOff(whole, lengths, limits, onPiece);
  }
  if (!whole) throw new ModelUnavailable(REASONS.cut);
  return whole;
}

type Bounds = Pick<ModelLimits, "toolCalls" | "argumentCharacters" | "outputTokens">;

const CHARACTERS_PER_TOKEN = 4;

/** As if the message had ended there. Its last call broke off: the arguments may still be JSON, and mean something else. */
function cutOff(
  whole: AIMessageChunk,
  lengths: ReadonlyMap<unknown, number>,
  { outputTokens }: Bounds,
  onPiece: (piece: Piece) => void,
): AIMessageChunk {
  // What it wrote is counted at its end, which never came.
  const written = [...lengths.values()].reduce((sum, length) => sum + length, textOf(whole.content).length);
  onPiece({ text: "", usage: { input: 0, output: Math.min(outputTokens, Math.ceil(written / CHARACTERS_PER_TOKEN)), cacheRead: 0 } });
  const calls = whole.tool_calls ?? [];
  const last = calls.at(-1);
  whole.tool_calls = calls.slice(0, -1);
  if (last) whole.invalid_tool_calls = [...(whole.invalid_tool_calls ?? []), { ...named(last), args: "", type: "invalid_tool_call" }];
  whole.additional_kwargs.stop_reason = "tool_use";
  return whole;
}

function named({ id, name }: { id?: string; name: string }): { id?: string; name: string } {
  return id === undefined ? { name } : { id, name };
}

function readPiece({ content, usage_metadata, additional_kwargs: extra }: AIMessageChunk): Piece {
  const piece: Piece = { text: textOf(content) };
  const usage = usage_metadata as UsageMetadata | undefined;
  if (usage)
    piece.usage = {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.input_token_details?.cache_read ?? 0,
      cacheWrite: usage.input_token_details?.cache_creation ?? 0,
    };
  if (typeof extra.model === "string") piece.model = extra.model;
  return piece;
}
