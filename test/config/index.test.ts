import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Config, describeSettings, loadConfig, type SettingsGroup } from "../../src/config/index.ts";
import { coreSettings } from "../../src/config/settings.ts";
import { ConfigError } from "../../src/errors.ts";

const VENDOR: SettingsGroup = {
  name: "vendor",
  requires: ["VENDOR_TOKEN"],
  settings: z.object({
    VENDOR_TOKEN: z.string().min(8).describe("Opens the vendor.").meta({ secret: true }),
    VENDOR_ACCOUNT: z.string().optional().describe("Number of the account."),
    VENDOR_PAGES: z.coerce.number().int().max(10).default(3).describe("Pages to read."),
  }),
};
const OTHER: SettingsGroup = {
  name: "other",
  requires: ["OTHER_URL", "OTHER_KEY"],
  settings: z.object({
    OTHER_URL: z.url().describe("Address of the other."),
    OTHER_KEY: z.string().describe("Its key.").meta({ secret: true }),
  }),
};
const SECRET = "sk-do-not-show-me";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): void {
  writeFileSync(join(folder, name), content);
}

function load(environment: Record<string, string> = {}, overrides?: Record<string, string>): Promise<Config> {
  return loadConfig({ environment, directory: folder, ...(overrides ? { overrides } : {}) }, [VENDOR, OTHER]);
}

async function problemsOf(environment: Record<string, string> = {}): Promise<readonly string[]> {
  const error = await load(environment).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  for (const problem of error.problems) expect(error.message).toContain(problem);
  return error.problems;
}

describe("without any setting", () => {
  test("everything has its default", async () => {
    const config = await load();

    expect(config.core).toMatchObject({ PORT: 3000, HOST: "127.0.0.1", TIME_ZONE: "UTC", LOG_LEVEL: "info", DATA_DIR: "./data" });
    expect(config.core.databaseUrl).toBe(`sqlite:${join(folder, "data", "firstmate.db")}`);
    expect(config.groups.size).toBe(0);
    expect(config.secrets).toEqual([]);
    expect(config.warnings).toEqual([]);
    expect(config.baseDir).toBe(folder);
  });

  test("an integration is absent until all it requires is set", async () => {
    const one = await load({ OTHER_KEY: "some key", VENDOR_PAGES: "5" });
    const both = await load({ OTHER_KEY: "some key", OTHER_URL: "https://example.com", VENDOR_TOKEN: "long enough" });

    expect([...one.groups.keys()]).toEqual([]);
    expect([...both.groups.keys()]).toEqual(["vendor", "other"]);
    expect(both.groups.get("vendor")).toEqual({ VENDOR_TOKEN: "long enough", VENDOR_PAGES: 3 });
  });

  test("an empty variable is as one that is not set", async () => {
    const config = await load({ PORT: "", HOST: "  ", VENDOR_TOKEN: "" });

    expect(config.core).toMatchObject({ PORT: 3000, HOST: "127.0.0.1" });
    expect(config.groups.size).toBe(0);
  });
});

describe("where a value comes from", () => {
  test("the environment wins over the file, and an option over both", async () => {
    write("firstmate.yaml", "PORT: 4000\nHOST: 0.0.0.0\nLOG_LEVEL: warn\n");

    const config = await load({ PORT: "5000", LOG_LEVEL: "error" }, { LOG_LEVEL: "debug" });

    expect(config.core).toMatchObject({ PORT: 5000, HOST: "0.0.0.0", LOG_LEVEL: "debug" });
  });

  test("NAME_FILE gives a value from a file, named in the environment or in the settings file", async () => {
    write("token.txt", "from a file with = and #\n");
    write("key.txt", "  spaces stay \r\n");
    write("firstmate.yaml", "OTHER_URL: https://example.com\nOTHER_KEY_FILE: key.txt\n");

    const config = await load({ VENDOR_TOKEN_FILE: join(folder, "token.txt") });

    expect(config.groups.get("vendor")).toMatchObject({ VENDOR_TOKEN: "from a file with = and #" });
    expect(config.groups.get("other")).toMatchObject({ OTHER_KEY: "  spaces stay " });
    expect(config.secrets).toEqual(["from a file with = and #", "  spaces stay "]);
  });

  test("a value said outright wins over NAME_FILE", async () => {
    write("token.txt", "from the file\n");

    const config = await load({ VENDOR_TOKEN: "said outright", VENDOR_TOKEN_FILE: "token.txt" });

    expect(config.groups.get("vendor")).toMatchObject({ VENDOR_TOKEN: "said outright" });
  });

  test("values of the file stay as they are written, also those that look like numbers", async () => {
    write("firstmate.yaml", 'VENDOR_TOKEN: 0123456789\nVENDOR_ACCOUNT: 12345678901234567890\nMODEL: 1.10\nVENDOR_PAGES: 7\nHOST: "::1"\n');

    const config = await load();

    expect(config.groups.get("vendor")).toEqual({ VENDOR_TOKEN: "0123456789", VENDOR_ACCOUNT: "12345678901234567890", VENDOR_PAGES: 7 });
    expect(config.core).toMatchObject({ MODEL: "1.10", HOST: "::1" });
  });

  test("an empty or absent settings file is none", async () => {
    await expect(load()).resolves.toBeDefined();
    write("firstmate.yaml", "");
    await expect(load()).resolves.toBeDefined();
    write("firstmate.yaml", "# nothing yet\n");
    await expect(load()).resolves.toBeDefined();
  });
});

describe("what is wrong", () => {
  test("is reported all at once, each with the name, the value and what it is for", async () => {
    write("firstmate.yaml", "PROT: 1\nLOG_LEVEL: loud\n");

    const problems = await problemsOf({
      PORT: "99999",
      TIME_ZONE: "Mars/Olympus",
      PUBLIC_URL: "not a url",
      VENDOR_TOKEN: "short",
      VENDOR_PAGES: "many",
      OTHER_KEY_FILE: "nowhere.txt",
      MODEL_CALLS: "0",
    });

    const about = (name: string) => problems.filter((p) => p.includes(name));
    expect(about("PORT:")[0]).toMatch(/“99999”.*Port of the one HTTP server/);
    expect(about("TIME_ZONE")[0]).toMatch(/not an IANA time zone such as Europe\/Berlin.*“Mars\/Olympus”/);
    expect(about("PUBLIC_URL")[0]).toContain("https://firstmate.example.com");
    expect(about("LOG_LEVEL")[0]).toMatch(/info.*“loud”/);
    expect(about("VENDOR_TOKEN")[0]).toContain("Opens the vendor.");
    expect(about("VENDOR_PAGES")[0]).toContain("“many”");
    expect(about("OTHER_KEY_FILE")[0]).toMatch(/nowhere\.txt.*ENOENT.*Point it at a readable file/);
    expect(about("MODEL_CALLS")).toHaveLength(1);
    expect(about("PROT")[0]).toMatch(/unknown setting “PROT”.*Did you mean PORT\?/);
    expect(problems).toHaveLength(9);
  });

  test("never shows a secret", async () => {
    write("secret.txt", SECRET);
    const cases: [Record<string, string>, string][] = [
      [{ VENDOR_TOKEN: "sk-abc" }, ""],
      [{ PORT: "x", VENDOR_TOKEN: SECRET }, ""],
      [{ PORT: "x", VENDOR_TOKEN_FILE: "secret.txt" }, ""],
      [{ VENDOR_TOKEN_FILE: SECRET }, ""],
      [{ PUBLIC_URL: `http:/\\me:${SECRET}@ho st//me:${SECRET}@x` }, ""],
      [{}, `VENDOR_TOKEN: ${SECRET}: x\n`],
      [{}, `VENDOR_TOKEN: *${SECRET}\n`],
      [{}, `VENDOR_TOKEN: |${SECRET}\n`],
      [{}, `VENDOR_TOKEN: "${SECRET}\n`],
      [{}, `VENDOR_TOKEN: [${SECRET}]\n`],
      [{ PORT: "x" }, `VENDOR_TOKEN: !vault ${SECRET}\n`],
    ];

    const warned = vi.spyOn(process, "emitWarning");
    for (const [environment, yaml] of cases) {
      write("firstmate.yaml", yaml);
      const problems = (await problemsOf(environment)).join("\n");
      expect(problems, yaml).not.toContain(SECRET);
      expect(problems, yaml).not.toContain("sk-abc");
    }
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  test.each([
    ["a list", "- PORT\n", /must hold NAME: value lines/],
    ["a text", "PORT 3000\n", /must hold NAME: value lines/],
    ["broken YAML", "PORT: 1\n  HOST: 2\n", /firstmate\.yaml: .*line 1.*Correct the file/],
    ["a key twice", "PORT: 1\nPORT: 2\n", /unique.*line 2/],
    ["a list as a value", "PORT: [1]\n", /PORT must be a text, a number or true\/false/],
    ["a map as a value", "PORT: { a: 1 }\n", /PORT must be a text, a number or true\/false/],
    ["no value", "PORT:\n", /PORT has no value/],
    ["a null", "PORT: null\n", /PORT has no value/],
    ["an unknown key without a near one", "WHATEVER_IS_THIS: 1\n", /unknown setting “WHATEVER_IS_THIS”\. Remove or correct it/],
    ["a key in lower case", "port: 1\n", /Did you mean PORT\?/],
    ["an unknown key of an integration", "VENDOR_TOKN: abc\n", /Did you mean VENDOR_TOKEN\?/],
  ])("in the settings file is named: %s", async (_, yaml, expected) => {
    write("firstmate.yaml", yaml);

    const problems = await problemsOf();

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  test.each([
    ["is missing", () => {}, /ENOENT/],
    ["is a folder", () => mkdirSync(join(folder, "token.txt")), /EISDIR/],
    ["is too large", () => write("token.txt", "x".repeat(70_000)), /larger than 64 kB/],
    ["is empty", () => write("token.txt", "\n"), /it is empty/],
  ])("with the file of a secret is named: it %s", async (_, prepare, expected) => {
    prepare();

    const [problem] = await problemsOf({ VENDOR_TOKEN_FILE: "token.txt" });

    expect(problem).toMatch(expected);
    expect(problem).toContain("VENDOR_TOKEN_FILE");
  });
});

describe("secrets", () => {
  test("are all values of secret settings, with the password inside an address in both spellings", async () => {
    const config = await load({
      DATABASE_URL: "postgres://app:p%40ss%2Fword@db/x",
      VENDOR_TOKEN: SECRET,
      ANTHROPIC_API_KEY: "key of the model",
    });

    expect(config.secrets).toEqual(
      expect.arrayContaining([SECRET, "key of the model", "postgres://app:p%40ss%2Fword@db/x", "p%40ss%2Fword", "p@ss/word"]),
    );
    expect((await load({ DATABASE_URL: "sqlite:data/x.db" })).secrets).toEqual([]);
  });
});

describe("warnings", () => {
  test("name variables that are one slip away from a setting, and no others", async () => {
    const environment = {
      DATABSE_URL: "x",
      VENDOR_TOKNE: "y",
      ANTHROPIC_APIKEY: "z",
      PATH: "/bin",
      HOME: "/",
      HOSTS: "a",
      NODE_OPTIONS: "",
      PORTS: "1",
    };

    const { warnings } = await load(environment);

    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toBe("DATABSE_URL is not a setting of Firstmate; did you mean DATABASE_URL?");
    expect(warnings.join()).toMatch(/VENDOR_TOKEN\?.*ANTHROPIC_API_KEY\?/);
    for (const value of Object.values(environment)) if (value.length === 1) expect(warnings.join("")).not.toContain(`“${value}”`);
  });

  test("are not given for NAME_FILE", async () => {
    write("token.txt", "long enough");

    expect((await load({ VENDOR_TOKEN_FILE: "token.txt" })).warnings).toEqual([]);
  });
});

describe("the description of settings", () => {
  test("names each with its purpose, its default and whether it is secret", () => {
    const described = describeSettings(coreSettings);

    expect(described.map((d) => d.name)).toEqual(Object.keys(coreSettings.shape));
    expect(described.find((d) => d.name === "PORT")).toMatchObject({ defaultValue: "3000", secret: false });
    expect(described.find((d) => d.name === "ANTHROPIC_API_KEY")).toMatchObject({ defaultValue: undefined, secret: true });
    for (const { name, description } of described) expect(description, name).toMatch(/\w{3}.*\.$/);
  });
});
