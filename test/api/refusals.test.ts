import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, type Served, serve } from "../kit/app.ts";
import { connectRaw, isWhole, sendRaw } from "../kit/raw-http.ts";

let app: Served;
beforeAll(async () => {
  app = await serve({ env: { REQUESTS_PER_MINUTE: "1000" } });
});
afterAll(async () => {
  await app.stop();
  // Nothing a caller did was our fault.
  expect(app.log().filter(({ level }) => level === "error")).toEqual([]);
});

const LIMIT = 1_048_576;

/** A refusal: problem+json that says its own status and what to do. */
function expectProblem({ status, headers, json }: Answered, wanted: number): void {
  expect([status, json?.status]).toEqual([wanted, wanted]);
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(json).toMatchObject({ type: "about:blank", title: expect.any(String), errors: expect.any(Array) });
  expect(json.detail.length).toBeGreaterThan(10);
}

describe("what cannot be read", () => {
  it.each(["{not json", "", '{"question": "x"', "{'question':'x'}", "\0"])("as JSON is a 400: %j", async (body) => {
    const answered = await app.post("/api/v1/ask", body);

    expectProblem(answered, 400);
    expect(answered.json.detail).toMatch(/JSON/);
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "text/json"])(
    "as %s needs a key, then is a 415",
    async (type) => {
      const authorization = `Bearer ${await app.key("viewer")}`;

      expectProblem(await app.post("/api/v1/ask", { question: "help" }, { "content-type": type }), 401);
      expectProblem(await app.post("/api/v1/ask", { question: "help" }, { "content-type": type, authorization }), 415);
    },
  );

  it.each(["gzip", "br", "deflate, gzip"])("because it is packed with %s is a 415", async (encoding) => {
    expectProblem(await app.post("/api/v1/ask", { question: "help" }, { "content-encoding": encoding }), 415);
  });

  it("takes JSON by any of its names", async () => {
    for (const type of ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json ;x=y"])
      expect((await app.post("/api/v1/ask", { question: "help" }, { "content-type": type })).status, type).toBe(200);
  });
});

describe("what does not fit", () => {
  it.each([
    [{ question: 7 }, [{ path: "question", message: "must be a string, not a number" }]],
    [{}, [{ path: "question", message: "is needed, as a string" }]],
    [[], [{ path: "", message: "must be an object, not an array" }]],
    [null, [{ path: "", message: "must be an object, not null" }]],
    ["help", [{ path: "", message: "must be an object, not a string" }]],
    [{ question: "help", conversation: "../x" }, [{ path: "conversation", message: expect.stringContaining("letters") }]],
    [{ question: "help", conversation: "" }, [{ path: "conversation", message: expect.stringContaining("letters") }]],
    [{ question: "help", timeZone: "Mars/Olympus" }, [{ path: "timeZone", message: expect.stringContaining("Europe/Berlin") }]],
    [
      { questoin: "help" },
      [expect.objectContaining({ path: "question" }), { path: "questoin", message: "is not a field; did you mean “question”?" }],
    ],
  ])("%j is a 422 that names each field", async (body, errors) => {
    const answered = await app.post("/api/v1/ask", JSON.stringify(body));

    expectProblem(answered, 422);
    expect(answered.json.errors).toEqual(errors);
  });

  it.each([
    [{ perod: "last month" }, [{ path: "perod", message: "is not a field; did you mean “period”?" }]],
    [{ top: 0, by: "" }, [expect.objectContaining({ path: "by" }), expect.objectContaining({ path: "top" })]],
    [{ period: 7 }, [{ path: "period", message: expect.stringContaining("last month") }]],
    [{ period: { from: "2026-1-1", to: "2026-02-01" } }, [{ path: "period.from", message: "must be a day like 2026-10-01" }]],
    [{ filter: { region: [] } }, [expect.objectContaining({ path: "filter.region" })]],
  ])("in a tool's input, %j is a 422 that says what would", async (body, errors) => {
    const answered = await app.post("/api/v1/tools/pareto", body);

    expectProblem(answered, 422);
    expect(answered.json.errors).toEqual(errors);
  });

  it("is never dropped without a word, whatever its name", async () => {
    const body = '{"by": "service", "filter": {"__proto__": "us-east-1"}}';

    expectProblem(await app.post("/api/v1/tools/pareto", body), 422);
    expectProblem(await app.post("/api/v1/tools/pareto", '{"__proto__": {"by": "service"}}'), 422);
    expectProblem(await app.post("/api/v1/tools/pareto", '{"constructor": 1}'), 422);
    expect((await app.get("/health/live")).status).toBe(200);
  });

  it("is refused however deep it is", async () => {
    expectProblem(await app.post("/api/v1/ask", "[".repeat(400_000) + "]".repeat(400_000)), 422);
    expectProblem(await app.post("/api/v1/ask", `{"question":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`), 422);
  });
});

describe("what is too large", () => {
  it("is a 413 when it says so itself", async () => {
    expectProblem(await app.post("/api/v1/ask", { question: "x".repeat(8 << 20) }), 413);
  });

  it("is a 413 when it comes in chunks", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 40; i++) controller.enqueue(new Uint8Array(65_536).fill(120));
        controller.close();
      },
    });
    const init = { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half" } as RequestInit;

    const response = await fetch(`${app.url}/api/v1/ask`, init);

    expect(response.status).toBe(413);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it("is a 413 at once, before it has all come", async () => {
    const head = `POST /api/v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${LIMIT + 1}\r\n\r\n`;

    expect((await sendRaw(app.port, head)).status).toBe(413);
  });

  it("is one byte more than the limit", async () => {
    const body = (size: number) => JSON.stringify({ question: "x".repeat(size - '{"question":""}'.length) });

    const fits = await app.post("/api/v1/ask", body(LIMIT));
    expect(fits.status).toBe(200);
    expect(fits.json.data.text).toContain("I read at most 4,000");
    expectProblem(await app.post("/api/v1/ask", body(LIMIT + 1)), 413);
  });

  it("is a 431 in its headers", async () => {
    const long = await sendRaw(app.port, `GET /health/live HTTP/1.1\r\nhost: localhost\r\nx-long: ${"x".repeat(20_000)}\r\n\r\n`);
    const flood = Array.from({ length: 3000 }, (_, i) => `x-${i}: 1\r\n`).join("");
    const many = await sendRaw(app.port, `GET /health/live HTTP/1.1\r\nhost: localhost\r\n${flood}\r\n`);

    expect([long.status, many.status]).toEqual([431, 431]);
    expect(JSON.parse(long.body)).toMatchObject({ status: 431, detail: expect.stringContaining("headers") });
  });

  it("ends the connection when it never ends", async () => {
    const connection = await connectRaw(app.port);
    connection.send("POST /api/v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 999999999\r\n\r\n");
    const flood = Buffer.alloc(1 << 20, "x");
    const closed = new Promise<void>((resolve) => connection.socket.once("close", () => resolve()));
    const pour = () => {
      while (!connection.socket.destroyed && connection.socket.write(flood));
      if (!connection.socket.destroyed) connection.socket.once("drain", pour);
    };
    pour();

    await closed;
    expect((await app.get("/health/live")).status).toBe(200);
  });
});

describe("an address", () => {
  it("that is unknown is a JSON 404 for everyone, with and without a body", async () => {
    for (const path of ["/api/v1/nothing-here", "/nothing", "/api/v1", "/api/v1/", "/favicon.ico"]) expectProblem(await app.get(path), 404);
    expectProblem(await app.post("/api/v1/nothing-here", { question: "x".repeat(500_000) }), 404);
  });

  it("with the wrong method is a 405 that names the right ones", async () => {
    const wrong = await app.post("/api/v1/tools", {});
    expectProblem(wrong, 405);
    expect(wrong.headers.get("allow")).toBe("GET, HEAD");
    const get = await app.get("/api/v1/ask");
    expectProblem(get, 405);
    expect(get.headers.get("allow")).toBe("POST");
    for (const method of ["DELETE", "PUT", "OPTIONS", "PATCH"])
      expect((await fetch(`${app.url}/api/v1/ask`, { method })).status, method).toBe(405);
  });

  it("answers HEAD as it would GET, without the body", async () => {
    for (const path of ["/health/live", "/api/v1/openapi.json", "/", "/console/app.js"]) {
      const get = await fetch(`${app.url}${path}`);
      await get.arrayBuffer();
      const head = await fetch(`${app.url}${path}`, { method: "HEAD" });

      expect(head.status, path).toBe(200);
      expect(await head.text()).toBe("");
      for (const name of ["content-type", "content-length", "etag", "cache-control"])
        expect(head.headers.get(name), `${path} ${name}`).toBe(get.headers.get(name));
    }
    const missing = await fetch(`${app.url}/nothing`, { method: "HEAD" });
    expect(missing.status).toBe(404);
  });

  it("that tries to be another one is none", async () => {
    const tricks = [
      "/api/v1/../../etc/passwd",
      "/api/v1/charts/%2e%2e/%2e%2e/tools",
      "/api/v1/%2e%2e/tools",
      "/api/v1/x/../tools",
      "/console/../../package.json",
      "/console/%2e%2e/index.ts",
      "/console/..%2findex.ts",
      "/console/app.js%00.css",
      "//health/live",
      "//localhost/health/live",
      "/\\health/live",
      "/health\\live",
      "/health//live",
      "/health/live/",
      "/./health/live",
      "http://localhost/health/live",
      "/%68ealth/live",
      "/api/v1/tools/%00",
      "/api/v1/conversations/%00",
      "/api/v1/conversations/%",
      `/api/v1/conversations/${"x".repeat(10_000)}`,
    ];

    for (const path of tricks) {
      const { status, head } = await sendRaw(app.port, `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
      expect([status, head.includes("application/problem+json")], path.slice(0, 60)).toEqual([404, true]);
    }
  });

  it("with a NUL or a broken request line is a 400", async () => {
    for (const line of ["GET /health/live\0 HTTP/1.1", "GET  HTTP/1.1", "rubbish", "GET /health/live HTTP/9.9"]) {
      const { status, body } = await sendRaw(app.port, `${line}\r\nhost: localhost\r\n\r\n`);
      expect(status, line).toBe(400);
      expect(JSON.parse(body).status).toBe(400);
    }
  });
});

describe("a slow caller", () => {
  it("holds nobody up", async () => {
    const slow = await Promise.all(Array.from({ length: 40 }, () => connectRaw(app.port)));
    for (const [i, { send }] of slow.entries()) {
      if (i % 3 === 0)
        send("POST /api/v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 30\r\n\r\n{");
      if (i % 3 === 1) send("GET /health/live HTTP/1.1\r\nhost: loc");
    }

    const others = await Promise.all(Array.from({ length: 10 }, () => app.post("/api/v1/ask", { question: "help" })));

    expect(others.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const first = slow[0];
    first?.send('"question": "help"'.padEnd(28));
    first?.send("}");
    expect(await first?.received(isWhole)).toContain("200 OK");
    for (const { socket } of slow) socket.destroy();
  });

  it("who hangs up in the middle of a body leaves no trace", async () => {
    const connection = await connectRaw(app.port);
    connection.send("POST /api/v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 30\r\n\r\n{");
    connection.socket.destroy();

    expect((await app.get("/health/ready")).status).toBe(200);
  });
});
