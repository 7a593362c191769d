import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** Who may import whom. `import type` and `import()` count like any import: a shape that crosses a wall is a wall with a hole. */

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "src");

/** Room → rooms it may use. `core` and `errors.ts` are open to all; `telemetry` too. main.ts and app know everyone. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  app: [],
  core: [],
  telemetry: [],
  config: [],
  analytics: [],
  integrations: [],
  storage: [],
  skills: [],
  knowledge: [],
  charts: ["analytics"],
  records: ["storage"],
  tools: ["analytics", "charts", "knowledge", "records"],
  agent: ["skills", "records"],
  router: ["records"],
  approvals: ["records"],
  digests: ["analytics", "charts", "records"],
  alerts: ["analytics", "charts", "records"],
  posting: ["records", "storage"],
  identity: ["records"],
  api: ["records", "identity"],
  mcp: ["analytics", "records", "identity"],
  channels: ["charts"],
  demo: ["analytics", "integrations"],
  cli: ["api", "channels", "config", "eval", "records", "telemetry", "tools"],
  eval: ["demo", "records"],
};
const OPEN_TO_ALL = ["core", "errors.ts", "telemetry"];

/** Package → the only folder that may import it, in any form. */
const HOMES: Readonly<Record<string, string>> = {
  "@slack/bolt": "src/channels/slack",
  "@slack/web-api": "src/channels/slack",
  "@slack/socket-mode": "src/channels/slack",
  "@slack/types": "src/channels/slack",
  "@octokit/graphql": "src/integrations/github",
  "jira.js": "src/integrations/jira",
  "confluence.js": "src/integrations/confluence",
  nodemailer: "src/channels/email",
  undici: "src/integrations/http",
  "@langchain/community": "src/knowledge",
  "@langchain/textsplitters": "src/knowledge",
  "hnswlib-node": "src/knowledge",
  mammoth: "src/knowledge",
  "@bsull/augurs": "src/analytics/forecast",
  "simple-statistics": "src/analytics|src/tools",
  graphql: "src/demo/vendors",
  "@modelcontextprotocol/server": "src/mcp",
  "@modelcontextprotocol/client": "src/integrations/mcp",
  botbuilder: "src/channels/teams",
  "botframework-connector": "src/channels/teams",
  "@duckdb/node-api": "src/integrations/datasets",
  "@anthropic-ai/sdk": "src/agent",
  langchain: "src/agent",
  "@langchain/core": "src/agent",
  "@langchain/anthropic": "src/agent",
  kysely: "src/storage|src/records",
  pg: "src/storage|src/integrations/datasets",
  "pg-boss": "src/storage",
  croner: "src/digests/schedule",
  "node-cron": "src/digests/schedule",
  pino: "src/telemetry",
  "@opentelemetry/api": "src/telemetry",
  "@opentelemetry/resources": "src/telemetry",
  "@opentelemetry/sdk-trace": "src/telemetry",
  "@opentelemetry/exporter-trace-otlp-http": "src/telemetry",
  jose: "src/identity",
  "openid-client": "src/identity",
  sharp: "src/charts",
  vega: "src/charts",
  "vega-lite": "src/charts",
  "vega-interpreter": "src/charts",
  "@expo-google-fonts/inter": "src/charts",
};

/** Who else may touch the environment, and what for. */
const ENVIRONMENT: Readonly<Record<string, RegExp>> = {
  "src/config/index.ts": /./,
  // Only deletes variables that would send conversations to a tracing service.
  "src/agent/model/libraries.ts": /delete process\.env|Object\.keys\(process\.env\)/,
  // Writes the one variable through which the rasteriser finds its fonts.
  "src/charts/fonts.ts": /FONTCONFIG_FILE/,
};

interface Import {
  file: string;
  specifier: string;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.name.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(file: string, text: string): Import[] {
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+)["']([^"']+)["']/gm);
  return [...found].map((match) => ({ file, specifier: match[1] ?? "" }));
}

const files = filesBelow(source).map((path) => ({ path: relative(root, path), text: readFileSync(path, "utf8") }));
const imports = files.flatMap(({ path, text }) => importsOf(path, text));

function roomOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function targetOf({ file, specifier }: Import): string | undefined {
  return specifier.startsWith(".") ? relative(root, resolve(root, dirname(file), specifier)) : undefined;
}

/** The rule an import breaks, in words; undefined when it keeps them all. */
function violation(entry: Import): string | undefined {
  const target = targetOf(entry);
  const from = roomOf(entry.file);
  if (entry.file === "src/main.ts" || from === "app") return undefined;
  if (target === undefined) return homeViolation(entry);
  const to = roomOf(target);
  if (to === from) return siblingViolation(entry, target);
  if (OPEN_TO_ALL.includes(to) && from !== "core" && from !== "errors.ts") return undefined;
  if (from === "core" && to === "errors.ts") return undefined;
  return (MAY_USE[from] ?? []).includes(to) ? undefined : `${entry.file} may not import ${target}`;
}

function homeViolation({ file, specifier }: Import): string | undefined {
  const name = specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : (specifier.split("/")[0] ?? "");
  const home = HOMES[name];
  return home === undefined || home.split("|").some((folder) => file.startsWith(`${folder}/`))
    ? undefined
    : `${file} may not import ${name}: its home is ${home}`;
}

function siblingViolation({ file }: Import, target: string): string | undefined {
  const room = roomOf(file);
  if (room !== "integrations" && room !== "channels") return undefined;
  const mine = file.split("/")[2];
  const theirs = target.split("/")[2];
  return mine === theirs || [mine, theirs].some((part) => part?.endsWith(".ts"))
    ? undefined
    : `${file} may not import ${target}: siblings do not meet`;
}

describe("the architecture", () => {
  it("has a rule for every room", () => {
    const rooms = [...new Set(files.map(({ path }) => roomOf(path)))].filter((room) => !room.endsWith(".ts"));

    expect(rooms.filter((room) => MAY_USE[room] === undefined)).toEqual([]);
  });

  it("lets each room import only what its row allows", () => {
    expect(imports.map(violation).filter((v) => v !== undefined)).toEqual([]);
  });

  it("sees a planted violation of each kind", () => {
    const planted: Import[] = [
      { file: "src/core/x.ts", specifier: "../tools/pareto.ts" },
      { file: "src/analytics/x.ts", specifier: "../storage/database.ts" },
      { file: "src/integrations/aws/x.ts", specifier: "../github/index.ts" },
      { file: "src/channels/slack/x.ts", specifier: "../teams/index.ts" },
      { file: "src/tools/x.ts", specifier: "@duckdb/node-api" },
      { file: "src/agent/x.ts", specifier: "../tools/pareto.ts" },
    ];

    expect(planted.filter((entry) => violation(entry) === undefined)).toEqual([]);
    expect(importsOf("x", 'import type { A } from "./a.ts";\nawait import("b");\nimport "c";').map((i) => i.specifier)).toEqual([
      "./a.ts",
      "b",
      "c",
    ]);
  });

  it("reads the environment in config/index.ts alone", () => {
    const readers = files.flatMap(({ path, text }) =>
      text
        .split("\n")
        .filter((line) => /process\.env\b|\benv\b.*from ["']node:process["']/.test(line) && !/^\s*(?:\*|\/\/)/.test(line))
        .filter((line) => !(ENVIRONMENT[path]?.test(line) ?? false))
        .map((line) => `${path}: ${line.trim()}`),
    );

    expect(readers).toEqual([]);
  });

  it("keeps clocks and chance out of analytics and core", () => {
    const impure = files.filter(
      ({ path, text }) =>
        ["analytics", "core"].includes(roomOf(path)) &&
        /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|from ["']node:(?:fs|net|http|child_process)["']/.test(text) &&
        !/import type .* from ["']node:http["']/.test(text),
    );

    expect(impure.map(({ path }) => path)).toEqual([]);
  });

  it("has no default export, no enum and no any", () => {
    // A GraphQL schema is text with enums of its own.
    const code = files.filter(({ path }) => !path.endsWith("/sdl.ts"));
    const loose = code.filter(({ text }) =>
      /^export default|^(?:export )?(?:const )?enum |: any\b|\bas any\b|@ts-ignore|@ts-expect-error/m.test(text),
    );

    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  it("names every room in ARCHITECTURE.md, within 150 lines", () => {
    const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
    const rooms = [...new Set(files.map(({ path }) => roomOf(path)))];

    expect(rooms.filter((room) => !page.includes(`${room}${room.endsWith(".ts") ? "" : "/"}`))).toEqual([]);
    expect(page.split("\n").length).toBeLessThanOrEqual(150);
  });

  it("gives each dependency its reason in ARCHITECTURE.md", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

    expect(
      [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].filter((name) => !page.includes(`\`${name}\``)),
    ).toEqual([]);
  });

  it("pins exact versions", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };

    expect(
      Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
        ([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
      ),
    ).toEqual([]);
  });
});
