import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createTerminalChannel } from "../../../src/channels/terminal/index.ts";
import { testChannel } from "../../kit/channel-conformance.ts";

function open() {
  const input = new PassThrough();
  const output = new PassThrough();
  let seen = "";
  output.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
  });
  let ids = 0;
  const user = { id: "local:cli", name: "Ada", timeZone: "Europe/Berlin", roles: ["viewer" as const] };
  const channel = createTerminalChannel({ input, output, user, newId: () => `id-${++ids}`, now: () => new Date("2026-11-21T09:00:00Z") });
  return {
    channel,
    input,
    say: async (text: string) => void input.write(`${text}\n`),
    seen: () => seen,
    close: async () => void input.end(),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a terminal obeys
testChannel({ name: "terminal", forbidden: /[\u001b\u0007]/, open: async () => open() });

describe("the terminal", () => {
  it("shows the receipts of the last answer, and starts a new conversation, on request", async () => {
    const { channel, input, seen } = open();
    const conversations: string[] = [];
    await channel.start(async function* (message) {
      conversations.push(message.conversation);
      const receipt = {
        id: "r",
        source: "bill",
        query: "sum of cost",
        fetchedAt: new Date("2026-11-21T08:00:00Z"),
        status: "demo" as const,
      };
      yield {
        text: "Ten.",
        receipts: [receipt],
        final: true,
        turn: { id: "t", conversation: "c", agent: "deterministic" as const, tools: [{ name: "get_costs", input: {} }] },
      };
    });
    input.end("how much\n/maths\n/new\nand now\n");
    await channel.ended;

    expect(seen()).toContain("bill: sum of cost");
    expect(seen()).toContain("get_costs {}");
    expect(new Set(conversations).size).toBe(2);
  });

  it("prints a post of its own once, however often it is sent", async () => {
    const { channel, seen } = open();

    await channel.send("c", { text: "Disk is full.", final: true }, "k1");
    await channel.send("c", { text: "Disk is full.", final: true }, "k1");

    expect(seen().match(/Disk is full/g)?.length).toBe(1);
  });
});
