import type { RecordedCall } from "../../src/core/agent.ts";
import type { Receipt } from "../../src/core/fact.ts";
import type { Message, User } from "../../src/core/message.ts";
import type { Reply } from "../../src/core/reply.ts";

export function aUser(id = "local:ada"): User {
  return { id, name: "Ada", timeZone: "Europe/Berlin", roles: ["analyst"] };
}

export function aMessage(fields: Partial<Message> = {}): Message {
  const at = new Date("2026-11-20T09:00:00Z");
  return { id: "m1", channel: "console", conversation: "c1", audience: "direct", user: aUser(), text: "What did we spend?", at, ...fields };
}

export function aReceipt(fields: Partial<Receipt> = {}): Receipt {
  const fetchedAt = new Date("2026-11-20T09:00:01.500Z");
  return { id: "r1", source: "bill (bills/focus.csv)", query: "sum of cost, October 2026", fetchedAt, status: "live", ...fields };
}

/** A final reply with every kind of block. */
export function aReply(fields: Partial<Reply> = {}): Reply {
  return {
    text: "October 2026 cost **1,204.50 USD**.",
    blocks: [
      { type: "markdown", text: "2026-11-20T09:00:00.000Z is only a text" },
      {
        type: "table",
        columns: [
          { label: "Service", type: "text" },
          { label: "Cost", type: "money", unit: "USD" },
        ],
        rows: [
          ["EC2", 1204.5],
          ["S3", null],
        ],
      },
      {
        type: "chart",
        title: "Cost",
        spec: { mark: "bar", data: { values: [{ day: "2026-10-01", cost: 1 }] } },
        alt: "Cost rose.",
        image: "/charts/1",
      },
      { type: "kpis", items: [{ label: "Total", value: "1,204.50 USD", tone: "neutral" }] },
      { type: "progress", label: "read", done: 1, total: 2 },
      { type: "approval", id: "a1", title: "Stop i-1", lines: ["stop i-1"], expiresAt: new Date("2026-11-20T10:00:00Z") },
    ],
    receipts: [aReceipt(), aReceipt({ id: "r2", window: { from: "2026-10-01", to: "2026-10-31" }, notes: ["12 rows without a value"] })],
    suggestions: ["And by region?"],
    final: true,
    ...fields,
  };
}

export function aCall(
  name = "get_costs",
  outcome: RecordedCall["outcome"] = { finding: { content: "", blocks: [], receipts: [] } },
): RecordedCall {
  return { call: { name, input: { by: ["service"], period: { from: "2026-10-01", to: "2026-10-31" } } }, durationMs: 12.7, outcome };
}
