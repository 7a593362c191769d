import { createHash } from "node:crypto";
import type { Block, Reply } from "../core/reply.ts";
import { isSigned, signPath } from "../identity/signed-path.ts";

/** The answer object of `POST /api/v1/ask`, of `ask --json` and of stored turns. */
export interface WireAnswer {
  conversation: string;
  turn: string;
  text: string;
  notice?: string;
  blocks: readonly Block[];
  receipts: NonNullable<Reply["receipts"]>;
  figures?: NonNullable<Reply["figures"]>;
  tools: readonly { name: string; input: Readonly<Record<string, unknown>> }[];
  agent: "model" | "deterministic";
  suggestions: readonly string[];
  usage?: NonNullable<Reply["turn"]>["usage"];
}

/** A final reply as the API gives it: charts carry a path that serves their picture until it expires. */
export function toWireAnswer(reply: Reply, secret: string, now: Date): WireAnswer {
  const { turn } = reply;
  return {
    conversation: turn?.conversation ?? "",
    turn: turn?.id ?? "",
    text: reply.text,
    ...(reply.notice ? { notice: reply.notice } : {}),
    blocks: (reply.blocks ?? []).map((block, index) =>
      block.type === "chart" ? { ...block, image: signPath(chartPath(turn?.id ?? "", index), secret, now) } : block,
    ),
    receipts: reply.receipts ?? [],
    ...(reply.figures?.length ? { figures: reply.figures } : {}),
    tools: turn?.tools ?? [],
    agent: turn?.agent ?? "deterministic",
    suggestions: reply.suggestions ?? [],
    ...(turn?.usage ? { usage: turn.usage } : {}),
  };
}

/** Blocks outside a conversation: charts carry a proof that their specification is ours, with which the picture can be asked for until it expires. */
export function withProofs(blocks: readonly Block[], secret: string, now: Date): (Block & { proof?: string })[] {
  return blocks.map((block) => {
    if (block.type !== "chart") return block;
    return { ...block, proof: signPath(nameOf(block.spec), secret, now).split("?")[1] ?? "" };
  });
}

/** Whether we made this specification: nothing else is drawn. */
export function isProven(spec: object, proof: string, secret: string, now: Date): boolean {
  return isSigned(nameOf(spec), new URLSearchParams(proof), secret, now);
}

/** By its JSON, which comes back as it went out. */
function nameOf(spec: object): string {
  return `chart:${createHash("sha256").update(JSON.stringify(spec)).digest("base64url")}`;
}

export function chartPath(turn: string, index: number): string {
  return `/api/v1/charts/${turn}/${index}`;
}
