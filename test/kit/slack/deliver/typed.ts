import { IDS } from "../sample.ts";
import type { Workspace } from "../workspace.ts";

/** What a person types, as Slack puts it on the wire: entities escaped, known names and links in angle brackets. */
export function encodeTyped(typed: string, workspace: Workspace, options: { labels?: boolean } = {}): string {
  const escaped = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped
    .replace(/(?<!\w)@([\w.-]+)/g, (whole, name: string) => {
      const person = [...workspace.people.values()].find((p) => p.name === name);
      return person ? `<@${person.id}${options.labels ? `|${name}` : ""}>` : whole;
    })
    .replace(/(?<!\w)#([\w-]+)/g, (whole, name: string) => {
      const room = [...workspace.rooms.values()].find((r) => r.name === name && name !== "");
      return room ? `<#${room.id}|${room.kind === "private" ? "" : name}>` : whole;
    })
    .replace(/https?:\/\/[^\s|]+/g, (url) => `<${url}>`);
}

/** The rich text that goes with a message; only as rich as an app may rely on. */
export function richText(wire: string): readonly Record<string, unknown>[] {
  const elements = wire
    .split(/(<@[A-Z0-9]+>)/)
    .filter(Boolean)
    .map((part) => {
      const user = /^<@([A-Z0-9]+)>$/.exec(part)?.[1];
      return user ? { type: "user", user_id: user } : { type: "text", text: part };
    });
  return [{ type: "rich_text", block_id: "rt1", elements: [{ type: "rich_text_section", elements }] }];
}

export const MENTION = `<@${IDS.bot}>`;
