import { afterEach, describe, expect, it } from "vitest";
import { type HttpDoor, type ServerOptions, startServer } from "../../src/api/server.ts";
import type { HttpResponse, Route } from "../../src/core/http.ts";
import { connectRaw, isWhole, type RawConnection, sendRaw } from "../kit/raw-http.ts";

const doors: HttpDoor[] = [];
const faults: unknown[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
  faults.length = 0;
});

async function open(routes: readonly Partial<Route>[], options: Partial<ServerOptions> = {}) {
  const door = await startServer(
    {
      routes: routes.map((route) => ({ method: "GET", path: "/", access: "open", handle: async () => EMPTY, ...route })),
      authenticate: async () => undefined,
      bodyLimit: 100,
      drainMs: 30_000,
      newId: () => "id",
      correlate: (_, work) => work(),
      onFault: (error) => faults.push(error),
      ...options,
    },
    0,
    "127.0.0.1",
  );
  doors.push(door);
  return { door, url: door.url, port: Number(new URL(door.url).port) };
}

const EMPTY: HttpResponse = { status: 200, data: {} };
const GET = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

describe("the server", () => {
  it("tells nothing of a bug but that it is one, and tells the log all", async () => {
    const bug = new Error("secret: the password is hunter2");
    const { url } = await open([{ handle: () => Promise.reject(bug) }, { path: "/sync", handle: () => raise(bug) }]);

    for (const path of ["/", "/sync"]) {
      const response = await fetch(`${url}${path}`);
      const text = await response.text();
      expect(response.status).toBe(500);
      expect(JSON.parse(text)).toMatchObject({ title: "Internal Server Error", detail: expect.stringContaining("our side") });
      expect(text).not.toMatch(/hunter2|\.ts|at /);
    }
    expect(faults).toEqual([bug, bug]);
  });

  it("keeps a connection for longer than a balancer believes in it", async () => {
    const { url } = await open([{}]);

    const response = await fetch(url);

    expect(response.headers.get("keep-alive")).toBe("timeout=120");
  });

  it("cuts a stream that fails in the middle, so that nobody takes it for whole", async () => {
    async function* half() {
      yield "first half";
      throw new Error("bug");
    }
    const { url } = await open([{ handle: async () => ({ status: 200, headers: {}, stream: half() }) }]);

    const response = await fetch(url);

    await expect(response.text()).rejects.toThrow();
    expect(faults.length).toBe(1);
  });

  it("waits for a slow reader without piling up what waits", async () => {
    const warned: string[] = [];
    const onWarning = ({ name }: Error) => warned.push(name);
    process.on("warning", onWarning);
    async function* much() {
      for (let i = 0; i < 64; i++) yield "x".repeat(256 * 1_024);
    }
    const { url } = await open([{ handle: async () => ({ status: 200, headers: {}, stream: much() }) }]);

    const text = await (await fetch(url)).text();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", onWarning);

    expect(text).toHaveLength(64 * 256 * 1_024);
    expect(warned).toEqual([]);
  });

  it("sends each piece of a stream at once, and ends the work when the reader hangs up", async () => {
    const ended = Promise.withResolvers<string>();
    const gate = Promise.withResolvers<void>();
    const handle: Route["handle"] = async ({ signal }) => {
      async function* pieces() {
        try {
          yield "one";
          await Promise.race([gate.promise, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
          yield "two";
          await gate.promise;
        } finally {
          ended.resolve("ended");
        }
      }
      return { status: 200, headers: { "content-type": "text/plain" }, stream: pieces() };
    };
    const { port } = await open([{ handle }]);
    const connection = await connectRaw(port);
    connection.send(GET);
    await connection.received((text) => text.includes("one"));

    connection.socket.destroy();

    expect(await ended.promise).toBe("ended");
  });

  it("waits for a slow reader, and no longer than the reader stays", async () => {
    const ended = Promise.withResolvers<number>();
    let sent = 0;
    async function* flood() {
      try {
        for (; sent < 1000; sent++) yield "x".repeat(1 << 20);
      } finally {
        ended.resolve(sent);
      }
    }
    const { port } = await open([{ handle: async () => ({ status: 200, headers: {}, stream: flood() }) }]);
    const connection = await connectRaw(port);
    connection.send(GET);
    await connection.received((text) => text.length > 1000);
    connection.socket.pause();

    connection.socket.destroy();

    expect(await ended.promise).toBeLessThan(1000);
  });

  it("gives 304 without body, length or type", async () => {
    const { port } = await open([{ handle: async () => ({ status: 304, headers: { etag: '"1"' }, raw: "" }) }]);

    const { status, head, body } = await sendRaw(port, GET);

    expect([status, body]).toEqual([304, ""]);
    expect(head).toContain('etag: "1"');
    expect(head).not.toMatch(/^(?:content-length|content-type|transfer-encoding):/m);
  });

  it("prefers a literal address to a parameter, and takes a body up to its route's own limit", async () => {
    const echo = (name: string): Partial<Route> => ({
      method: "POST",
      handle: async ({ body, params }) => ({ status: 200, data: { name, params, size: body.length } }),
    });
    const { url } = await open([
      { ...echo("parameter"), path: "/things/{id}" },
      { ...echo("literal"), path: "/things/one", bodyLimit: 200 },
    ]);
    const post = async (path: string, size: number) =>
      (await (await fetch(`${url}${path}`, { method: "POST", body: "x".repeat(size) })).json()) as Record<string, unknown>;

    expect((await post("/things/one", 200)).data).toEqual({ name: "literal", params: {}, size: 200 });
    expect((await post("/things/one", 201)).status).toBe(413);
    expect((await post("/things/a%20b", 100)).data).toEqual({ name: "parameter", params: { id: "a b" }, size: 100 });
    expect((await post("/things/two", 101)).status).toBe(413);
  });

  it("refuses to start where another listens", async () => {
    const { port } = await open([{}]);

    await expect(
      startServer(
        {
          routes: [],
          authenticate: async () => undefined,
          bodyLimit: 1,
          drainMs: 1,
          newId: () => "",
          correlate: (_, work) => work(),
          onFault: () => {},
        },
        port,
        "127.0.0.1",
      ),
    ).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});

describe("closing", () => {
  it("waits for the answers under way and hangs up on everyone else", async () => {
    const gate = Promise.withResolvers<HttpResponse>();
    const begun = Promise.withResolvers<void>();
    const handle = () => {
      begun.resolve();
      return gate.promise;
    };
    const { door, port } = await open([{ path: "/slow", handle }, {}]);
    const kept = await connectRaw(port);
    kept.send(GET);
    await kept.received(isWhole);
    const unused = await connectRaw(port);
    const half = await connectRaw(port);
    half.send("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n123");
    const asking = await connectRaw(port);
    asking.send(GET.replace("/", "/slow"));
    await begun.promise;

    const closed = door.close();
    await kept.received();
    await expect(connectRaw(port)).rejects.toThrow();
    expect([unused, half].map(({ socket }) => socket.destroyed)).toEqual([false, false]);
    gate.resolve({ status: 200, data: "done" });

    expect(await asking.received()).toContain('{"data":"done"');
    await Promise.all([unused.received(), half.received(), closed]);
  });

  it("does not wait for ever for one that never ends", async () => {
    const begun = Promise.withResolvers<void>();
    const handle = () => {
      begun.resolve();
      return new Promise<never>(() => {});
    };
    const { door, port } = await open([{ handle }], { drainMs: 20 });
    const asking: RawConnection = await connectRaw(port);
    asking.send(GET);
    await begun.promise;

    await door.close();

    expect(await asking.received()).toBe("");
  });
});

function raise(error: Error): never {
  throw error;
}
