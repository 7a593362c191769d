import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { consoleRoutes } from "../../../src/channels/console/index.ts";
import { HttpError, type HttpRequest, type HttpResponse } from "../../../src/core/http.ts";

const ASSETS = fileURLToPath(new URL("../../../src/channels/console/assets/", import.meta.url));
const routes = consoleRoutes({ start: async () => ({ label: "Demo data", greeting: "Hello", suggestions: ["What did October cost?"] }) });

describe("the console's files", () => {
  it("serves the page under a policy that allows nothing from elsewhere and nothing inline", async () => {
    const page = await get("/");

    expect(page.status).toBe(200);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(page.headers["x-content-type-options"]).toBe("nosniff");
    expect(page.headers["referrer-policy"]).toBe("no-referrer");
  });

  it("gives every file its type and the same protection as the page", async () => {
    for (const [file, type] of [
      ["app.js", "text/javascript"],
      ["style.css", "text/css"],
      ["icon.svg", "image/svg+xml"],
      ["render/markdown.js", "text/javascript"],
      ["pages/alerts.js", "text/javascript"],
    ] as const) {
      const served = await get(`/console/${file}`);

      expect(served.headers["content-type"]).toBe(`${type}; charset=utf-8`);
      expect(served.headers["content-security-policy"]).toContain("default-src 'none'");
      expect(served.headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  it("answers 304 without a body while the file is the one the browser has", async () => {
    const first = await get("/console/app.js");
    const etag = first.headers.etag ?? "";

    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await get("/console/app.js", { "if-none-match": header });
      expect(again.status, header).toBe(304);
      expect(again.raw).toBe("");
      expect(again.headers.etag).toBe(etag);
    }
    expect((await get("/console/app.js", { "if-none-match": '"other"' })).status).toBe(200);
    expect((await get("/console/style.css")).headers.etag).not.toBe(etag);
    expect(first.headers["cache-control"]).toBe("no-cache");
  });

  it.each([
    "nothing.js",
    "index.html",
    "tsconfig.json",
    "../index.ts",
    "..%2findex.ts",
    "..\\index.ts",
    "/etc/passwd",
    "render/../app.js",
    "./app.js",
    "app.js\0.css",
    "APP.JS",
    "__proto__",
    "constructor",
    "",
  ])("has no file called %j", async (file) => {
    for (const path of ["/console/{file}", "/console/render/{file}", "/console/pages/{file}"]) {
      const route = routes.find((candidate) => candidate.path === path);

      await expect(route?.handle(request({ file }))).rejects.toThrow(HttpError);
      await expect(route?.handle(request({ file }))).rejects.toMatchObject({ status: 404 });
    }
  });

  it("serves what the empty page shows, never from a cache", async () => {
    const served = await get("/console/start.json");

    expect(JSON.parse(String(served.raw))).toEqual({ label: "Demo data", greeting: "Hello", suggestions: ["What did October cost?"] });
    expect(served.headers["cache-control"]).toBe("no-store");
  });

  it("is open to anyone and only reads", () => {
    expect(routes.every(({ access, method }) => access === "open" && method === "GET")).toBe(true);
  });

  it("names every module of the conversation in the page, so that the browser need not discover them one by one", async () => {
    const page = String((await get("/")).raw);
    const modules = (await readdir(ASSETS, { recursive: true }))
      .map((name) => name.replaceAll("\\", "/"))
      // The pages to sign in at and for admins are others; those beside the conversation come when they are opened.
      .filter((name) => name.endsWith(".js") && name !== "sign-in.js" && name !== "status.js" && !name.startsWith("pages/"));

    for (const name of modules) expect(page).toContain(`"/console/${name}"`);
    expect(page).not.toContain("/console/pages/");
    expect(modules).toContain("app.js");
  });

  it("type-checks against the contracts of the server", async () => {
    const compiler = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));

    const outcome = await promisify(execFile)(process.execPath, [compiler, "-p", ASSETS]).catch((error: { stdout: string }) => error);

    expect(outcome.stdout).toBe("");
  });
});

/** By its path, through the route the server would choose. */
async function get(path: string, headers: Record<string, string> = {}) {
  const segments = path.slice(1).split("/");
  const pattern = path === "/" ? "/" : segments.length === 3 ? `/console/${segments[1]}/{file}` : "/console/{file}";
  const route = routes.find((candidate) => candidate.path === pattern);
  if (!route) throw new Error(`no route for ${path}`);
  return whole(await route.handle(request({ file: segments.at(-1) ?? "" }, headers)));
}

function request(params: Record<string, string>, headers: Record<string, string> = {}): HttpRequest {
  return { params, headers, query: new URLSearchParams() } as HttpRequest;
}

function whole(response: HttpResponse) {
  if (!("raw" in response)) throw new Error("the console serves whole files");
  return response;
}
