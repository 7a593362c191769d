import { afterEach, describe, expect, test } from "vitest";
import type { ChannelOptions } from "../../../src/channels/index.ts";
import { openTeamsWorld, SETTINGS, type TeamsWorld } from "./world.ts";

let world: TeamsWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const REACHABLE: Partial<ChannelOptions> = { publicUrl: "https://firstmate.example.com" };

async function open(options = REACHABLE, settings = SETTINGS): Promise<TeamsWorld> {
  world = await openTeamsWorld({ options, settings });
  return world;
}

async function findings({ channel }: TeamsWorld) {
  const results = (await channel.checks?.()) ?? [];
  for (const { state, fix = "" } of results) expect(state === "ok" || (fix !== "" && !fix.includes("\n"))).toBe(true);
  return results;
}

describe("doctor on Teams", () => {
  test("is content with a bot that can be reached and may post", async () => {
    const opened = await open();

    expect((await findings(opened)).map(({ name, state }) => `${name} ${state}`)).toEqual([
      "teams: identity ok",
      "teams: token ok",
      "teams: clock ok",
      "teams: address ok",
    ]);
    expect(await opened.channel.check()).toMatchObject({ name: "teams", state: "ok", message: expect.stringContaining("/api/messages") });
  });

  const refusals: [string, string, RegExp][] = [
    ["AADSTS7000215: Invalid client secret provided.", "secret is wrong", /MICROSOFT_APP_PASSWORD/],
    ["AADSTS7000222: The provided client secret keys are expired.", "expired", /new client secret/],
    ["AADSTS700016: Application was not found in the directory.", "unknown in this tenant", /MICROSOFT_APP_ID/],
    ["AADSTS90002: Tenant not found.", "no such tenant", /MICROSOFT_APP_TENANT_ID/],
    ["AADSTS1: something new with secret words", "refused the bot \\(400\\)", /against the app registration/],
  ];
  for (const [description, message, fix] of refusals)
    test(`says what ${description.split(":")[0]} means, in its own words`, async () => {
      const opened = await open();
      opened.teams.login.refusal = { status: 400, body: { error: "invalid", error_description: description } };

      const token = (await findings(opened)).find(({ name }) => name === "teams: token");

      expect(token).toMatchObject({ state: "failed", message: expect.stringMatching(message), fix: expect.stringMatching(fix) });
      expect(JSON.stringify(token)).not.toMatch(/AADSTS|secret words/);
      expect(await opened.channel.check()).toMatchObject({ name: "teams", state: "failed" });
    });

  test("tells a login that is down from one that refuses", async () => {
    const opened = await open();
    opened.teams.login.refusal = { status: 503, body: {} };

    expect((await findings(opened)).find(({ name }) => name === "teams: token")).toMatchObject({
      state: "failed",
      message: expect.stringContaining("503"),
      fix: "Try again in a minute.",
    });
  });

  test("names the host when it cannot be reached at all", async () => {
    const opened = await open();
    await opened.teams.close();

    expect((await findings(opened)).find(({ name }) => name === "teams: token")).toMatchObject({
      state: "failed",
      fix: expect.stringContaining("127.0.0.1"),
    });
  });

  for (const [minutes, state, words] of [
    [4, "ok", "agrees"],
    [-9, "failed", "9 minutes ahead of"],
    [61, "failed", "61 minutes behind"],
  ] as const)
    test(`compares the clocks: ${minutes} minutes apart`, async () => {
      const opened = await open();
      opened.teams.login.skewMs = minutes * 60_000;

      expect((await findings(opened)).find(({ name }) => name === "teams: clock")).toMatchObject({
        state,
        message: expect.stringContaining(words),
      });
    });

  for (const [publicUrl, state] of [
    [undefined, "warning"],
    ["http://firstmate.example.com", "failed"],
    ["nonsense", "failed"],
  ] as const)
    test(`asks for an https address: ${publicUrl}`, async () => {
      const opened = await open(publicUrl ? { publicUrl } : {});

      expect((await findings(opened)).find(({ name }) => name === "teams: address")).toMatchObject({
        state,
        fix: expect.stringContaining("PUBLIC_URL"),
      });
    });

  for (const name of ["MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID"] as const)
    test(`sees that ${name} is no id`, async () => {
      const opened = await open(REACHABLE, { ...SETTINGS, [name]: "contoso.onmicrosoft.com" });

      expect(await findings(opened)).toContainEqual(expect.objectContaining({ state: "failed", message: expect.stringContaining(name) }));
    });
});
