import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, type Served, serve } from "../kit/app.ts";
import { readEvents } from "../kit/events.ts";

const QUESTION = "Which services make up 80% of our cloud cost last month?";
const EVENTS = { accept: "text/event-stream" };

let app: Served;
beforeAll(async () => {
  app = await serve({ env: { REQUESTS_PER_MINUTE: "1000" } });
});
afterAll(() => app.stop());

const ask = (question: string, conversation?: string, headers: Record<string, string> = {}) =>
  app.post("/api/v1/ask", conversation === undefined ? { question } : { question, conversation }, headers);

describe("an answer", () => {
  let whole: Answered;
  beforeAll(async () => {
    whole = await ask(QUESTION);
  });

  it("comes in the envelope with all its parts", () => {
    expect(whole.status).toBe(200);
    expect(whole.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(Object.keys(whole.json)).toEqual(["data", "meta", "errors"]);
    expect(whole.json.errors).toEqual([]);
    expect(whole.json.data).toMatchObject({
      conversation: expect.stringMatching(/^[\w-]{36}$/),
      turn: expect.stringMatching(/^[\w-]{36}$/),
      text: expect.stringContaining("80%"),
      agent: "deterministic",
      notice: "Demo data: a simulated company. Answered without a language model.",
      tools: [{ name: "pareto", input: { by: "service" } }],
    });
    expect(whole.json.data.suggestions.length).toBeGreaterThan(0);
    expect(whole.json.data.usage).toBeUndefined();
  });

  it("says of each figure where it is from, and that the company is simulated", () => {
    const { receipts } = whole.json.data;

    expect(receipts.length).toBeGreaterThan(0);
    for (const receipt of receipts) {
      expect(receipt).toMatchObject({ status: "demo", source: expect.any(String), query: expect.stringContaining("service") });
      expect(Date.parse(receipt.fetchedAt)).not.toBeNaN();
      expect(receipt.window).toEqual({ from: expect.stringMatching(/-01$/), to: expect.stringMatching(/-(28|29|30|31)$/) });
    }
  });

  it("shows a chart with its finding in words and a table of the same", () => {
    const { blocks } = whole.json.data;

    expect(blocks.map((block: { type: string }) => block.type)).toEqual(["chart", "table"]);
    expect(blocks[0].alt.length).toBeGreaterThan(20);
    expect(blocks[0].image).toMatch(/^\/api\/v1\/charts\/[\w-]+\/0\?expires=\d+&signature=[\w-]+$/);
    expect(blocks[1].columns.map((column: { type: string }) => column.type)).toEqual(["text", "money", "percent", "percent"]);
  });

  it("streams the same: the conversation, statuses, text that only grows, and one end", async () => {
    const { status, headers, text } = await ask(QUESTION, undefined, EVENTS);
    const events = readEvents(text);

    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(events[0]).toEqual({ event: "start", data: { conversation: expect.stringMatching(/^[\w-]{36}$/) } });
    expect(events[1]).toEqual({ event: "status", data: { status: expect.stringContaining("pareto") } });
    expect(events.filter(({ event }) => event === "final" || event === "error").length).toBe(1);
    const final = events.at(-1);
    expect(final?.event).toBe("final");
    expect(final?.data.conversation).toBe(events[0]?.data.conversation);
    const texts = [...events.filter(({ event }) => event === "text").map(({ data }) => data.text), final?.data.text];
    for (const [i, later] of texts.entries()) expect(later.startsWith(texts[i - 1] ?? "")).toBe(true);
    const { conversation: _, turn: __, blocks, receipts, ...same } = final?.data ?? {};
    expect(whole.json.data).toMatchObject(same);
    expect(blocks[1]).toEqual(whole.json.data.blocks[1]);
    expect(receipts.length).toBe(whole.json.data.receipts.length);
  });

  it("to a follow-up keeps the subject and changes what was said", async () => {
    const { json } = await ask("and by account?", whole.json.data.conversation);

    expect(json.data.conversation).toBe(whole.json.data.conversation);
    expect(json.data.tools).toEqual([{ name: "pareto", input: { ...whole.json.data.tools[0].input, by: "account" } }]);
  });

  it("to a question nobody can look up invents nothing and shows what can be asked", async () => {
    const { status, json } = await ask("What is the airspeed of an unladen swallow?");

    expect(status).toBe(200);
    expect(json.data).toMatchObject({ tools: [], blocks: [], receipts: [] });
    expect(json.data.suggestions.length).toBeGreaterThan(0);
  });

  it("means today in the zone the caller gives", async () => {
    const question = "How much did we spend today?";
    const day = (timeZone: string) => new Intl.DateTimeFormat("en-CA", { timeZone }).format(new Date());

    for (const timeZone of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
      const before = day(timeZone);
      const { json } = await app.post("/api/v1/ask", { question, timeZone });
      const asked = JSON.stringify(json.data);
      expect(
        [before, day(timeZone)].some((today) => asked.includes(today)),
        asked,
      ).toBe(true);
    }
  });
});

describe("a chart", () => {
  let image: string;
  beforeAll(async () => {
    image = (await ask(QUESTION)).json.data.blocks[0].image;
  });

  async function png(path: string) {
    const response = await fetch(`${app.url}${path}`);
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  it("is a picture wide enough to read, kept by its reader alone", async () => {
    const { response, bytes } = await png(image);

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/png");
    expect(response.headers.get("cache-control")).toContain("private");
    expect(bytes.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
    expect(bytes.readUInt32BE(16)).toBeGreaterThanOrEqual(600);
    expect(bytes.length).toBeGreaterThan(5000);
  });

  it("has dark colours on demand", async () => {
    const [light, dark] = await Promise.all([png(image), png(`${image}&theme=dark`)]);

    expect(dark.response.status).toBe(200);
    expect(dark.bytes.equals(light.bytes)).toBe(false);
  });

  it("stays shut without the very signature it came with", async () => {
    const url = new URL(image, app.url);
    const signature = url.searchParams.get("signature") ?? "";
    const expires = Number(url.searchParams.get("expires"));
    const forged = [
      url.pathname,
      `${url.pathname}?expires=${expires}`,
      `${url.pathname}?expires=${expires}&signature=`,
      `${url.pathname}?expires=${expires}&signature=${"A".repeat(signature.length)}`,
      `${url.pathname}?expires=${expires + 1}&signature=${signature}`,
      `${url.pathname}?expires=NaN&signature=${signature}`,
      `${url.pathname}?expires=1&signature=${signature}`,
      `${url.pathname.replace(/0$/, "1")}${url.search}`,
      `/api/v1/charts/${"0".repeat(36)}/0${url.search}`,
      `/api/v1/charts/x/-1${url.search}`,
      `/api/v1/charts/x/y${url.search}`,
    ];

    for (const path of forged) {
      const { status, json } = await app.get(path);
      expect([status, json.title], path).toEqual([403, "Forbidden"]);
    }
  });

  it("has a fresh address when the conversation is read again", async () => {
    const { json } = await ask(QUESTION);
    const again = await app.get(`/api/v1/conversations/${json.data.conversation}`);

    const { response } = await png(again.json.data.turns[0].answer.blocks[0].image);

    expect(response.status).toBe(200);
  });
});

describe("a tool", () => {
  it("is listed with what it takes", async () => {
    const { json } = await app.get("/api/v1/tools");
    const pareto = json.data.find((tool: { name: string }) => tool.name === "pareto");

    expect(pareto).toMatchObject({ effect: "read", role: "viewer", command: { name: "pareto" }, input: { type: "object" } });
    expect(Object.keys(pareto.input.properties)).toEqual(expect.arrayContaining(["dataset", "feed", "measure", "by", "filter", "period"]));
    expect(pareto.examples.join()).not.toContain("{");
  });

  it("ranks: pareto gives the figures of the ranking", async () => {
    const { status, json } = await app.post("/api/v1/tools/pareto", { feed: "costs", by: "service", period: "last month" });
    const { content, data, blocks, facts, receipts } = json.data;

    expect(status).toBe(200);
    expect(content).toContain("80%");
    expect(blocks[0].type).toBe("markdown");
    expect(receipts.length).toBeGreaterThan(0);
    expect(data.n).toBe(data.items.length);
    expect(data.total).toBeCloseTo(
      data.items.reduce((sum: number, item: { value: number }) => sum + item.value, 0),
      6,
    );
    expect(data.items[data.itemsTo80 - 1].cumulativeShare).toBeGreaterThanOrEqual(0.8);
    expect(data.items[data.itemsTo80 - 2]?.cumulativeShare ?? 0).toBeLessThan(0.8);
    const few = data.items.slice(0, Math.ceil(0.2 * data.n));
    expect(data.top20Share).toBeCloseTo(few.at(-1).cumulativeShare, 9);
    expect(data.gini).toBeGreaterThan(0);
    expect(facts[0]).toMatchObject({ measure: "cost", unit: "USD", value: expect.any(Number), labels: { service: expect.any(String) } });
    expect(facts[0].at).toMatch(/^\d{4}-\d\d-\d\dT00:00:00\.000Z$/);
  });

  it("adds up: get_costs gives totals and rows for a period in either form", async () => {
    const words = await app.post("/api/v1/tools/get_costs", { period: "last month", by: "service", compare: "previous" });
    const { period, comparePeriod } = words.json.data.data;
    const days = await app.post("/api/v1/tools/get_costs", { period, by: ["service"], compare: comparePeriod });

    expect(days.json.data.data).toEqual(words.json.data.data);
    const [total] = words.json.data.data.totals;
    expect(total).toMatchObject({ unit: "USD", value: expect.any(Number), previous: expect.any(Number) });
    expect(total.change).toBeCloseTo(total.value / total.previous - 1, 9);
  });

  it("leaves the rest out of its table and never out of its total", async () => {
    const all = await app.post("/api/v1/tools/pareto", { by: "service", period: "last month" });
    const few = await app.post("/api/v1/tools/pareto", { by: "service", period: "last month", top: 3 });

    expect(few.json.data.data.total).toBe(all.json.data.data.total);
    const table = few.json.data.blocks.find((block: { type: string }) => block.type === "table");
    expect(table.rows.length).toBe(4);
  });

  it("answers only for what passes the filter", async () => {
    const filter = { region: "us-east-1" };
    const { json } = await app.post("/api/v1/tools/get_costs", { period: "last month", by: "region", filter });

    expect(json.data.data.rows.map((row: { labels: unknown }) => row.labels)).toEqual([{ region: "us-east-1" }]);
  });

  it("needs no input where everything has a default", async () => {
    const empty = await fetch(`${app.url}/api/v1/tools/help`, { method: "POST", headers: { "content-type": "application/json" } });

    expect(empty.status).toBe(200);
    expect((await app.post("/api/v1/tools/query_dataset", {})).status).toBe(200);
  });

  it.each([
    [{ by: "servce" }, "service"],
    [{ measure: "costs_typo" }, "cost"],
    [{ dataset: "revenu" }, "revenue"],
    [{ filter: { region: "atlantis" } }, "atlantis"],
    [{ period: "the day after never" }, "last month"],
  ])("says what there is instead of %j", async (input, hint) => {
    const { status, json } = await app.post("/api/v1/tools/pareto", input);

    expect(status).toBe(422);
    expect(json.detail).toContain(hint);
    expect(json.errors).toEqual([{ path: expect.any(String), message: json.detail }]);
  });

  it("that does not exist is a 404 that names the near one", async () => {
    const { status, json } = await app.post("/api/v1/tools/paretto", {});

    expect([status, json.status]).toEqual([404, 404]);
    expect(json.detail).toContain("“pareto”");
  });
});
