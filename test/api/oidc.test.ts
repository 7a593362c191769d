import { discoverOAuthProtectedResourceMetadata, extractWWWAuthenticateParams } from "@modelcontextprotocol/client";
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { firstmate, type Served, serve } from "../kit/app.ts";
import { CLIENT, type Issuer, openIssuer } from "../kit/oidc-issuer.ts";

/** Sign-in to the console of the real program with an issuer that plays by the standards, and with one that does not. */

const PUBLIC = "http://mate.localhost";
const CALLBACK = "/api/v1/auth/oidc/callback";
let issuer: Issuer;
let app: Served;

beforeAll(async () => {
  issuer = await openIssuer(`${PUBLIC}${CALLBACK}`);
  const env = {
    ...{ OIDC_ISSUER: issuer.url, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret, OIDC_DOMAINS: "@Example.com" },
    ...{ PUBLIC_URL: PUBLIC, ROLES: "analyst=ada@example.com;viewer=guest@elsewhere.example" },
  };
  app = await serve({ args: [], env });
}, 60_000);
afterAll(async () => {
  await app.stop();
  await issuer.close();
});
beforeEach(() => issuer.answer({}));

const visit = (path: string, cookie?: string) =>
  fetch(`${app.url}${path}`, { redirect: "manual", headers: cookie === undefined ? {} : { cookie } });
const cookieOf = (response: Response) => (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";

async function begin() {
  const response = await visit("/api/v1/auth/oidc");
  expect(response.status).toBe(302);
  return { location: response.headers.get("location") ?? "", cookie: cookieOf(response), set: response.headers.get("set-cookie") ?? "" };
}

/** The whole way; gives what the callback answers. */
async function signIn(change: (back: URL) => void = () => {}, cookie?: string) {
  const begun = await begin();
  const back = await issuer.agree(begun.location);
  change(back);
  return visit(`${back.pathname}${back.search}`, cookie ?? begun.cookie);
}

describe("the company's sign-in", () => {
  it("opens the console for who has a verified address, with the role of the settings", async () => {
    const { set } = await begin();

    const response = await signIn();
    const session = cookieOf(response);
    const me = await app.get("/api/v1/auth/me", { cookie: session });

    expect(set).toMatch(/HttpOnly; SameSite=Lax; Max-Age=600/);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    expect(response.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Strict/);
    expect(me.json.data).toEqual({ id: "oidc:ada-7", name: "Ada Park", roles: ["analyst"] });
    expect(issuer.complaints).toEqual([]);
  });

  it("lets in who is named from elsewhere as a viewer, and nobody else", async () => {
    issuer.answer({ claims: { sub: "g", email: "guest@elsewhere.example" } });
    const named = await signIn();
    expect((await app.get("/api/v1/auth/me", { cookie: cookieOf(named) })).json.data.roles).toEqual(["viewer"]);

    for (const claims of [
      { email: "eve@elsewhere.example" },
      { email: "eve@notexample.com" },
      { email: "eve@example.com.elsewhere.example" },
      { email_verified: false },
      { email_verified: undefined },
      { email: undefined },
    ]) {
      issuer.answer({ claims: claims as JWTPayload });
      const response = await signIn();
      expect(response.status, JSON.stringify(claims)).toBe(403);
      expect(response.headers.get("set-cookie")).toBeNull();
    }
  });

  it("goes by no id of the issuer's: who is called as a chat's admin there is none here", async () => {
    issuer.answer({ claims: { sub: "ada@example.com", email: "bob@example.com" } });

    const response = await signIn();

    expect((await app.get("/api/v1/auth/me", { cookie: cookieOf(response) })).json.data.roles).toEqual(["viewer"]);
  });
});

const now = () => Math.floor(Date.now() / 1000);

describe("an answer that is not the issuer's to us", () => {
  it.each([
    ["of another issuer", { iss: "https://evil.example" }],
    ["for another client", { aud: "another" }],
    ["for us and for another, who asked", { aud: [CLIENT.id, "another"], azp: "another" }],
    ["with another nonce", { nonce: "x".repeat(43) }],
    ["without a nonce", { nonce: undefined }],
    ["that has expired", { exp: now() - 3_600, iat: now() - 7_200 }],
    ["of nobody", { sub: undefined }],
  ])("%s opens nothing", async (_, claims) => {
    issuer.answer({ claims: claims as JWTPayload });

    const response = await signIn();

    expect(response.status).toBe(401);
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(await response.text()).toContain("Begin it again");
  });

  it.each([
    ["without a signature", async (claims: JWTPayload) => new UnsecuredJWT(claims).encode()],
    [
      "signed with a key of somebody else",
      async (claims: JWTPayload) =>
        new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign((await generateKeyPair("RS256")).privateKey),
    ],
    [
      "signed with what the client knows",
      async (claims: JWTPayload) => new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(CLIENT.secret.padEnd(32))),
    ],
    ["that is none", () => "a.b.c"],
  ])("%s opens nothing", async (_, sign) => {
    issuer.answer({ sign });

    expect((await signIn()).status).toBe(401);
  });

  it("to a question this browser did not ask opens nothing", async () => {
    const other = await begin();

    for (const response of [
      await signIn((back) => back.searchParams.set("state", "x".repeat(43))),
      await signIn((back) => back.searchParams.delete("state")),
      await signIn((back) => back.searchParams.set("iss", "https://evil.example")),
      await signIn((back) => back.searchParams.set("code", "guessed")),
      await signIn(undefined, other.cookie),
      await signIn(undefined, ""),
      await signIn(undefined, `${other.cookie}x`),
      await signIn(undefined, "firstmate_oidc=e30.e30"),
    ]) {
      expect(response.status).toBe(401);
      expect(response.headers.get("set-cookie")).toBeNull();
    }
  });

  it("is used once", async () => {
    const { location, cookie } = await begin();
    const back = await issuer.agree(location);

    const [first, again] = [await visit(`${back.pathname}${back.search}`, cookie), await visit(`${back.pathname}${back.search}`, cookie)];

    expect([first.status, again.status]).toEqual([303, 401]);
  });

  it("that says no is told in words, not in the issuer's", async () => {
    const response = await signIn((back) => {
      back.searchParams.delete("code");
      back.searchParams.set("error", "access_denied");
      back.searchParams.set("error_description", "<script>alert(1)</script>");
    });

    expect(response.status).toBe(401);
    const text = await response.text();
    expect(text).toContain("not completed");
    expect(text).not.toContain("script");
  });
});

it("is off without an issuer, and needs its parts", async () => {
  const off = await serve({ args: [] });
  const answered = await off.get("/api/v1/auth/oidc");
  await off.stop();
  const half = await firstmate(["serve"], { env: { PORT: "0", OIDC_ISSUER: issuer.url } });

  expect(answered.status).toBe(404);
  expect(half.code).not.toBe(0);
  expect(half.out + half.err).toContain("OIDC_CLIENT_ID and PUBLIC_URL");
});

describe("the MCP server, with a token of the company's issuer", () => {
  const RESOURCE = `${PUBLIC}/mcp`;
  const list = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
  const knock = async (token?: string, path = "/mcp") => {
    const headers = {
      ...{ "content-type": "application/json", accept: "application/json, text/event-stream" },
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    return fetch(`${app.url}${path}`, { method: "POST", headers, body: JSON.stringify(list) });
  };

  it("says where to get one, as MCP's own client reads it", async () => {
    const refused = await knock();
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(refused);
    const found = await discoverOAuthProtectedResourceMetadata(RESOURCE, { resourceMetadataUrl: resourceMetadataUrl as URL }, (url, init) =>
      fetch(`${app.url}${new URL(url).pathname}`, init),
    );

    expect([refused.status, scope]).toEqual([401, "openid email"]);
    expect(resourceMetadataUrl?.href).toBe(`${PUBLIC}/.well-known/oauth-protected-resource/mcp`);
    expect(found).toMatchObject({ resource: RESOURCE, authorization_servers: [issuer.url], bearer_methods_supported: ["header"] });
    expect((await fetch(`${app.url}/.well-known/oauth-protected-resource`)).status).toBe(200);
  });

  it("answers its holder with the role of the settings", async () => {
    const answered = await knock(await issuer.accessToken(RESOURCE));

    expect(answered.status).toBe(200);
    expect(/"name":"pareto"/.test(await answered.text())).toBe(true);
    expect(issuer.complaints).toEqual([]);
  });

  it("opens nothing else, and is refused when it is for another, of another, too old, or of nobody who may", async () => {
    const good = await issuer.accessToken(RESOURCE);
    const at = Math.floor(Date.now() / 1000);
    const other = await generateKeyPair("RS256");
    const forged = await new SignJWT({ iss: issuer.url, aud: RESOURCE, sub: "ada-7", iat: at, exp: at + 300, email: "ada@example.com" })
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .sign(other.privateKey);
    const refused = {
      "an ID token of the console": await issuer.accessToken(CLIENT.id),
      "another server's": await issuer.accessToken("https://other.example/mcp"),
      "another issuer's": await issuer.accessToken(RESOURCE, { iss: "https://other.example" }),
      "an old one": await issuer.accessToken(RESOURCE, { iat: at - 900, exp: at - 600 }),
      forged,
      unsigned: new UnsecuredJWT({ iss: issuer.url, aud: RESOURCE, sub: "ada-7", exp: at + 300 }).encode(),
    };

    for (const [what, token] of Object.entries(refused)) {
      const response = await knock(token);
      expect([what, response.status]).toEqual([what, 401]);
      expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
    }
    expect((await knock(await issuer.accessToken(RESOURCE, { email: "eve@elsewhere.example" }))).status).toBe(403);
    expect((await knock(await issuer.accessToken(RESOURCE, { email_verified: false }))).status).toBe(403);
    expect((await app.get("/api/v1/projects", { authorization: `Bearer ${good}` })).status).toBe(401);
  });
});
