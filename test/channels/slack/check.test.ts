import { afterEach, describe, expect, it } from "vitest";
import { SCOPES } from "../../../src/channels/slack/scopes.ts";
import { FAULTS } from "../../kit/slack/index.ts";
import { answering, openSlack, type SlackWorld, type WorldOptions } from "./world.ts";

const ALL = [...SCOPES.bot, ...SCOPES.bot_optional];
const NOWHERE = "http://127.0.0.1:1";
const open: SlackWorld[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function world(options: WorldOptions = {}): Promise<SlackWorld> {
  const made = await openSlack(answering("x").handle, { slack: { manifestScopes: ALL }, ...options });
  open.push(made);
  return made;
}

const found = async (given: SlackWorld, name: string) => (await given.channel.checks?.())?.find((result) => result.name === name);

describe("what doctor says of Slack", () => {
  it("is one good line when all is well", async () => {
    const given = await world({ socket: true });

    const checks = await given.channel.checks?.();

    expect(checks?.map(({ name, state }) => [name, state])).toEqual([
      ["slack", "ok"],
      ["slack: scopes", "ok"],
      ["slack: clock", "ok"],
      ["slack: socket", "ok"],
    ]);
    expect(await given.channel.check()).toEqual({ name: "slack", state: "ok", message: "firstmate in Harbor, over a socket" });
  });

  it.each(["invalid_auth", "account_inactive", "token_revoked"] as const)("names a token that is %s, and how to mend it", async (code) => {
    const given = await world();

    given.slack.switchOff(code);
    const result = await given.channel.check();
    given.slack.switchOff(undefined);

    expect(result).toMatchObject({
      state: "failed",
      message: expect.stringContaining(code),
      fix: expect.stringContaining("SLACK_BOT_TOKEN"),
    });
    expect(JSON.stringify(result)).not.toContain("xoxb-");
  });

  it.each([
    ["a 500", FAULTS.serverError],
    ["garbage", FAULTS.garbage],
    ["a cut connection", FAULTS.reset],
  ])("takes %s for no answer", async (_, fault) => {
    const given = await world();
    given.slack.faults.inject("auth.test", fault);

    expect(await given.channel.check()).toMatchObject({ state: "failed", message: expect.stringContaining("Slack does not answer") });
  });

  it("tells a missing scope that is needed from one that is only useful, with what each is for", async () => {
    const lacking = (...without: string[]) => ({ slack: { manifestScopes: ALL.filter((scope) => !without.includes(scope)) } });

    expect(await found(await world(lacking("files:write")), "slack: scopes")).toMatchObject({
      state: "failed",
      message: expect.stringContaining("show charts"),
      fix: expect.stringContaining("files:write"),
    });
    expect(await found(await world(lacking("channels:history")), "slack: scopes")).toMatchObject({
      state: "warning",
      message: expect.stringContaining("before repeating it"),
      fix: expect.stringContaining("channels:history"),
    });
  });

  it.each([
    [20_000, "ok", "agrees"],
    [-120_000, "warning", "120 seconds behind"],
    [600_000, "failed", "600 seconds ahead of Slack's, so signed deliveries are refused"],
  ])("reads the clock by Slack's own: %i ms off", async (shift, state, words) => {
    let given: SlackWorld | undefined;
    given = await world({ channel: { now: () => new Date((given?.clock.now().getTime() ?? 0) + shift) } });

    expect(await found(given, "slack: clock")).toMatchObject({ state, message: expect.stringContaining(words) });
  });

  it("says when nobody can reach this machine", async () => {
    const given = await world();

    expect(await found(given, "slack: address")).toMatchObject({ state: "warning", fix: expect.stringContaining("PUBLIC_URL") });
  });

  it("knocks at the public address: a door that asks for a signature is ours", async () => {
    const given = await world({ channel: { publicUrl: NOWHERE } });

    expect(await found(given, "slack: address")).toMatchObject({ state: "warning", message: expect.stringContaining("does not answer") });

    const reached = await world({ channel: { publicUrl: given.url } });
    expect(await found(reached, "slack: address")).toMatchObject({ state: "ok" });

    const other = await world({ channel: { publicUrl: new URL(given.slack.apiUrl).origin } });
    expect(await found(other, "slack: address")).toMatchObject({ state: "warning", message: expect.stringContaining("answers 404") });
  });

  it("names an app token that Slack refuses", async () => {
    const given = await world({ socket: true });
    given.slack.faults.inject("apps.connections.open", { kind: "error", code: "invalid_auth" });

    expect(await found(given, "slack: socket")).toMatchObject({ state: "failed", fix: expect.stringContaining("connections:write") });
  });
});
