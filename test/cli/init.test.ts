import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { channelKinds } from "../../src/channels/index.ts";
import { settingsFile } from "../../src/cli/init/settings-file.ts";
import { integrations } from "../../src/integrations/index.ts";
import { startFakeSlack } from "../kit/slack/index.ts";
import { startVendorServer } from "../kit/vendor-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-init-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

async function init(args: readonly string[], lines: readonly string[] = []) {
  const child = spawn(join(root, "node_modules/.bin/node"), [join(root, "bin/firstmate.mjs"), "init", ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(lines.map((line) => `${line}\n`).join(""));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, said };
}

/** Answers per title of a connection; the others are declined. */
function answers(general: readonly string[], connections: Readonly<Record<string, readonly string[]>>): string[] {
  const titles = [...channelKinds, ...integrations].map(({ title }) => title);
  return [...general, ...titles.flatMap((title) => (connections[title] ? ["y", ...connections[title]] : ["n"]))];
}

describe("init", () => {
  it("tries each connection as it is answered, asks again after a refusal, and writes what was given for its owner alone", async () => {
    const vendor = await startVendorServer({
      "GET /services": ({ headers }) =>
        headers.authorization === "Token token=right-token"
          ? { json: { services: [], limit: 1, offset: 0, total: 3, more: false } }
          : { status: 401, json: { error: { message: "no" } } },
    });
    onTestFinished(() => vendor.close());
    writeFileSync(join(folder, "bill.csv"), "ChargePeriodStart,BilledCost,BillingCurrency,ServiceName\n2026-11-01,5,USD,Compute\n");
    const lines = answers(["Europe/Berlin", "", ""], {
      Datasets: ["bill.csv"],
      PagerDuty: ["wrong-token", vendor.url, "", "right-token", vendor.url],
    });

    const { status, said } = await init(["--stdin"], lines);

    expect(said).toMatch(/failed .*PagerDuty[\s\S]+ok +PagerDuty: The key reads the incidents of 3 services/);
    expect(said).toMatch(/ok +dataset bill: cost by service/);
    expect(status).toBe(0);
    const path = join(folder, "firstmate.yaml");
    expect(parse(readFileSync(path, "utf8"))).toEqual({
      TIME_ZONE: "Europe/Berlin",
      DATASETS: "bill.csv",
      PAGERDUTY_TOKEN: "right-token",
      PAGERDUTY_URL: vendor.url,
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }, 60_000);

  it("tells of a chat token that is refused, and keeps the other answers for the next round", async () => {
    const slack = await startFakeSlack();
    onTestFinished(() => slack.close());
    const lines = answers(["", "https://firstmate.example.com", ""], {
      Slack: ["xoxb-wrong", "", slack.appToken, slack.apiUrl, "", slack.botToken, "", "", ""],
      "Microsoft Teams": ["no-id", "", "no-tenant", "", "", "secret", "", "k"],
    });

    const { status, said } = await init(["--stdin"], lines);

    expect(said).toMatch(/failed +slack: Slack refused the token \(invalid_auth\)[\s\S]+ok +slack: firstmate in Harbor, over a socket/);
    expect(said).toMatch(/Teams is half set up[\s\S]+ok +teams: address: .*https:\/\/firstmate\.example\.com\/api\/messages/);
    expect(status).toBe(0);
    expect(parse(readFileSync(join(folder, "firstmate.yaml"), "utf8"))).toMatchObject({
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
    });
  }, 60_000);

  it("says what is wrong with a value, and keeps or leaves it out as told", async () => {
    const { status, said } = await init(["--stdin", "--out", ".env"], answers(["Middle/Earth", "", "", "", "UTC", "", ""], {}));

    expect(said).toMatch(/TIME_ZONE: is not an IANA time zone/);
    expect(status).toBe(0);
    expect(readFileSync(join(folder, ".env"), "utf8")).toContain("\nTIME_ZONE=UTC\n");
  }, 60_000);

  it("writes nothing when the answers end early", async () => {
    const { status, said } = await init(["--stdin"], ["Europe/Berlin"]);

    expect(status).toBe(1);
    expect(said).toContain("Nothing was written");
    expect(existsSync(join(folder, "firstmate.yaml"))).toBe(false);
  });

  it("says what to do where there is no terminal, and leaves a file alone that exists", async () => {
    expect(await init([])).toMatchObject({ status: 2, said: expect.stringMatching(/--stdin/) });
    writeFileSync(join(folder, "firstmate.yaml"), "PORT: 3001\n");
    expect(await init(["--stdin"])).toMatchObject({ status: 2, said: expect.stringMatching(/exists and is left as it is/) });
    expect(readFileSync(join(folder, "firstmate.yaml"), "utf8")).toBe("PORT: 3001\n");
  });
});

describe("a settings file", () => {
  it.each(["plain-token_1", 'a "quoted" $HOME `x` #1', "it's", "a\\b", "postgres://u:p%40s@h/db"])(
    "gives %s back as it was",
    async (value) => {
      expect(parse(settingsFile("firstmate.yaml", { A: value }))).toEqual({ A: value });
      // As a shell reads it: one of the readers of such files.
      const text = settingsFile(".env", { A: value });
      writeFileSync(join(folder, "env"), text);
      const child = spawn("sh", ["-c", '. ./env; printf %s "$A"'], { cwd: folder });
      let out = "";
      child.stdout.on("data", (chunk: Buffer) => {
        out += chunk;
      });
      await new Promise((resolve) => child.once("close", resolve));
      expect(out).toBe(value);
    },
  );
});
