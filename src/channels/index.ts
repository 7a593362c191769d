import type { z } from "zod";
import type { Channel } from "../core/channel.ts";
import type { CheckResult } from "../core/integration.ts";
import type { Role } from "../core/message.ts";
import type { Reply } from "../core/reply.ts";
import { readPlace, roomOf } from "./email/address.ts";
import { type EmailSettings, emailSettings } from "./email/settings.ts";
import { type SlackSettings, slackSettings } from "./slack/settings.ts";
import { type TeamsSettings, teamsSettings } from "./teams/settings.ts";

/** What channels need from the rest of the house; handed over by the composition root. */
export interface ChannelOptions {
  /** `width` in pixels; the chart's own without it. */
  renderPng(spec: Readonly<Record<string, unknown>>, size?: { width: number }): Promise<Buffer>;
  /** Keeps where a conversation can be reached again, so that a restart does not silence the bot; null when it was never kept. What is past `until` may be forgotten. */
  keepPlace(conversation: string, reference: object, until?: Date): Promise<void>;
  placeOf(conversation: string): Promise<object | null>;
  /** The server is bound to loopback. */
  loopback: boolean;
  production: boolean;
  /** What a full member of the home workspace or tenant may do. */
  rolesOf(person: { id: string; email?: string }): readonly Role[];
  timeZone: string;
  now(): Date;
  wait(ms: number): Promise<void>;
  /** What a person meets when they open the bot; the channel has words of its own without it. `user` is a `User.id`. */
  home?(user: string): Promise<Home>;
  /** What a person asked lately, newest first. `user` is a `User.id`, here and below. */
  history?(user: string, limit: number): Promise<readonly { question: string; at: Date }[]>;
  /** Deletes all a person asked and was told. */
  forget?(user: string): Promise<void>;
  /** The final reply of a turn, by `turn.id`; null when it is gone. */
  answerOf?(turn: string): Promise<Reply | null>;
  /** The answer to the message has reached its reader; without this word a restart may send it again, by `send` with the key "interrupted:ID". */
  onDelivered?(message: string): Promise<void>;
  /** The address of a one-time link that signs this person in to the console; told to them alone. Throws UserError where there is no address. */
  signIn?(person: { user: string; name: string; email?: string; timeZone?: string }): Promise<string>;
  /** Where people and platforms reach this deployment: "https://firstmate.example.com". */
  publicUrl?: string;
  /** Puts a PNG behind a signed https address that expires; undefined where there is no address to be reached at. */
  publishChart?(png: Buffer): Promise<{ url: string } | undefined>;
  /** Names of the commands, without their slash: for platforms that have none of their own. */
  commands?: readonly string[];
  onFeedback(feedback: { turn: string; user: string; verdict: "good" | "bad" }): Promise<void>;
  onFault(error: unknown): void;
  onIgnored(why: string): void;
}

/** Plain text. `suggestions` are questions that can be asked as they stand. */
export interface Home {
  title: string;
  lines: readonly string[];
  suggestions: readonly string[];
  kpis?: readonly { label: string; value: string; change?: string }[];
  /** Open ones, the most urgent first. */
  alerts?: readonly string[];
  /** The next ones, soonest first. */
  digests?: readonly string[];
  /** What the person asked lately, newest first. */
  recent?: readonly string[];
  /** What is connected, and what is missing with what to do about it. */
  setup?: readonly CheckResult[];
}

export interface CheckedChannel extends Channel {
  /** For doctor. Never throws. */
  check(): Promise<CheckResult>;
  /** The same, one by one: token, scopes, clock, address … Never throws. */
  checks?(): Promise<readonly CheckResult[]>;
}

/** A place people talk that needs settings. Its SDK is loaded by `open`, so an unconfigured channel costs nothing. */
export interface ChannelKind {
  readonly name: string;
  readonly title: string;
  readonly settings: z.ZodObject;
  readonly requires: readonly string[];
  /** Where a post stands by itself, for a conversation that may be a thread in it: the bot speaks first there. undefined for no conversation of its. */
  room(conversation: string): string | undefined;
  /** One of `requires` is enough; what is missing then is said by `open`. */
  readonly any?: true;
  /** undefined: what is set says that it is off. */
  open(settings: Readonly<Record<string, unknown>>, options: ChannelOptions): Promise<CheckedChannel | undefined>;
}

export const channelKinds: readonly ChannelKind[] = [
  {
    name: "slack",
    title: "Slack",
    settings: slackSettings,
    requires: ["SLACK_BOT_TOKEN"],
    room: (conversation) => /^slack:[^:\s]+:[^:\s]+/.exec(conversation)?.[0],
    open: async (settings, options) => (await import("./slack/index.ts")).createSlackChannel(settings as SlackSettings, options),
  },
  {
    name: "teams",
    title: "Microsoft Teams",
    settings: teamsSettings,
    requires: ["MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID", "TEAMS_ANONYMOUS"],
    any: true,
    room: (conversation) => (/^teams:\S/.test(conversation) ? conversation.replace(/;messageid=.*$/, "") : undefined),
    async open(settings, options) {
      const off = Object.entries(settings).every(
        ([name, value]) => value === undefined || (name === "TEAMS_ANONYMOUS" && value === "false"),
      );
      return off ? undefined : (await import("./teams/index.ts")).createTeamsChannel(settings as TeamsSettings, options);
    },
  },
  {
    name: "email",
    title: "E-mail",
    settings: emailSettings,
    requires: ["SMTP_URL", "MAIL_FROM", "MAIL_ALLOWED"],
    any: true,
    room(conversation) {
      const place = readPlace(conversation);
      return place && roomOf(place.address);
    },
    open: async (settings, options) => (await import("./email/index.ts")).createEmailChannel(settings as EmailSettings, options),
  },
];
