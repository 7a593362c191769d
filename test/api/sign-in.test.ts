import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSessions } from "../../src/records/sessions.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { type Answered, type Served, serve } from "../kit/app.ts";

/** The real program; links are made in its database, as its channels make them. */

let app: Served;
let database: Database;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

beforeAll(async () => {
  app = await serve({ args: [], env: { ROLES: "analyst=U1", REQUESTS_PER_MINUTE: "1000" } });
  database = await openDatabase(`sqlite:${app.dataDir}/firstmate.db`);
});
afterAll(async () => {
  await database.close();
  await app.stop();
});

async function link(user = "slack:T1:U1"): Promise<string> {
  return (await createSessions(database, () => new Date()).createLink({ user, name: "Ada" })).secret;
}

const token = (body: object, headers = {}) => app.post("/api/v1/auth/token", body, headers);
const me = (headers: Record<string, string>) => app.get("/api/v1/auth/me", headers);
const cookieOf = (answer: Answered) => (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
const own = () => ({ origin: app.url });
const OPENED = { name: "probe", description: "x" };

function change(path: string, method: string, headers: Record<string, string>, body: object = OPENED): Promise<Response> {
  return fetch(`${app.url}${path}`, { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
}

describe("access tokens over HTTP", () => {
  it("come for a key, do what the key may, and end with it", async () => {
    const admin = await app.key("admin");
    const made = await app.post("/api/v1/keys", { name: "CI", role: "analyst", days: 1 }, bearer(admin));
    expect(made.status).toBe(201);

    const { json, headers } = await token({ grant: "key" }, bearer(made.json.data.secret));

    expect(headers.get("cache-control")).toBe("no-store");
    expect(json.data).toMatchObject({ tokenType: "Bearer", expiresIn: 900, user: { id: `key:${made.json.data.id}`, roles: ["analyst"] } });
    const access = bearer(json.data.accessToken);
    expect((await me(access)).json.data.roles).toEqual(["analyst"]);
    expect((await app.get("/api/v1/audit", access)).status).toBe(403);
    expect((await app.post("/api/v1/projects", { name: "By token" }, access)).status).toBe(201);

    const revoked = await fetch(`${app.url}/api/v1/keys/${made.json.data.id}`, { method: "DELETE", headers: bearer(admin) });
    expect(revoked.status).toBe(200);
    expect((await me(access)).status).toBe(401);
    expect((await token({ grant: "refresh", refreshToken: json.data.refreshToken })).status).toBe(401);
    const listed = (await app.get("/api/v1/keys", bearer(admin))).json.data as { id: string; revokedAt: string | null }[];
    expect(listed.find(({ id }) => id === made.json.data.id)?.revokedAt).not.toBeNull();
    expect(JSON.stringify(listed)).not.toContain(made.json.data.secret.slice(3));
  });

  it("come for a link once, and are refreshed until a refresh token is played back", async () => {
    const secret = await link();
    const first = (await token({ grant: "link", link: secret })).json.data;
    expect(first.user).toMatchObject({ id: "slack:T1:U1", roles: ["analyst"] });
    expect((await token({ grant: "link", link: secret })).status).toBe(401);

    const second = (await token({ grant: "refresh", refreshToken: first.refreshToken })).json.data;
    expect((await me(bearer(second.accessToken))).status).toBe(200);

    expect((await token({ grant: "refresh", refreshToken: first.refreshToken })).status).toBe(401);
    for (const stolen of [first, second]) expect((await me(bearer(stolen.accessToken))).status).toBe(401);
    expect((await token({ grant: "refresh", refreshToken: second.refreshToken })).status).toBe(401);
  });

  it("are not for keys of one agent, wrong keys, nor for themselves", async () => {
    const agentKey = await app.key("viewer").then(async () => {
      const { firstmate } = await import("../kit/app.ts");
      return (await firstmate(["key", "create", "--agent", "bot"], { dataDir: app.dataDir })).out.trim().split(/\s+/).at(-1) ?? "";
    });
    const pair = (await token({ grant: "link", link: await link() })).json.data;

    for (const wrong of [agentKey, "fm_nothing", pair.accessToken]) expect((await token({ grant: "key" }, bearer(wrong))).status).toBe(401);
    expect((await token({ grant: "key" })).status).toBe(401);
    expect((await token({ grant: "password" })).status).toBe(422);
  });

  it("end when they are revoked", async () => {
    const pair = (await token({ grant: "link", link: await link() })).json.data;

    expect((await app.post("/api/v1/auth/revoke", { refreshToken: pair.refreshToken })).json.data).toEqual({ ended: true });

    expect((await me(bearer(pair.accessToken))).status).toBe(401);
    expect((await app.post("/api/v1/auth/revoke", { refreshToken: "fmr_unknown" })).json.data).toEqual({ ended: false });
  });

  it("never stand in the log or the audit log", async () => {
    const admin = await app.key("admin");
    const secret = await link();
    const pair = (await token({ grant: "link", link: secret })).json.data;

    const told = JSON.stringify(app.log()) + (await app.get("/api/v1/audit?limit=200", bearer(admin))).text;
    for (const hidden of [secret, pair.accessToken, pair.refreshToken]) expect(told).not.toContain(hidden);
  });
});

describe("the console's cookie", () => {
  const open = async (headers = {}) => app.post("/api/v1/auth/session", { link: await link() }, headers);

  it("is kept from scripts and other sites, and opens what its person may", async () => {
    const answer = await open(own());

    expect(answer.json.data).toEqual({ id: "slack:T1:U1", name: "Ada", roles: ["analyst"] });
    expect(answer.headers.get("set-cookie")).toMatch(
      /^firstmate_session=fmc_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=6047\d\d$/,
    );
    const cookie = { cookie: cookieOf(answer) };
    expect((await me(cookie)).json.data.id).toBe("slack:T1:U1");
    expect((await app.get("/api/v1/projects", cookie)).status).toBe(200);
    expect((await app.get("/api/v1/audit", cookie)).status).toBe(403);
  });

  it("changes nothing but from our own page", async () => {
    const cookie = { cookie: cookieOf(await open(own())) };

    const foreign: Record<string, string>[] = [
      { ...cookie },
      { ...cookie, origin: "https://evil.example" },
      { ...cookie, origin: "null" },
      { ...cookie, origin: `${app.url}.evil.example` },
      { ...cookie, origin: app.url, "sec-fetch-site": "cross-site" },
      { ...cookie, origin: app.url, "sec-fetch-site": "same-site" },
      { ...cookie, origin: "https://evil.example", "content-type": "text/plain" },
    ];
    for (const headers of foreign) expect((await change("/api/v1/projects", "POST", headers)).status, JSON.stringify(headers)).toBe(403);
    expect((await change("/api/v1/projects", "POST", { ...cookie, ...own() }, { name: "From the page" })).status).toBe(201);
  });

  it("ends when its person signs out, and other sites cannot sign anybody in or out", async () => {
    const cookie = { cookie: cookieOf(await open(own())) };

    expect((await change("/api/v1/auth/session", "DELETE", { ...cookie, origin: "https://evil.example" })).status).toBe(403);
    expect((await open({ origin: "https://evil.example" })).status).toBe(403);
    expect((await me(cookie)).json.data.id).toBe("slack:T1:U1");
    const out = await change("/api/v1/auth/session", "DELETE", { ...cookie, ...own() });

    expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
    expect((await me(cookie)).json.data.id).not.toBe("slack:T1:U1");
  });

  it("is nobody's when it is forged or doubled, and a wrong key beside it is refused all the same", async () => {
    const cookie = cookieOf(await open(own()));
    const guest = { "x-forwarded-for": "203.0.113.9" };

    for (const forged of ["firstmate_session=", `firstmate_session=fmc_${"A".repeat(43)}`, `${cookie}; ${cookie}`, `${cookie}x`])
      expect((await me({ cookie: forged, ...guest })).status, forged).toBe(401);
    expect((await me({ cookie, ...bearer("fm_wrong") })).status).toBe(401);
  });
});
