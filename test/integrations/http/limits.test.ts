import type { lookup } from "node:dns";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { VendorError } from "../../../src/errors.ts";
import { isPublicAddress } from "../../../src/integrations/http/address.ts";
import { follow } from "../../../src/integrations/http/redirect.ts";
import { publicLookup } from "../../../src/integrations/http/transport.ts";
import { createWords } from "../../../src/integrations/http/words.ts";
import { failures, startVendorServer } from "../../kit/vendor-server.ts";
import { failureOf, patience, START, startWorld } from "./world.ts";

const anything = z.unknown();
const list = { path: "things", operation: "list things" };

describe("an answer that is too large", () => {
  it.each([
    ["without saying so", failures.huge],
    ["as its header says", failures.announced],
    ["once unpacked", failures.bomb],
  ])("is cut off early (%s)", async (_, how) => {
    const { http, server } = await startWorld({ "GET /things": how });

    const error = await failureOf(http.json(list, anything, patience()));

    expect(error.message).toBe("Acme answered with more than 20 MB. Ask for a shorter period or fewer things.");
    expect(server.requests.length).toBe(1);
    expect(server.bytesSent).toBeLessThan(100_000_000);
  });

  it("is measured against the vendor's own limit", async () => {
    const { http, server } = await startWorld({ "GET /things": { json: "x".repeat(1_000) } }, { maxBytes: 1_002 });
    expect(await http.json(list, anything, patience())).toBe("x".repeat(1_000));

    server.serve({ "GET /things": { json: "x".repeat(1_001) } });
    await expect(http.json(list, anything, patience())).rejects.toThrow("more than 0 MB");
  });
});

describe("a redirect", () => {
  const to = (location: string, status = 302) => ({ status, headers: { location } });

  it("is followed to the same origin, credentials and all", async () => {
    const { http, server } = await startWorld({ "GET /things": to("/there?page=2"), "GET /there": { json: ["moved"] } });

    expect(await http.json(list, anything, patience())).toEqual(["moved"]);
    expect(server.requests[1]?.headers.authorization).toBe("Bearer acme-secret-token-1");
    expect(server.requests[1]?.query.get("page")).toBe("2");
  });

  it("is followed three times at most", async () => {
    const { http, server } = await startWorld({ "GET /things": to("/things") });

    await expect(http.json(list, anything, patience())).rejects.toThrow("pointed us to an address that may not be asked");
    expect(server.requests.length).toBe(4);
  });

  it("is not followed to another place inside, by number or by name", async () => {
    const inside = await startVendorServer();
    const port = new URL(inside.url).port;
    const places = [
      inside.url,
      `https://127.0.0.1:${port}/`,
      `https://localhost:${port}/`,
      `https://[::1]:${port}/`,
      `https://[::ffff:127.0.0.1]:${port}/`,
      `https://2130706433:${port}/`,
      "https://169.254.169.254/latest/meta-data/",
      "http://example.com/",
      "file:///etc/passwd",
    ];
    for (const place of places) {
      const { http } = await startWorld({ "GET /things": to(place) });
      const error = await failureOf(http.json(list, anything, patience()));
      expect(error, place).toBeInstanceOf(VendorError);
      expect(error.message, place).toContain("may not be asked");
    }
    expect(inside.requests).toEqual([]);
    await inside.close();
  });

  it("is handed to an SDK that wants to see it", async () => {
    const { http, server } = await startWorld({ "GET /things": to("https://169.254.169.254/") });

    const response = await http.fetch(`${server.url}/things`, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "https://169.254.169.254/"]);
    await expect(http.fetch(`${server.url}/things`, { redirect: "error" })).rejects.toThrow("may not be asked");
  });

  it("loses the credentials, every unknown header and the body on its way to another origin", () => {
    const headers = new Headers({ authorization: "x", "api-key": "y", cookie: "z", accept: "application/json", "user-agent": "firstmate" });
    const from = { url: new URL("https://a.example/x"), method: "GET", headers };

    expect([...(follow(from, 302, "https://b.example/y")?.headers ?? [])].map(([name]) => name)).toEqual(["accept", "user-agent"]);
    expect(follow(from, 302, "/y")?.headers).toBe(headers);
    expect(follow({ ...from, method: "POST" }, 307, "https://b.example/y")).toBeUndefined();
    expect(follow({ ...from, method: "POST" }, 302, "/y")).toBeUndefined();
    expect(follow({ ...from, method: "POST" }, 308, "/y")?.method).toBe("POST");
    expect(follow(from, 302, "https://user:pass@b.example/")).toBeUndefined();
    expect(follow(from, 302, "http://[")).toBeUndefined();
  });
});

describe("addresses", () => {
  it("are public only on the open internet", () => {
    const open = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "172.32.0.1", "100.128.0.1"];
    const closed = [
      "127.0.0.1",
      "0.0.0.0",
      "10.1.2.3",
      "172.16.0.1",
      "172.31.255.255",
      "192.168.1.1",
      "169.254.169.254",
      "100.64.0.1",
      "198.18.0.1",
      "224.0.0.1",
      "255.255.255.255",
      "::",
      "::1",
      "::ffff:10.0.0.1",
      "::ffff:8.8.8.8",
      "fe80::1",
      "fd00:ec2::254",
      "ff02::1",
      "64:ff9b::a00:1",
      "2002:a00:1::",
      "2001::1",
      "2001:db8::1",
      "localhost",
      "",
    ];

    expect(open.filter((a) => !isPublicAddress(a))).toEqual([]);
    expect(closed.filter(isPublicAddress)).toEqual([]);
  });

  it("of a name must all be public, as they are dialled", async () => {
    const words = createWords({ vendor: "Acme", context: { now: () => START } });
    const resolve = (addresses: string[]) =>
      publicLookup(words, ((_name: string, _options: object, done: (error: null, list: object[]) => void) =>
        done(
          null,
          addresses.map((address) => ({ address, family: 4 })),
        )) as unknown as typeof lookup);
    const dial = (addresses: string[], all: boolean) =>
      new Promise((done) => resolve(addresses)("vendor.example", { all }, (error, address) => done(error ?? address)));

    expect(await dial(["93.184.216.34"], false)).toBe("93.184.216.34");
    expect(await dial(["93.184.216.34", "8.8.8.8"], true)).toHaveLength(2);
    expect(await dial(["93.184.216.34", "10.0.0.5"], true)).toBeInstanceOf(VendorError);
    expect(await dial(["127.0.0.1"], false)).toBeInstanceOf(VendorError);
    expect(await dial([], true)).toBeInstanceOf(VendorError);
  });

  it("that nobody configured are not asked", async () => {
    const { http, server } = await startWorld({}, { hosts: [".acme.example", "api.acme.test"] });
    const other = await startVendorServer();
    for (const url of [
      other.url,
      "https://evil.example/",
      "http://eu.acme.example/",
      "https://acme.example.evil.test/",
      "https://169.254.169.254/",
    ])
      await expect(http.fetch(url), url).rejects.toThrow("may not be asked");
    await expect(http.json({ ...list, path: `${other.url}/next` }, anything, patience())).rejects.toThrow("may not be asked");
    await other.close();

    expect(other.requests).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it("keep the path of the base URL", async () => {
    const server = await startVendorServer({ "GET /e/env/api/things": { json: 1 } });
    const { http } = await startWorld({}, { baseUrl: `${server.url}/e/env/` });

    expect(await http.json({ path: "/api/things", operation: "things" }, anything, patience())).toBe(1);
    expect(await http.json({ path: `${server.url}/e/env/api/things?next=1`, operation: "things" }, anything, patience())).toBe(1);
    await expect(http.json({ path: "../../admin", operation: "things" }, anything, patience())).rejects.toThrow("may not be asked");
    await server.close();
  });
});
