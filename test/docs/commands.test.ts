import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Served, serve } from "../kit/app.ts";
import { startFakeSlack } from "../kit/slack/index.ts";
import { blocksOf } from "./blocks.ts";

/** Every command of the documents is run, in a folder that looks like a checkout; what cannot be is marked not-run. extending.md has its own test. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const read = (path: string) => readFileSync(join(root, path), "utf8");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
];
const commands = pages
  .filter((page) => page !== "docs/extending.md")
  .flatMap((page) => blocksOf(read(page)).map((block) => ({ page, ...block })))
  .filter(({ language, mark }) => language === "sh" && mark !== "not-run");
/** Never begun here: they install, or go on until they are stopped. */
const NOT_HERE = /\bnpm (?:ci|start|test|run demo)\b|docker|kubectl/;
/** A server that refuses must not pass. */
const STRICT = "curl --fail-with-body -s";

let folder: string;
let app: Served;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-docs-"));
  for (const name of ["package.json", "bin", "src", "node_modules", "bench"]) symlinkSync(join(root, name), join(folder, name));
  writeFileSync(
    join(folder, "bill.csv"),
    "ChargePeriodStart,BilledCost,BillingCurrency,ServiceName\n2026-11-01,80,USD,Compute\n2026-11-02,20,USD,Storage\n",
  );
  app = await serve({ env: { REQUESTS_PER_MINUTE: "1000" } });
}, 120_000);
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("the commands of the documents", () => {
  it.each(commands.map(({ page, code }) => ({ page, code, title: code.split("\n")[0] })))(
    "$page: $title",
    async ({ code }) => {
      const lines = code
        .replaceAll("http://127.0.0.1:3000", app.url)
        .replaceAll("path/to/bill.csv", "bill.csv")
        .replaceAll("curl -s", STRICT);
      const safe = lines.split("\n").filter((line) => !NOT_HERE.test(line));
      const env = { PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, HOME: folder, DATA_DIR: app.dataDir };

      await expect(run("sh", ["-euc", safe.join("\n")], { cwd: folder, env })).resolves.toBeDefined();
    },
    60_000,
  );

  it("give the answers that the pages speak of", async () => {
    const env = { PATH: process.env.PATH ?? "", DATA_DIR: join(folder, "data"), DATASETS: "bill.csv" };
    const args = [join(root, "bin/firstmate.mjs"), "ask", "which services make up 80% of our cloud cost?"];
    const { stdout } = await run(join(root, "node_modules/.bin/node"), args, { cwd: folder, env });

    expect(stdout).toMatch(/1 of 2 services makes? up 80% of cost/);
  }, 60_000);
});

describe("the firstmate.yaml of docs/concepts.md", () => {
  it("starts as it stands, where the Slack it speaks of is connected", async () => {
    const slack = await startFakeSlack();
    onTestFinished(() => slack.close());
    const place = mkdtempSync(join(tmpdir(), "firstmate-docs-yaml-"));
    onTestFinished(() => rmSync(place, { recursive: true, force: true }));
    const yaml = blocksOf(read("docs/concepts.md")).filter(({ language }) => language === "yaml");
    writeFileSync(join(place, "firstmate.yaml"), yaml.map(({ code }) => code).join("\n"));
    const child = spawn(join(root, "node_modules/.bin/node"), [join(root, "bin/firstmate.mjs"), "serve"], {
      cwd: place,
      env: {
        ...{ PATH: process.env.PATH ?? "", DATA_DIR: place, PORT: "0" },
        ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_SIGNING_SECRET: slack.signingSecret, SLACK_API_URL: slack.apiUrl },
      },
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        said += chunk;
      });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await expect.poll(() => said, { timeout: 30_000 }).toMatch(/"msg":"ready"|firstmate\.yaml/);
    child.kill("SIGTERM");
    await ended;

    expect(said).toContain('"msg":"ready"');
    expect(said).not.toMatch(/"level":"(?:error|warn)"/);
  }, 60_000);
});

describe("what the pages say", () => {
  it("links only to files and headings that exist", () => {
    for (const page of pages)
      for (const [, target = "", anchor] of read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)]+))?\)/g)) {
        const path = target === "" ? page : join(page, "..", target);
        expect(existsSync(join(root, path)), `${page} → ${target}`).toBe(true);
        if (anchor) expect(anchors(read(path)), `${page} → ${target}#${anchor}`).toContain(anchor);
      }
  });

  it("names in the AWS policy the actions that are called, and no other", () => {
    const policy = blocksOf(read("docs/integrations.md")).find(({ language }) => language === "json")?.code ?? "{}";
    const { Statement } = JSON.parse(policy) as { Statement: { Action: string[] }[] };
    const called = readdirSync(join(root, "src/integrations/aws"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => [
        ...read(`src/integrations/aws/${name}`).matchAll(/"((?:ce|ec2|rds|s3|route53|cloudwatch|lightsail|sts):[A-Z]\w+)"/g),
      ])
      .map((match) => match[1]);

    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual(
      [...new Set(called)].filter((action) => action !== "sts:AssumeRole").sort(),
    );
  });

  it("quotes messages that the program says", () => {
    const source = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
    const text = [read("bin/firstmate.mjs"), ...source.map((name) => read(`src/${name}`))].join("\n");
    const quoted = [...read("docs/troubleshooting.md").matchAll(/^\| [^|]*?`([^`]+)`/gm)].map((match) => match[1] ?? "");

    expect(quoted.length).toBeGreaterThan(6);
    expect(quoted.filter((words) => !text.includes(words))).toEqual([]);
  });

  it("names tests that exist", () => {
    const named = [...read("docs/security.md").matchAll(/`(test\/[\w/.-]+)`/g)].map((match) => match[1] ?? "");

    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("names settings that exist", () => {
    const known = new Set([...read("docs/reference/settings.md").matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map((match) => match[1]));
    // Settings of PostgreSQL, of n8n and of Node.
    const others = new Set(["POSTGRES_PASSWORD", "NODE_FUNCTION_ALLOW_BUILTIN", "NODE_OPTIONS"]);
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?==|`)/g)].map((match) => match[1] ?? ""),
    );

    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((name) => !known.has(name.replace(/_FILE$/, "")) && !others.has(name))).toEqual([]);
  });
});

/** As GitHub makes them. */
function anchors(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}
