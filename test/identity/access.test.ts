import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HttpError } from "../../src/core/http.ts";
import type { User } from "../../src/core/message.ts";
import { type AccessOptions, authenticate, isLoopback } from "../../src/identity/access.ts";
import { createKeys, type Keys } from "../../src/records/keys.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { sendRaw } from "../kit/raw-http.ts";

/** Requests as node's own server reads them, judged by the real rule with real keys. */
const server = createServer((message, response) => {
  judge(message).then(
    (user) => response.end(JSON.stringify(user ?? null)),
    (error: unknown) => {
      const known = error instanceof HttpError;
      response.writeHead(known ? error.status : 500, known ? error.headers : {}).end(JSON.stringify({ message: String(error) }));
    },
  );
});

let options: AccessOptions;
const judge = (message: IncomingMessage) => authenticate(message, options);

let database: Database;
let keys: Keys;
let now = new Date("2026-11-21T09:00:00Z");
const LOCAL = { host: "127.0.0.1", publicUrl: undefined, production: false, timeZone: "UTC" };

beforeAll(async () => {
  database = await openDatabase("sqlite::memory:");
  await migrate(database);
  keys = createKeys(database, () => now);
  // On every address, so that a peer that is not loopback can be one.
  await new Promise<void>((resolve) => server.listen(0, "::", resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

interface Knock {
  method?: string;
  headers?: Record<string, string>;
  /** Address to come in by. */
  address?: string;
  access?: Partial<AccessOptions>;
}

/** "local:viewer", a key's user, null for nobody, or the status of a refusal. */
async function knock({ method = "GET", headers = {}, address = "127.0.0.1", access = {} }: Knock = {}): Promise<User | null | number> {
  const nobody = async () => null;
  options = { ...LOCAL, verifyKey: (secret) => keys.verifyKey(secret), userOfToken: nobody, userOfCookie: nobody, ...access };
  const { port } = server.address() as AddressInfo;
  const host = headers.host ?? `127.0.0.1:${port}`;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: address, port, method, path: "/", headers: { ...headers, host }, agent: false },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve(response.statusCode === 200 ? (method === "HEAD" ? null : (JSON.parse(text) as User | null)) : (response.statusCode ?? 0));
      },
    );
    outgoing.once("error", reject);
    outgoing.end();
  });
}

const JSON_TYPE = { "content-type": "application/json" };
const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe("the local viewer", () => {
  it("is who asks from the same machine, and only reads", async () => {
    expect(await knock()).toEqual({ id: "local:viewer", name: "local viewer", timeZone: "UTC", roles: ["viewer"] });
    expect(await knock({ method: "POST", headers: JSON_TYPE })).toMatchObject({ id: "local:viewer" });
  });

  it.each([
    ["localhost", { headers: { host: "localhost:3000" } }],
    ["another loopback address", { headers: { host: "127.8.9.1" } }],
    ["IPv6", { headers: { host: "[::1]:3000" }, address: "::1", access: { host: "::1" } }],
    ["capitals", { headers: { host: "LocalHost:3000" } }],
    ["HOST named localhost", { access: { host: "localhost" } }],
    [
      "its own page",
      {
        headers: {
          get origin() {
            return origin();
          },
          "sec-fetch-site": "same-origin",
        },
      },
    ],
    ["an address typed into a browser", { headers: { "sec-fetch-site": "none" } }],
    ["JSON with a charset", { method: "POST", headers: { "content-type": "Application/JSON; charset=utf-8" } }],
  ] as [string, Knock][])("is so by %s", async (_, by) => {
    expect(await knock(by)).toMatchObject({ id: "local:viewer" });
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((net) => net?.family === "IPv4" && !net.internal)?.address;

  it.skipIf(outside === undefined)("is not who comes from another address", async () => {
    expect(await knock({ address: outside ?? "" })).toBeNull();
  });

  it.each([
    ["HOST is every address", { access: { host: "0.0.0.0" } }],
    ["HOST is every IPv6 address", { access: { host: "::" } }],
    ["HOST is a public address", { access: { host: "192.0.2.1" } }],
    ["HOST is empty", { access: { host: "" } }],
    ["PUBLIC_URL is set", { access: { publicUrl: "https://firstmate.example.com" } }],
    ["NODE_ENV is production", { access: { production: true } }],
    ["the Host header is a name that points here (DNS rebinding)", { headers: { host: "evil.example:3000" } }],
    ["the Host header begins like loopback", { headers: { host: "127.0.0.1.evil.example" } }],
    ["the Host header ends like loopback", { headers: { host: "evil-localhost" } }],
    ["the Host header has a user in it", { headers: { host: "127.0.0.1@evil.example" } }],
    ["Origin is another site", { headers: { origin: "https://evil.example" } }],
    ["Origin is another port of this machine", { headers: { origin: "http://127.0.0.1:1" } }],
    ["Origin is the same with https", { headers: { origin: "https://127.0.0.1" } }],
    ["Origin is a sandboxed page", { headers: { origin: "null" } }],
    ["another site embeds it", { headers: { "sec-fetch-site": "cross-site" } }],
    ["a neighbour site embeds it", { headers: { "sec-fetch-site": "same-site" } }],
    ["a POST has no type", { method: "POST" }],
    ["a POST is a form", { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } }],
    ["a POST is plain text", { method: "POST", headers: { "content-type": "text/plain" } }],
    ["a POST is nearly JSON", { method: "POST", headers: { "content-type": "application/json-seq" } }],
    ["a DELETE has no type", { method: "DELETE" }],
  ] as [string, Knock][])("is nobody when %s", async (_, by) => {
    expect(await knock(by)).toBeNull();
  });

  it.each([
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-server",
    "x-forwarded",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-host",
    "x-original-forwarded-for",
    "x-envoy-external-address",
    "x-amzn-trace-id",
    "true-client-ip",
    "cf-connecting-ip",
    "cf-ray",
    "fly-client-ip",
    "fastly-client-ip",
    "X-Forwarded-For",
  ])("is nobody behind a proxy that says %s", async (header) => {
    expect(await knock({ headers: { [header]: "127.0.0.1" } })).toBeNull();
    expect(await knock({ headers: { [header]: "" } })).toBeNull();
  });

  it("is nobody without a Host header", async () => {
    options = { ...LOCAL, verifyKey: async () => null, userOfToken: async () => null, userOfCookie: async () => null };
    const { port } = server.address() as AddressInfo;

    for (const head of ["GET / HTTP/1.0\r\n", "GET / HTTP/1.1\r\nhost:\r\n"]) {
      const { body } = await sendRaw(port, `${head}\r\n`);
      expect(body, head).toContain("null");
    }
  });

  it("is not taken for another by its address", () => {
    for (const yes of ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1", "localhost"]) expect(isLoopback(yes), yes).toBe(true);
    for (const no of ["", "0.0.0.0", "::", "128.0.0.1", "127.0.0.1.nip.io", "::ffff:10.0.0.1", "10.127.0.0.1", "localhost.", "127.1"])
      expect(isLoopback(no), no).toBe(false);
  });
});

describe("a key", () => {
  const bearer = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });

  it("opens with the role it was made for, from anywhere", async () => {
    for (const role of ["viewer", "analyst", "admin"] as const) {
      const { id, secret } = await keys.createKey({ name: `of a ${role}`, role });
      const user = { id: `key:${id}`, name: `of a ${role}`, timeZone: "UTC", roles: [role] };

      expect(await knock(bearer(secret))).toEqual(user);
      expect(
        await knock({ headers: { authorization: `bearer  ${secret}`, host: "firstmate.example.com" }, access: { production: true } }),
      ).toEqual(user);
    }
  });

  it("opens until it expires, and not from then on", async () => {
    const { secret } = await keys.createKey({ name: "short", role: "admin", expiresAt: new Date("2026-11-21T10:00:00Z") });

    now = new Date("2026-11-21T09:59:59.999Z");
    expect(await knock(bearer(secret))).toMatchObject({ roles: ["admin"] });
    now = new Date("2026-11-21T10:00:00Z");
    expect(await knock(bearer(secret))).toBe(401);
  });

  it("opens nothing once it is revoked", async () => {
    const { id, secret } = await keys.createKey({ name: "lost", role: "admin" });
    expect(await knock(bearer(secret))).toMatchObject({ roles: ["admin"] });

    await keys.revokeKey(id);

    expect(await knock(bearer(secret))).toBe(401);
  });

  it("that is wrong is refused, also where no key is needed", async () => {
    const { secret } = await keys.createKey({ name: "right", role: "viewer" });
    const wrong = [
      "Bearer",
      "Bearer ",
      "Bearer fm_",
      `Bearer ${secret}x`,
      `Bearer ${secret.slice(0, -1)}`,
      `Bearer ${secret.toLowerCase()}x`,
      `Bearer ${secret} ${secret}`,
      `Basic ${Buffer.from(`x:${secret}`).toString("base64")}`,
      secret,
      `Bearer ${"x".repeat(5000)}`,
      "Bearer ' OR 1=1 --",
    ];

    for (const authorization of wrong) expect(await knock({ headers: { authorization } }), authorization.slice(0, 40)).toBe(401);
  });
});
