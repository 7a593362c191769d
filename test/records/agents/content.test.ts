import { describe, expect, it } from "vitest";
import { withRule } from "../../../src/records/agents/content.ts";

function kept(metadata: Record<string, unknown>, rule: "keep" | "redact" | "drop" = "drop"): unknown {
  return withRule({ id: "1", at: new Date(0), type: "response", metadata }, rule).metadata;
}

describe("what people and models said", () => {
  it.each([
    "prompt",
    "systemPrompt",
    "messages",
    "response",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.prompt.0.content",
    "gen_ai.completion",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
    "input.value",
    "llm.output_messages.0.message.content",
    "db.query.text",
  ])("is dropped under the name %s", (name) => {
    expect(kept({ [name]: "hello", region: "eu" })).toEqual({ region: "eu" });
    expect(kept({ outer: { [name]: [{ text: "hello" }] } })).toEqual({ outer: {} });
    expect(kept({ [name]: "hello" }, "keep")).toEqual({ [name]: "hello" });
  });

  it.each([
    "gen_ai.request.model",
    "gen_ai.response.id",
    "gen_ai.response.finish_reasons",
    "gen_ai.usage.input_tokens",
    "gen_ai.conversation.id",
    "gen_ai.tool.name",
    "gen_ai.request.temperature",
    "server.address",
    "promptVersion",
    "team",
  ])("leaves %s, which only sounds alike", (name) => {
    expect(kept({ [name]: 7 })).toEqual({ [name]: 7 });
  });

  it("is redacted at any depth", () => {
    expect(kept({ prompt: { text: "mail ada@example.com" }, token: "abc" }, "redact")).toEqual({
      prompt: '{"text":"mail [address]"}',
      token: "[redacted]",
    });
  });
});

describe("what is kept", () => {
  it("has no secrets, whatever the rule", () => {
    const event = { id: "1", at: new Date(0), type: "error", error: "401 for Bearer abcdefghijkl by ada@example.com" };
    expect(withRule(event, "keep").error).toBe("401 for Bearer [redacted] by [address]");
    expect(kept({ header: "Bearer abcdefghijkl", apiKey: "x" }, "keep")).toEqual({ header: "Bearer [redacted]", apiKey: "[redacted]" });
  });

  it("is bounded, and says so", () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${i}`, "x".repeat(1_000)]));
    expect(Object.keys(kept(many) as object)).toContain("truncated");
    expect(JSON.stringify(kept(many)).length).toBeLessThan(20_000);
    let deep: unknown = "end";
    for (let i = 0; i < 20_000; i++) deep = { deep };
    expect(JSON.stringify(kept({ deep })).length).toBeLessThan(200);
    expect(JSON.stringify(kept({ prompt: deep }, "redact")).length).toBeLessThan(200);
  });

  it("takes no prototype from a sender", () => {
    const metadata = kept(JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": {"prototype": {"a": 1}}}'));
    expect((metadata as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});
