import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import type { Tool } from "../core/tool.ts";
import { readArguments } from "./arguments.ts";
import { type Command, WrongUse } from "./command.ts";

/** The files with which a workspace or a tenant takes the bot in, made for this deployment's own address from `manifest/` and the tools. */
export function manifest(tools: readonly Tool[], version: string): Command {
  return {
    name: "manifest",
    usage: "slack --url https://HOST [--socket] [--out FILE] | teams --url https://HOST --app-id ID [--out FILE.zip]",
    summary: "Write the app manifest for Slack or Teams",
    details: [
      "--url     where people reach this deployment (PUBLIC_URL)",
      "--socket  Slack over a socket: no address is needed",
      "--app-id  MICROSOFT_APP_ID of the bot's registration",
      "--out     file to write; Slack's is printed without it, Teams' is firstmate-teams.zip",
    ],
    async run(args, world) {
      const { values, positionals } = readArguments(args, {
        url: { type: "string" },
        socket: { type: "boolean" },
        "app-id": { type: "string" },
        out: { type: "string" },
      });
      const [platform] = positionals;
      if (platform !== "slack" && platform !== "teams") throw new WrongUse("Say slack or teams.");
      const socket = platform === "slack" && values.socket === true;
      const url = socket ? undefined : publicUrl(values.url);
      if (platform === "slack") {
        const text = `${JSON.stringify(slackManifest(tools, url), null, 2)}\n`;
        if (values.out) await writeFile(values.out, text);
        else world.out(text.trimEnd());
        world.err(
          "Create the app at https://api.slack.com/apps with “From a manifest”, then install it and copy its tokens into the settings.",
        );
        return 0;
      }
      if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(values["app-id"] ?? ""))
        throw new WrongUse("--app-id must be the application id of the bot's registration, like 00000000-0000-0000-0000-000000000000.");
      const out = values.out ?? "firstmate-teams.zip";
      await writeFile(out, await teamsPackage(tools, url ?? "", values["app-id"] ?? "", version));
      world.err(`Wrote ${out}. Upload it in the Teams admin center, or in Teams under Apps, Manage your apps, Upload an app.`);
      return 0;
    },
  };
}

function publicUrl(given: string | undefined): string {
  if (!given || !URL.canParse(given) || !given.startsWith("https://"))
    throw new WrongUse("--url must be an address like https://firstmate.example.com.");
  return new URL(given).origin;
}

type Json = Record<string, unknown>;

const SLACK_HINT = 1_000;

/** Throws RangeError for more commands than Slack takes. */
export function slackManifest(tools: readonly Tool[], url: string | undefined): Json {
  const base = readJson("slack.json") as { features: Json; settings: Json };
  const address = url === undefined ? {} : { url: `${url}/slack/events` };
  const command = (name: string, description: string, hint: string) => ({
    command: `/${name}`,
    description,
    ...(hint ? { usage_hint: hint.slice(0, SLACK_HINT) } : {}),
    should_escape: true,
    ...address,
  });
  const commands = [
    command("firstmate", "Help, or any command by name", "help | history | clear | costs | pareto …"),
    command("ask", "Ask anything", "[question]"),
    ...tools.flatMap((t) => (t.command && t.command.name !== "help" ? [command(t.command.name, t.title, t.command.hint)] : [])),
  ];
  const { event_subscriptions: events, interactivity } = base.settings as { event_subscriptions: Json; interactivity: Json };
  const reach = url === undefined ? {} : { request_url: `${url}/slack/events` };
  return {
    ...base,
    features: { ...base.features, slash_commands: commands },
    settings: {
      ...base.settings,
      event_subscriptions: { ...reach, ...events },
      interactivity: { ...interactivity, ...reach },
      socket_mode_enabled: url === undefined,
    },
  };
}

export function teamsManifest(tools: readonly Tool[], url: string, appId: string, version: string): Json {
  const base = readJson("teams.json") as { developer: Json };
  const commands = tools.flatMap((t) =>
    t.command ? [{ title: t.command.name, description: `${t.title} ${t.command.hint}`.slice(0, 128) }] : [],
  );
  const bot = {
    botId: appId,
    scopes: ["personal", "team", "groupChat"],
    supportsFiles: false,
    isNotificationOnly: false,
    commandLists: [{ scopes: ["personal", "team", "groupChat"], commands: commands.slice(0, 12) }],
  };
  return {
    ...base,
    version,
    id: appId,
    developer: { ...base.developer, websiteUrl: url, privacyUrl: url, termsOfUseUrl: url },
    bots: [bot],
    validDomains: [new URL(url).hostname],
  };
}

async function teamsPackage(tools: readonly Tool[], url: string, appId: string, version: string): Promise<Uint8Array> {
  const { zipSync } = await import("fflate");
  return zipSync({
    "manifest.json": Buffer.from(JSON.stringify(teamsManifest(tools, url, appId, version), null, 2)),
    "color.png": readSource("icons/color.png"),
    "outline.png": readSource("icons/outline.png"),
  });
}

function readJson(name: string): unknown {
  return JSON.parse(readSource(name).toString("utf8"));
}

function readSource(name: string): Buffer {
  return readFileSync(new URL(`../../manifest/${name}`, import.meta.url));
}
