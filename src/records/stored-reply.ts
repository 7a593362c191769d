import type { Receipt } from "../core/fact.ts";
import type { Block, Reply } from "../core/reply.ts";

/**
 * A reply as the JSON that is kept. It comes back equal but for what JSON cannot hold: absent instead of undefined,
 * and a Date inside a chart's `spec` or a tool's input as text.
 */
export function toJson(reply: Reply): string {
  return JSON.stringify(reply);
}

/** Dates are revived where the contract has them, and nowhere else: a text that looks like a date stays a text. */
export function replyFromJson(json: string): Reply {
  const reply = JSON.parse(json) as Reply;
  return {
    ...reply,
    ...(reply.blocks ? { blocks: reply.blocks.map(reviveBlock) } : {}),
    ...(reply.receipts ? { receipts: reply.receipts.map(reviveReceipt) } : {}),
  };
}

function reviveReceipt(receipt: Receipt): Receipt {
  return { ...receipt, fetchedAt: new Date(receipt.fetchedAt) };
}

function reviveBlock(block: Block): Block {
  return block.type === "approval" ? { ...block, expiresAt: new Date(block.expiresAt) } : block;
}
