import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Receipt } from "../../src/core/fact.ts";
import type { Connection } from "../../src/core/integration.ts";
import { plainWords } from "../../src/core/text.ts";
import type { Finding } from "../../src/core/tool.ts";
import { createVendorHttp, readPages, stampOf, type VendorHttp } from "../../src/integrations/http.ts";
import { testVendor, VENDOR_CASES } from "./vendor-conformance.ts";
import { failures, type RecordedRequest, type Routes, startVendorServer } from "./vendor-server.ts";
import type { VendorUnderTest } from "./vendor-world.ts";

/** Two pages of tickets, as a vendor's tool would read them. */
const real: Routes = {
  "GET /tickets": ({ query }) =>
    query.get("cursor") === "2"
      ? { json: { tickets: [{ id: "T-3", title: "Login | fails", age: 3, tag: "unused" }] } }
      : { json: { tickets: [{ id: "T-1", title: "Slow", age: 1 }], next: "2" } },
  "GET /me": { json: { name: "bot" } },
};
const endless: Routes = {
  "GET /tickets": ({ query }: RecordedRequest) => ({
    json: { tickets: [{ id: "T-1", title: "Slow", age: 1 }], next: String(Number(query.get("cursor") ?? 0) + 1) },
  }),
};
const empty: Routes = { "GET /tickets": { json: { tickets: [] } } };
const rest = { name: "Acme", real, endless, empty, credentials: "ACME_TOKEN" } as const;

const page = z.object({ tickets: z.array(z.object({ id: z.string(), title: z.string(), age: z.number() })), next: z.string().optional() });
type Ticket = z.output<typeof page>["tickets"][number];

function findingOf(content: string, receipt: Omit<Receipt, "id" | "source" | "query">): Finding {
  return {
    content,
    blocks: [{ type: "markdown", text: content }],
    receipts: [{ id: "r1", source: "Acme", query: "open tickets", ...receipt }],
  };
}

function connectionOf(http: VendorHttp, ask: (signal: AbortSignal) => Promise<Finding>): Connection & { ask: typeof ask } {
  return {
    ask,
    tools: [],
    feeds: [],
    async check(signal) {
      try {
        await http.json({ path: "me", operation: "who am I" }, z.object({ name: z.string() }), signal);
        return [{ name: "Acme", state: "ok", message: "It answers." }];
      } catch (error) {
        return [
          { name: "Acme", state: "failed", message: "It does not answer.", fix: error instanceof Error ? error.message : "Try again." },
        ];
      }
    },
    close: http.close,
  };
}

const good: VendorUnderTest = {
  ...rest,
  async connect({ baseUrl, secret, context }) {
    const headers = { authorization: `Bearer ${secret}` };
    const http = createVendorHttp({ vendor: "Acme", baseUrl, context, headers, credentials: "ACME_TOKEN" });
    const load = (signal: AbortSignal) =>
      readPages<Ticket>(
        async (cursor) => {
          const { tickets, next } = await http.json({ path: "tickets", query: { cursor }, operation: "list tickets" }, page, signal);
          return { items: tickets, next };
        },
        { pages: 20, what: "tickets" },
      );
    return connectionOf(http, async (signal) => {
      const found = await http.cached("tickets", load, signal);
      const { items, truncated } = found.value;
      const lines = items.map(({ id, title, age }) => `- ${plainWords(quote(id))} ${plainWords(quote(title))}: ${age} days`);
      return findingOf(`${items.length} tickets\n${lines.join("\n")}`, { ...stampOf(found), ...(truncated ? { truncated } : {}) });
    });
  },
  ask: (connection, signal) => (connection as ReturnType<typeof connectionOf>).ask(signal),
};

/** As one writes it in a hurry: the global fetch, no schema, no limit, a default for everything that is missing. */
const naive: VendorUnderTest = {
  ...rest,
  async connect({ baseUrl, secret }) {
    const http = createVendorHttp({ vendor: "Acme", baseUrl, context: { now: () => new Date() } });
    return connectionOf(http, async () => {
      const tickets: Partial<Ticket>[] = [];
      for (let cursor: string | undefined = "0", n = 0; cursor && n < 300; n++) {
        const response = await fetch(`${baseUrl}/tickets?cursor=${cursor}`, { headers: { authorization: `Bearer ${secret}` } });
        if (response.status === 401) throw new Error(`Acme said: ${await response.text()}`);
        const body = JSON.parse((await response.text()).trim() || "{}") as { tickets?: Partial<Ticket>[]; next?: string };
        tickets.push(...(body.tickets ?? []));
        cursor = body.next;
      }
      const days = tickets.reduce((sum, { age }) => sum + Number(age), 0);
      const fact = { at: new Date("2026-11-21"), measure: "age", value: days, labels: {} };
      return { ...findingOf(tickets.map((t) => t.title).join("\n"), { fetchedAt: new Date(), status: "live" }), facts: [fact] };
    });
  },
  ask: good.ask,
};

function quote(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, " ");
}

testVendor(good);

describe("the suite for vendors", () => {
  const catches = [
    /live and with receipts/,
    /as demo/,
    /\(401\)/,
    /\(403\)/,
    /\(404\)/,
    /\(429\)/,
    /\(500\)/,
    /\(502\)/,
    /not JSON/,
    /too early/,
    /dies/,
    /another shape/,
    /reading an answer of 500 MB/,
    /429 once/,
    /503 once/,
    /last answer/,
    /cover a refusal/,
    /without an end/,
    /hostile/,
    /figure of a number/,
    /no clock/,
    /told to/,
  ];
  it.each(VENDOR_CASES.filter(({ name }) => catches.some((pattern) => pattern.test(name))).map((c) => [c.name, c] as const))(
    "catches a naive vendor: %s",
    async (_, { run }) => {
      await expect(run(naive)).rejects.toThrow();
    },
  );

  it("knows every fault that it is said to catch", () => {
    expect(catches.filter((pattern) => !VENDOR_CASES.some(({ name }) => pattern.test(name)))).toEqual([]);
  });
});

describe("the scripted vendor", () => {
  it("fails a test for a request without a route and for a route without a request", async () => {
    const server = await startVendorServer({ "GET /used/:id": { json: 1 }, "POST /tree/*": { json: 2 } });
    await fetch(`${server.url}/used/7?x=1`);
    expect(() => server.assertAllUsed()).toThrow("never asked");

    await fetch(`${server.url}/tree/a/b`, { method: "POST" });
    server.assertAllUsed();

    expect((await fetch(`${server.url}/used/7/8`)).status).toBe(404);
    expect(() => server.assertAllUsed()).toThrow("does not have");
    await server.close();
  });

  it("misbehaves as often as it is told to", async () => {
    const server = await startVendorServer({ "GET /": { json: 1 } });
    server.misbehave(failures.tooMany("1"), 1);

    expect((await fetch(server.url)).status).toBe(429);
    expect((await fetch(server.url)).status).toBe(200);
    await server.close();
  });
});
