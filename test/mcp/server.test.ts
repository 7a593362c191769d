import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { UserError, VendorError } from "../../src/errors.ts";
import { answerIn, type Given, type Opened, openMcp, PNG, simpleTool } from "./world.ts";

const opened: Opened[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((door) => door.close()));
});

async function open(given: Given = {}): Promise<Opened> {
  const door = await openMcp(given);
  opened.push(door);
  return door;
}

const textOf = (result: { content: readonly { type: string }[] }) => (result.content[0] as { text?: string } | undefined)?.text ?? "";
const call = (name: string, args: unknown = {}) => ({ jsonrpc: "2.0", id: 7, method: "tools/call", params: { name, arguments: args } });

describe.each(["2025", "2026"] as const)("a client of %s", (era) => {
  test("sees the tools it may run, as reading, with their schemas", async () => {
    const door = await open({
      tools: [
        simpleTool("echo", { output: z.object({ word: z.string() }) }),
        simpleTool("change_it", { effect: "write", role: "analyst" }),
        simpleTool("secret_echo", { role: "admin" }),
        simpleTool("cost_echo", { reads: "costs" }),
      ],
    });
    const client = await door.connect("viewer", era);

    const { tools } = await client.listTools();

    expect(tools.map((t) => t.name)).toEqual(["echo"]);
    expect(tools[0]).toMatchObject({
      title: "Echo",
      annotations: { readOnlyHint: true, destructiveHint: false },
      inputSchema: { type: "object", properties: { word: { type: "string", description: "What to say." } } },
      outputSchema: { type: "object", required: ["word"] },
    });
    expect(tools[0]?.outputSchema).not.toHaveProperty("additionalProperties");
    expect((await (await door.connect("admin", era)).listTools()).tools.map((t) => t.name)).toEqual(["echo", "secret_echo"]);
  });

  test("gets the words with their sources, and the data apart", async () => {
    const door = await open({ tools: [simpleTool("echo", { output: z.object({ word: z.string() }) })] });
    const client = await door.connect("viewer", era);
    await client.listTools();

    const result = await client.callTool({ name: "echo", arguments: { word: "hello" } });

    expect(textOf(result)).toBe("It said hello.\n\nSources:\n- the wall: echo (live; read 2026-11-21 09:30 UTC)");
    expect(result.structuredContent).toEqual({ word: "hello" });
    expect(result.isError).toBeUndefined();
    expect(door.calls).toEqual([{ kind: "tool", name: "echo", user: "Bearer viewer", input: { word: "hello" }, outcome: "ok", ms: 0 }]);
  });

  test("gets a small chart as a picture, and the words alone where it cannot be drawn or is large", async () => {
    const chart = { type: "chart" as const, title: "T", spec: {}, alt: "A" };
    const drawing = simpleTool("draw", { run: async () => ({ content: "Drawn.", blocks: [chart], receipts: [] }) });
    const pictures = [async () => PNG, () => Promise.reject(new Error("no fonts")), async () => Buffer.alloc(300_000)];
    const doors = await Promise.all(pictures.map((renderPng) => open({ tools: [drawing], renderPng })));

    const results = [];
    for (const door of doors) results.push(await (await door.connect("viewer", era)).callTool({ name: "draw" }));

    expect(results.map((r) => r.content.map(({ type }) => type))).toEqual([["text", "image"], ["text"], ["text"]]);
    expect(results[0]?.content[1]).toMatchObject({ mimeType: "image/png", data: PNG.toString("base64") });
    expect(doors.map((door) => door.faults.length)).toEqual([0, 1, 0]);
  });

  test("is told what is wrong in words it can act on, never the inside of a bug", async () => {
    const door = await open({
      tools: [
        simpleTool("echo"),
        simpleTool("refuse", { run: () => Promise.reject(new UserError("There is no such word.", { suggestions: ["Say hello"] })) }),
        simpleTool("vendor", { run: () => Promise.reject(new VendorError("AWS", "AWS is down.", { detail: "503" })) }),
        simpleTool("bug", { run: () => Promise.reject(new Error("password is hunter2")) }),
      ],
    });
    const client = await door.connect("viewer", era);

    const said = [];
    for (const [name, args] of [
      ["echo", { wrod: "x" }],
      ["refuse", {}],
      ["vendor", {}],
      ["bug", {}],
    ] as const)
      said.push(await client.callTool({ name, arguments: args }));

    expect(said.map((r) => r.isError)).toEqual([true, true, true, true]);
    expect(said.map(textOf)).toEqual([
      "The input of echo does not fit: wrod is not a field (did you mean “word”?). It takes word.",
      "There is no such word.\n\nThis would work: Say hello",
      "AWS is down. (AWS: “503”)",
      expect.stringMatching(/^Something went wrong on our side/),
    ]);
    expect(JSON.stringify(said)).not.toContain("hunter2");
    expect(door.faults.length).toBe(1);
    expect(door.calls.map((c) => c.outcome)).toEqual(["refused", "refused", "failed", "failed"]);
    await expect(client.callTool({ name: "ehco" })).rejects.toThrow(/no tool “ehco” for you. Did you mean “echo”/);
  });

  test("is told how far a call is", async () => {
    const chart = { type: "chart" as const, title: "T", spec: {}, alt: "A" };
    const door = await open({
      tools: [simpleTool("draw", { title: "Drawing lesson", run: async () => ({ content: "x", blocks: [chart], receipts: [] }) })],
    });
    const client = await door.connect("viewer", era);
    const steps: unknown[] = [];

    await client.callTool({ name: "draw" }, { onprogress: ({ progress, message }) => steps.push([progress, message]) });

    expect(steps).toEqual([
      [1, "Drawing lesson"],
      [2, "Drawing"],
      [3, "Done"],
    ]);
  });

  test("may cancel a call, which then stops", async () => {
    const begun = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const slow = simpleTool("slow", {
      run: (_, { signal }) => {
        signal.addEventListener("abort", () => stopped.resolve());
        begun.resolve();
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    });
    const door = await open({ tools: [slow] });
    const client = await door.connect("viewer", era);
    const cancel = new AbortController();

    const result = client.callTool({ name: "slow" }, { signal: cancel.signal });
    await begun.promise;
    cancel.abort();

    await expect(result).rejects.toThrow();
    await stopped.promise;
    await expect.poll(() => door.calls.map((c) => c.outcome)).toEqual(["cancelled"]);
    expect(door.faults).toEqual([]);
  });

  test("reads resources by address and parameters, and opens prompts", async () => {
    const door = await open({
      skills: async () => [{ name: "cost-review", description: "Reviews cost.", body: "# Cost review\nLook twice." }],
      resources: [
        {
          name: "weather",
          title: "Weather",
          description: "What it is like outside.",
          parameters: [{ name: "town", description: "Where." }],
          isThere: () => true,
          read: async ({ town = "here" }) => ({ town, rain: null }),
        },
        { name: "hidden", title: "Hidden", description: "Not here.", parameters: [], isThere: () => false, read: async () => ({}) },
      ],
    });
    const client = await door.connect("viewer", era);

    const { resources } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const { contents } = await client.readResource({ uri: "firstmate://weather?town=Bremen" });
    const { prompts } = await client.listPrompts();
    const prompt = await client.getPrompt({ name: "cost-review", arguments: { subject: "last month" } });

    expect(resources.map((r) => r.uri)).toEqual(["firstmate://weather"]);
    expect(resourceTemplates.map((t) => t.uriTemplate)).toEqual(["firstmate://weather{?town}"]);
    expect(JSON.parse((contents[0] as { text: string }).text)).toEqual({ town: "Bremen", rain: null });
    expect(prompts.map((p) => p.name)).toEqual(["cost-review"]);
    expect(prompt.messages[0]?.content).toMatchObject({ text: "# Cost review\nLook twice.\n\n## Apply it to\n\nlast month" });
    await expect(client.readResource({ uri: "firstmate://wether" })).rejects.toThrow(/Did you mean firstmate:\/\/weather/);
    await expect(client.readResource({ uri: "firstmate://hidden" })).rejects.toThrow(/nothing at/);
    await expect(client.readResource({ uri: "file:///etc/passwd" })).rejects.toThrow(/nothing at/);
    await expect(client.readResource({ uri: "firstmate://weather?twon=x" })).rejects.toThrow(/Did you mean “town”/);
    await expect(client.getPrompt({ name: "cost-reveiw" })).rejects.toThrow(/Did you mean “cost-review”/);
  });
});

describe("the door", () => {
  test("takes a key and nothing else, and says how to get one", async () => {
    const door = await open();

    const without = await fetch(door.url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    const wrong = await door.post({}, { authorization: "Bearer nonsense" });
    const stream = await fetch(door.url);

    for (const response of [without, wrong, stream]) {
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
      expect(await response.text()).toMatch(/firstmate key create/);
    }
  });

  test("turns away pages of other sites and names that are not its own", async () => {
    const door = await open();
    const published = await open({ publicUrl: "https://mate.example.com" });
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };

    expect((await door.post(ping, { origin: "http://evil.example" })).status).toBe(403);
    expect((await door.post(ping, { origin: "null" })).status).toBe(403);
    expect((await door.post(ping, { origin: new URL(door.url).origin })).status).toBe(200);
    expect((await published.post(ping, { origin: "https://mate.example.com" })).status).toBe(200);
    expect((await published.post(ping, { origin: "https://mate.example.com.evil.example" })).status).toBe(403);
  });

  test("gives a client of 2025 a session id, and cancels by it only calls of the same key", async () => {
    const begun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const slow = simpleTool("slow", {
      run: async (_, { signal }) => {
        begun.resolve();
        await release.promise;
        signal.throwIfAborted();
        return { content: "done", blocks: [], receipts: [] };
      },
    });
    const door = await open({ tools: [slow] });
    const hello = await door.post({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
    });
    const session = hello.headers.get("mcp-session-id") ?? "";
    const cancelled = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 7 } };

    const result = door.post(call("slow"), { "mcp-session-id": session });
    await begun.promise;
    const foreign = await door.post(cancelled, { "mcp-session-id": session, authorization: "Bearer viewer2" });
    release.resolve();

    expect(await answerIn(hello)).toMatchObject({ result: { protocolVersion: "2025-06-18", serverInfo: { name: "firstmate" } } });
    expect(session).not.toBe("");
    expect(foreign.status).toBe(202);
    expect(textOf((await answerIn(await result)).result)).toBe("done");
  });

  test("counts calls against the limit of their key, those in one batch too, and looking around not", async () => {
    const door = await open({ tools: [simpleTool("echo")], perMinute: 2 });
    const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };

    const looks = [await door.post(list), await door.post(list), await door.post(list)];
    const first = await door.post(call("echo"));
    const batch = await door.post([call("echo"), call("echo")]);
    const other = await door.post(call("echo"), { authorization: "Bearer viewer2" });

    expect(looks.map((r) => r.status)).toEqual([200, 200, 200]);
    expect(first.headers.get("ratelimit-remaining")).toBe("1");
    expect(batch.status).toBe(429);
    expect(Number(batch.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(other.status).toBe(200);
    expect(door.calls.length).toBe(2);
  });

  test("acknowledges a subscription of 2026 for nothing, since nothing changes, and ends it", async () => {
    const door = await open({ tools: [simpleTool("echo")] });
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "t", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const params = { notifications: { toolsListChanged: true, resourceSubscriptions: ["firstmate://projects"] }, _meta };

    const answer = await door.post(
      { jsonrpc: "2.0", id: 7, method: "subscriptions/listen", params },
      { "mcp-protocol-version": "2026-07-28", "mcp-method": "subscriptions/listen" },
    );

    const frames = [...(await answer.text()).matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
    expect(frames).toMatchObject([
      { method: "notifications/subscriptions/acknowledged", params: { notifications: {} } },
      { id: 7, result: { resultType: "complete" } },
    ]);
  });

  test("answers garbage in the words of the protocol", async () => {
    const door = await open({ tools: [simpleTool("echo")] });

    for (const [body, status] of [
      ["{", 400],
      ["[]", 400],
      ["null", 400],
      ['{"jsonrpc":"2.0","id":1}', 400],
      ["x".repeat(200_000), 413],
    ] as const)
      expect((await door.post(body)).status, body.slice(0, 20)).toBe(status);
    expect((await door.post(call("echo"), { "content-type": "text/plain" })).status).toBe(415);
    expect(await answerIn(await door.post({ jsonrpc: "2.0", id: 1, method: "no/such" }))).toMatchObject({ error: { code: -32601 } });
    expect(await answerIn(await door.post(call("echo", { __proto__: { word: 1 } })))).toMatchObject({
      result: { content: expect.any(Array) },
    });
    expect((await fetch(door.url, { headers: { authorization: "Bearer viewer" } })).status).toBe(405);
    expect(door.faults).toEqual([]);
  });
});
