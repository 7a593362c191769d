import type { z } from "zod";
import type { Channel } from "../core/channel.ts";
import type { CheckResult } from "../core/integration.ts";
import type { Role } from "../core/message.ts";
import { type SlackSettings, slackSettings } from "./slack/settings.ts";

/** What channels need from the rest of the house; handed over by the composition root. */
export interface ChannelOptions {
  renderPng(spec: Readonly<Record<string, unknown>>): Promise<Buffer>;
  /** What a full member of the home workspace or tenant may do. */
  rolesOf(person: { id: string; email?: string }): readonly Role[];
  timeZone: string;
  now(): Date;
  wait(ms: number): Promise<void>;
  onFeedback(feedback: { turn: string; user: string; verdict: "good" | "bad" }): Promise<void>;
  onFault(error: unknown): void;
  onIgnored(why: string): void;
}

export interface CheckedChannel extends Channel {
  /** For doctor. Never throws. */
  check(): Promise<CheckResult>;
}

/** A place people talk that needs settings. Its SDK is loaded by `open`, so an unconfigured channel costs nothing. */
export interface ChannelKind {
  readonly name: string;
  readonly title: string;
  readonly settings: z.ZodObject;
  readonly requires: readonly string[];
  open(settings: Readonly<Record<string, unknown>>, options: ChannelOptions): Promise<CheckedChannel>;
}

export const channelKinds: readonly ChannelKind[] = [
  {
    name: "slack",
    title: "Slack",
    settings: slackSettings,
    requires: ["SLACK_BOT_TOKEN"],
    open: async (settings, options) => (await import("./slack/index.ts")).createSlackChannel(settings as SlackSettings, options),
  },
];
