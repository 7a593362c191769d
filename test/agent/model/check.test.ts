import { describe, expect, it, onTestFinished } from "vitest";
import { checkModel } from "../../../src/agent/model/check.ts";
import { type ServerOptions, startAnthropicServer } from "../../kit/anthropic-server.ts";

const { signal } = new AbortController();

async function check(model: string, apiKey = "right", options: ServerOptions = {}) {
  const server = await startAnthropicServer({ key: "right", models: { current: null, old: "2026-09-01T00:00:00Z" }, ...options });
  onTestFinished(() => server.close());
  const result = await checkModel({ apiKey, model, baseUrl: server.url }, signal);
  expect(server.requests).toEqual([]);
  return result;
}

describe("what doctor and init say of the model", () => {
  it("is that the key is good, without a message that costs", async () => {
    expect(await check("current")).toMatchObject({ state: "ok", message: "the key is good for current" });
  });

  it("is that the key was refused, and never the key", async () => {
    const result = await check("current", "sk-ant-wrong");

    expect(result).toMatchObject({ state: "failed", fix: "Check ANTHROPIC_API_KEY." });
    expect(JSON.stringify(result)).not.toContain("sk-ant-wrong");
  });

  it("is since when a model is deprecated", async () => {
    expect(await check("old")).toMatchObject({ state: "warning", message: expect.stringContaining("since 2026-09-01") });
  });

  it("is no refusal where a gateway knows no descriptions", async () => {
    expect(await check("unheard-of")).toMatchObject({ state: "ok", message: expect.stringContaining("gateway") });
  });

  it("is that nobody answers there", async () => {
    const server = await startAnthropicServer();
    await server.close();

    expect(await checkModel({ apiKey: "right", model: "current", baseUrl: server.url }, signal)).toMatchObject({
      state: "failed",
      message: expect.stringContaining("could not be reached"),
    });
  });

  it("waits no longer than whoever asks", async () => {
    await expect(
      checkModel({ apiKey: "x", model: "y", baseUrl: "http://127.0.0.1:9" }, AbortSignal.abort(new Error("gone"))),
    ).rejects.toThrow("gone");
  });
});
