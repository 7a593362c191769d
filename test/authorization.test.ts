import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CALLERS,
  type Caller,
  KEY_ROLES,
  PROJECT_KEYS,
  PROJECT_OPERATIONS,
  type ProjectKeyStanding,
  type ProjectOperation,
  type ProjectStanding,
  projectKeyRight,
  projectRight,
  routeRights,
  STANDINGS,
} from "../scripts/authorization.ts";
import { hasRole, ROLES, type Role } from "../src/core/message.ts";
import { createSessions } from "../src/records/sessions.ts";
import { openDatabase } from "../src/storage/database.ts";
import { tools } from "../src/tools/index.ts";
import { firstmate, type Served, serve } from "./kit/app.ts";
import { bearer, callRoute, FOREIGN, filledPath, type Headers, wrongRoutes } from "./kit/route-walk.ts";

/** Every cell of docs/reference/authorization.md, asked of the real program. */

let app: Served;
let ownProject: string;
const keys = new Map<Caller, { id: string; secret: string }>();
const sessions = new Map<Role, { token: string; cookie: string }>();

beforeAll(async () => {
  app = await serve({
    args: [],
    env: { REQUESTS_PER_MINUTE: "1000000", USER_REQUESTS_PER_MINUTE: "1000000", ROLES: "analyst=U1;admin=U2" },
  });
  for (const role of ROLES) keys.set(role, await newKey("--role", role));
  keys.set("key of an agent", await newKey("--agent", "bot"));
  const own = { name: "Own", members: ["nobody.with.a.key@example.com"] };
  const made = await app.post("/api/v1/projects", own, bearer(keys.get("admin")?.secret ?? ""));
  ownProject = made.json.data.id;
  keys.set("viewer of a project", await newKey("--role", "viewer", "--project", "own"));
  keys.set("analyst of a project", await newKey("--role", "analyst", "--project", ownProject));
  const database = await openDatabase(`sqlite:${app.dataDir}/firstmate.db`);
  const links = createSessions(database, () => new Date());
  for (const [role, user] of [
    ["viewer", "U0"],
    ["analyst", "U1"],
    ["admin", "U2"],
  ] as const) {
    const link = async () => (await links.createLink({ user: `slack:T1:${user}`, name: user })).secret;
    const token = (await app.post("/api/v1/auth/token", { grant: "link", link: await link() })).json.data.accessToken as string;
    const opened = await app.post("/api/v1/auth/session", { link: await link() });
    sessions.set(role, { token, cookie: opened.headers.get("set-cookie")?.split(";")[0] ?? "" });
  }
  await database.close();
}, 60_000);
afterAll(() => app.stop());

async function newKey(...options: string[]): Promise<{ id: string; secret: string }> {
  const { out } = await firstmate(["key", "create", ...options], { dataDir: app.dataDir });
  return { id: /^Key (\S+)/.exec(out)?.[1] ?? "", secret: out.trim().split(/\s+/).at(-1) ?? "" };
}

function headersOf(caller: Caller): Headers {
  if (caller === "nobody") return FOREIGN;
  if (caller === "local viewer") return {};
  return bearer(keys.get(caller)?.secret ?? "");
}

const call = (method: string, path: string, headers: Headers, body?: unknown) => callRoute(app.url, method, path, headers, body);

describe("every route", () => {
  it.each(CALLERS)("lets in or refuses %s as the table says", async (caller) => {
    expect(await wrongRoutes(app.url, caller, headersOf(caller))).toEqual([]);
  });

  it.each(ROLES)("takes the access token and the cookie of a person who is %s as it takes a key of this role", async (role) => {
    const { token = "", cookie = "" } = sessions.get(role) ?? {};
    expect(await wrongRoutes(app.url, role, bearer(token)), "by token").toEqual([]);
    expect(await wrongRoutes(app.url, role, { cookie, origin: app.url, ...FOREIGN }), "by cookie").toEqual([]);
  });

  it("is in the table, and what proves itself fails nowhere on our side", async () => {
    const { paths } = (await app.get("/api/v1/openapi.json")).json as { paths: Record<string, Record<string, unknown>> };
    const known = new Set(routeRights().map(({ method, path }) => `${method} ${path}`));
    const told = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );

    expect(told.filter((route) => !known.has(route) && !/^POST \/api\/v1\/tools\/\w+$/.test(route))).toEqual([]);
    for (const right of routeRights().filter(({ cells }) => cells.nobody === "own proof"))
      expect((await call(right.method, filledPath(right), FOREIGN)).status, right.path).toBeLessThan(500);
  });
});

interface Place {
  project: string;
  account: string;
  name: string;
}

/** One try per operation: what came of it. */
const TRIES: Record<string, (place: Place, headers: Headers) => Promise<"yes" | "role" | "unseen">> = {
  "read it": async ({ project }, headers) => verdict(await call("GET", `/api/v1/projects/${project}`, headers)),
  "find it in the list": async ({ project }, headers) => found(await call("GET", "/api/v1/projects?limit=200", headers), project),
  "change it": async ({ project }, headers) =>
    verdict(await call("PATCH", `/api/v1/projects/${project}`, headers, { description: "again" })),
  "read its metrics": async ({ project }, headers) => verdict(await call("GET", `/api/v1/projects/${project}/metrics`, headers)),
  "read its brief": async ({ project }, headers) => verdict(await call("GET", `/api/v1/projects/${project}/brief`, headers)),
  "read what belongs to it": async ({ account }, headers) => verdict(await call("GET", `/api/v1/accounts/${account}`, headers)),
  "change what belongs to it": async ({ account }, headers) =>
    verdict(await call("PATCH", `/api/v1/accounts/${account}`, headers, { description: "again" })),
  "find it by the tool list_projects": async ({ name }, headers) =>
    found(await call("POST", "/api/v1/tools/list_projects", headers, {}), name),
  "find it by asking for all projects": async ({ name }, headers) => toldOf(await ask("/projects", headers), name),
  "find it by asking for its name": async ({ name }, headers) => toldOf(await ask(`/projects ${name}`, headers), name),
  "find it by a tool": async ({ name }, headers) => {
    const params = { name: "list_projects", arguments: { query: name } };
    const sent = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
    return toldOf(await call("POST", "/mcp", { ...headers, "mcp-protocol-version": "2025-11-25" }, sent), name);
  },
  "read it as a resource": async ({ project, name }, headers) =>
    found(await readOverMcp(`firstmate://projects?id=${project}`, headers), name),
};

function verdict({ status, text }: { status: number; text: string }): "yes" | "role" | "unseen" {
  if (status === 403) return "role";
  if (status === 404) return "unseen";
  // Without a source there is nothing to tell of a project that may be seen.
  if (status === 200 || (status === 422 && text.includes("connected"))) return "yes";
  throw new Error(`${status} ${text}`);
}

function found({ status, text }: { status: number; text: string }, word: string): "yes" | "role" | "unseen" {
  if (status !== 200) return verdict({ status, text });
  return text.includes(word) ? "yes" : "unseen";
}

const ask = (question: string, headers: Headers) => call("POST", "/api/v1/ask", headers, { question });

/** The project itself is told of: its name alone may only be the question said again. */
function toldOf({ status, text }: { status: number; text: string }, name: string): "yes" | "role" | "unseen" {
  if (status !== 200) return verdict({ status, text });
  const rows = text.match(/"rows":\[\[.*?\]\]/g) ?? [];
  const isListed =
    rows.some((row) => row.includes(`["${name}"`)) || text.includes(`\\"name\\":\\"${name}\\"`) || text.includes(`"name":"${name}"`);
  return isListed || text.includes(`**Project ${name}**`) ? "yes" : "unseen";
}

function readOverMcp(uri: string, headers: Headers) {
  const revision = { "mcp-protocol-version": "2025-11-25" };
  return call("POST", "/mcp", { ...headers, ...revision }, { jsonrpc: "2.0", id: 1, method: "resources/read", params: { uri } });
}

describe("every project", () => {
  const places = new Map<string, Place>();

  beforeAll(async () => {
    const admin = headersOf("admin");
    const members = ROLES.map((role) => `key:${keys.get(role)?.id}`);
    for (const standing of STANDINGS) {
      const named =
        standing === "project without members" ? {} : { members: standing === "member" ? members : ["somebody.else@example.com"] };
      const name = `Project ${standing}`;
      const project = JSON.parse((await call("POST", "/api/v1/projects", admin, { name, ...named })).text).data.id as string;
      const account = JSON.parse((await call("POST", "/api/v1/accounts", admin, { name: `Account ${standing}`, projectId: project })).text)
        .data.id as string;
      places.set(standing, { project, account, name });
    }
  });

  const cells = PROJECT_OPERATIONS.flatMap((operation) =>
    ROLES.flatMap((role) => STANDINGS.map((standing): [ProjectOperation, Role, ProjectStanding] => [operation, role, standing])),
  );

  it("has a try for each operation of the table", () => {
    expect(Object.keys(TRIES).sort()).toEqual(PROJECT_OPERATIONS.map(({ operation }) => operation).sort());
  });

  it("opens to each role and standing as the table says", async () => {
    const wrong: string[] = [];
    for (const [operation, role, standing] of cells) {
      const place = places.get(standing);
      if (!place) throw new Error("no such project");
      const met = await TRIES[operation.operation]?.(place, headersOf(role));
      const told = projectRight(operation, role, standing);
      if (met !== told) wrong.push(`${operation.operation}, ${role}, ${standing}: ${met}, the table says ${told}`);
    }

    expect(wrong).toEqual([]);
  });

  it("opens to the keys of one project as the table says", async () => {
    const account = await call("POST", "/api/v1/accounts", headersOf("admin"), { name: "Account own", projectId: ownProject });
    const own = { project: ownProject, account: JSON.parse(account.text).data.id as string, name: "Own" };
    const others = { "another project": "member", "another project without members": "project without members" } as const;
    const placeOf = (standing: ProjectKeyStanding) => (standing === "its own project" ? own : places.get(others[standing]));
    const wrong: string[] = [];
    for (const operation of PROJECT_OPERATIONS)
      for (const role of KEY_ROLES)
        for (const standing of PROJECT_KEYS) {
          const place = placeOf(standing);
          if (!place) throw new Error("no such project");
          const met = await TRIES[operation.operation]?.(place, headersOf(`${role} of a project`));
          const told = projectKeyRight(operation, role, standing);
          if (met !== told) wrong.push(`${operation.operation}, ${role}, ${standing}: ${met}, the table says ${told}`);
        }

    expect(wrong).toEqual([]);
  });
});

describe("every tool", () => {
  it.each(ROLES)("is there for a %s over REST exactly when its role allows", async (role) => {
    const listed = (JSON.parse((await call("GET", "/api/v1/tools", headersOf(role))).text).data as { name: string }[]).map(
      ({ name }) => name,
    );

    expect(listed.sort()).toEqual(
      tools
        .filter((tool) => hasRole([role], tool.role))
        .map(({ name }) => name)
        .sort(),
    );
    for (const tool of tools.filter((t) => !hasRole([role], t.role)))
      expect((await call("POST", `/api/v1/tools/${tool.name}`, headersOf(role), {})).status, tool.name).toBe(404);
  });

  it.each(ROLES)("is offered to a %s over MCP only when its role allows and it changes nothing", async (role) => {
    const { text } = await call(
      "POST",
      "/mcp",
      { ...headersOf(role), "mcp-protocol-version": "2025-11-25" },
      { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} },
    );
    const offered = [...text.matchAll(/"name":"(\w+)","title"/g)].map((match) => match[1] ?? "");
    const allowed = new Set(tools.filter((tool) => tool.effect === "read" && hasRole([role], tool.role)).map(({ name }) => name));

    expect(offered.length).toBeGreaterThan(0);
    expect(offered.filter((name) => !allowed.has(name))).toEqual([]);
  });
});
