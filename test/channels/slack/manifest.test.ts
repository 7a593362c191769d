import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseEvent } from "../../../src/channels/slack/parse.ts";
import { SCOPES } from "../../../src/channels/slack/scopes.ts";
import { slackManifest } from "../../../src/cli/manifest.ts";
import { tools } from "../../../src/tools/index.ts";
import { REQUIRED_SCOPES } from "../../kit/slack/scopes.ts";

/** As Slack's published schema (version 2) has it for the parts we use, and stricter: what it does not know is refused. */
const text = (max: number, min = 1) => z.string().min(min).max(max);
const address = z.string().regex(/^https:\/\/\S+\/slack\/events$/);
const command = z.strictObject({
  command: text(32, 2).regex(/^\/[a-z0-9_-]+$/),
  description: text(2_000),
  usage_hint: text(1_000).optional(),
  should_escape: z.literal(true),
});
const scopes = z
  .array(
    z
      .string()
      .regex(/^[a-z_]+:[a-z_.]+$|^commands$/)
      .max(50),
  )
  .max(255);

function schema(http: boolean) {
  return z.strictObject({
    _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.int() }),
    display_information: z.strictObject({
      name: text(35),
      description: text(140),
      background_color: z.string().regex(/^#[0-9a-f]{6}$/),
    }),
    features: z.strictObject({
      app_home: z.strictObject({
        home_tab_enabled: z.literal(true),
        messages_tab_enabled: z.literal(true),
        messages_tab_read_only_enabled: z.literal(false),
      }),
      bot_user: z.strictObject({ display_name: text(80), always_online: z.boolean() }),
      agent_view: z.strictObject({
        agent_description: text(300),
        suggested_prompts: z.array(z.strictObject({ title: text(75), message: text(2_000) })).max(4),
      }),
      slash_commands: z
        .array(http ? command.extend({ url: address }) : command)
        .min(1)
        .max(50),
    }),
    oauth_config: z.strictObject({ scopes: z.strictObject({ bot: scopes, bot_optional: scopes }) }),
    settings: z.strictObject({
      event_subscriptions: z.strictObject({ bot_events: z.array(text(50)).max(100), ...(http ? { request_url: address } : {}) }),
      interactivity: z.strictObject({ is_enabled: z.literal(true), ...(http ? { request_url: address } : {}) }),
      org_deploy_enabled: z.literal(false),
      socket_mode_enabled: z.literal(!http),
      token_rotation_enabled: z.literal(false),
    }),
  });
}

const base = JSON.parse(readFileSync(new URL("../../../manifest/slack.json", import.meta.url), "utf8")) as {
  oauth_config: { scopes: { bot: string[]; bot_optional: string[] } };
  settings: { event_subscriptions: { bot_events: string[] } };
};
const given = base.oauth_config.scopes;

describe("the manifest for Slack", () => {
  it.each([
    ["HTTP", "https://firstmate.example.com"],
    ["a socket", undefined],
  ])("is valid over %s", (_, url) => {
    const made = schema(url !== undefined).safeParse(slackManifest(tools, url));

    expect(made.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? []).toEqual([]);
  });

  it("would be refused with a mistake in it", () => {
    const made = slackManifest(tools, "https://firstmate.example.com");

    expect(schema(true).safeParse({ ...made, oops: 1 }).success).toBe(false);
    expect(schema(false).safeParse(made).success).toBe(false);
  });

  it("asks for the scopes that doctor looks for and the tests grant, each once", () => {
    expect([...given.bot].sort()).toEqual([...SCOPES.bot].sort());
    expect([...given.bot].sort()).toEqual([...REQUIRED_SCOPES].sort());
    expect([...given.bot_optional].sort()).toEqual([...SCOPES.bot_optional].sort());
    expect(new Set([...given.bot, ...given.bot_optional]).size).toBe(given.bot.length + given.bot_optional.length);
  });

  it("asks to read no channel's messages unless the owner wishes it, and for nothing that writes beside answers and pictures", () => {
    expect(given.bot.filter((scope) => /^(?:channels|groups|mpim|users|files):/.test(scope))).toEqual(["files:write"]);
    expect(given.bot_optional.filter((scope) => !/:(?:history|read|read\.email)$/.test(scope))).toEqual([]);
  });

  /** What an event needs, as its page says. */
  const EVENTS: Readonly<Record<string, string | undefined>> = {
    app_mention: "app_mentions:read",
    "message.im": "im:history",
    app_home_opened: undefined,
    app_context_changed: undefined,
    agent_session_stopped: undefined,
    app_uninstalled: undefined,
    tokens_revoked: undefined,
  };

  it("subscribes to events that its scopes allow, and to none that would be twins of a mention", () => {
    const { bot_events: events } = base.settings.event_subscriptions;

    expect(events.filter((event) => !Object.hasOwn(EVENTS, event))).toEqual([]);
    expect(events.flatMap((event) => EVENTS[event] ?? []).filter((scope) => !given.bot.includes(scope))).toEqual([]);
    expect(parseEvent({ event: { type: "message", channel: "C1", user: "U1", ts: "1.1" } }, "U9")).toMatchObject({ kind: "ignored" });
  });
});
