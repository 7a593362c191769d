import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EvalCase } from "./case.ts";

type Script = NonNullable<EvalCase["script"]>;

/** A Messages API on loopback that plays one script at a time: first its calls, then its words. For showing what the house does around a model. */
export interface ScriptedModel {
  url: string;
  play(script: Script): void;
  close(): Promise<void>;
}

interface Asked {
  model?: string;
  messages?: readonly { role: string; content: string | readonly { type: string; content?: unknown; text?: string }[] }[];
}

export async function startScriptedModel(): Promise<ScriptedModel> {
  let script: Script = { calls: [], say: "{result}" };
  const server = createServer((request, response) => {
    answer(request, response, script).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play(next) {
      script = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const asked = JSON.parse(Buffer.concat(parts).toString("utf8")) as Asked;
  const result = lastResult(asked);
  const isFirst = result === undefined && script.calls.length > 0;
  const blocks = isFirst
    ? script.calls.map(({ name, input }, i) => ({ type: "tool_use", id: `toolu_${i}`, name, input }))
    : [{ type: "text", text: script.say.replaceAll("{result}", firstParagraph(result ?? "")) }];
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events(asked.model ?? "", blocks, isFirst))
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}

function lastResult({ messages = [] }: Asked): string | undefined {
  const content = messages.at(-1)?.content;
  if (!Array.isArray(content)) return undefined;
  const result = content.find((block) => block.type === "tool_result");
  if (!result) return undefined;
  if (typeof result.content === "string") return result.content;
  return Array.isArray(result.content) ? result.content.map((part: { text?: string }) => part.text ?? "").join("") : "";
}

function firstParagraph(text: string): string {
  return text.split(/\n\s*\n/)[0] ?? "";
}

type Block = { type: string; text?: string; id?: string; name?: string; input?: unknown };

function* events(model: string, blocks: readonly Block[], isCall: boolean): Generator<{ type: string } & Record<string, unknown>> {
  const usage = { input_tokens: 100, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const message = {
    id: "msg_script",
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  yield { type: "message_start", message };
  for (const [index, block] of blocks.entries()) {
    const isText = block.type === "text";
    yield { type: "content_block_start", index, content_block: isText ? { type: "text", text: "" } : { ...block, input: {} } };
    const delta = isText
      ? { type: "text_delta", text: block.text ?? "" }
      : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    yield { type: "content_block_delta", index, delta };
    yield { type: "content_block_stop", index };
  }
  yield {
    type: "message_delta",
    delta: { stop_reason: isCall ? "tool_use" : "end_turn", stop_sequence: null },
    usage: { output_tokens: 20 },
  };
  yield { type: "message_stop" };
}
