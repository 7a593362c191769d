import { CALLERS, type Caller } from "../../../scripts/authorization.ts";
import { ROLES } from "../../../src/core/message.ts";
import { firstmate, remove, serve, temporaryFolder } from "../../kit/app.ts";
import { bearer, FOREIGN, guardedRoutes, type Headers, wrongRoutes } from "../../kit/route-walk.ts";
import type { Outcome, Target } from "../target.ts";

export const accessTarget: Target = {
  id: "S2",
  test: "every kind of caller at every route (projects, tools and MCP: test/authorization.test.ts)",
  good: "let in or refused as docs/reference/authorization.md says, in each cell",
  run: () => walk((own) => own),
  control: {
    what: "whoever has a key is an administrator",
    run: () => walk((own, keys) => (own.authorization ? (keys.get("admin") ?? own) : own)),
  },
};

async function walk(shown: (own: Headers, keys: ReadonlyMap<Caller, Headers>) => Headers): Promise<Outcome> {
  const dataDir = await temporaryFolder();
  const app = await serve({ args: [], dataDir, env: { REQUESTS_PER_MINUTE: "1000000", USER_REQUESTS_PER_MINUTE: "1000000" } });
  try {
    const headers = new Map<Caller, Headers>([
      ["nobody", FOREIGN],
      ["local viewer", {}],
    ]);
    for (const role of ROLES) headers.set(role, bearer(await app.key(role)));
    await app.post("/api/v1/projects", { name: "Own" }, headers.get("admin"));
    headers.set("key of an agent", await keyWith("--agent", "bot"));
    for (const role of ["viewer", "analyst"] as const)
      headers.set(`${role} of a project`, await keyWith("--role", role, "--project", "own"));
    const wrong: string[] = [];
    for (const caller of CALLERS) wrong.push(...(await wrongRoutes(app.url, caller, shown(headers.get(caller) ?? {}, headers))));
    const cells = CALLERS.length * guardedRoutes().length;
    return { figure: `${cells - wrong.length} of ${cells} cells as specified${wrong[0] ? `; ${wrong[0]}` : ""}`, good: wrong.length === 0 };
  } finally {
    await app.stop();
    await remove(dataDir);
  }

  async function keyWith(...options: string[]): Promise<Headers> {
    const { out } = await firstmate(["key", "create", ...options], { dataDir });
    return bearer(out.trim().split(/\s+/).at(-1) ?? "");
  }
}
