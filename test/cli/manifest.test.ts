import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { slackManifest, teamsManifest } from "../../src/cli/manifest.ts";
import { tools } from "../../src/tools/index.ts";

const require = createRequire(import.meta.url);
const HOST = "https://firstmate.example.com";
const APP = "00000000-0000-4000-8000-0000000000a1";

describe("the Slack manifest", () => {
  it("sends events, commands and buttons to this deployment's own address", () => {
    const text = JSON.stringify(slackManifest(tools, HOST));

    expect(text.match(/https:\/\/firstmate\.example\.com\/slack\/events/g)?.length).toBe(
      2 + 2 + tools.filter((t) => t.command && t.name !== "help").length,
    );
  });

  it("names no address for a socket", () => {
    const manifest = slackManifest(tools, undefined);

    expect(JSON.stringify(manifest)).not.toContain("request_url");
    expect(manifest.settings).toMatchObject({ socket_mode_enabled: true });
  });

  it("keeps within Slack's limits", () => {
    const { features } = slackManifest(tools, HOST) as {
      features: {
        slash_commands: { command: string; description: string; usage_hint: string }[];
        agent_view: { suggested_prompts: unknown[] };
      };
    };

    expect(features.slash_commands.length).toBeLessThanOrEqual(50);
    expect(new Set(features.slash_commands.map((c) => c.command)).size).toBe(features.slash_commands.length);
    expect(features.slash_commands.filter((c) => c.command.length > 32 || c.description.length > 2_000)).toEqual([]);
    expect(features.agent_view.suggested_prompts.length).toBeLessThanOrEqual(4);
  });
});

describe("the Teams manifest", () => {
  it("is valid by Microsoft's published schema", () => {
    const Ajv = require("ajv-draft-04");
    const addFormats = require("ajv-formats");
    const schema = JSON.parse(
      readFileSync(require.resolve("@microsoft/app-manifest/build/json-schemas/teams/v1.25/MicrosoftTeams.schema.json"), "utf8"),
    ) as object;
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    const validate = ajv.compile(schema);

    expect(validate(teamsManifest(tools, HOST, APP, "0.1.0")), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...teamsManifest(tools, HOST, APP, "0.1.0"), bots: [{ botId: "x" }] })).toBe(false);
  });

  it("has icons of the sizes Teams asks for", () => {
    const size = (name: string) => readFileSync(new URL(`../../manifest/icons/${name}`, import.meta.url)).readUInt32BE(16);

    expect([size("color.png"), size("outline.png")]).toEqual([192, 32]);
  });
});
