import type { KnownBlock } from "@slack/types";
import { escapeText, within } from "./text.ts";

/** Text blocks. All is verbatim: what looks like a link or a name stays text. */

const SECTION = 3_000;
const CONTEXT = 2_000;

/** Bold first line, then the rest; both are escaped already. Nothing in it becomes a link by itself. */
export function mrkdwn(title: string, body: string) {
  const head = title.trim() ? `*${title}*\n` : "";
  return { type: "mrkdwn" as const, text: within(`${head}${body.trim() ? body : "–"}`, SECTION), verbatim: true };
}

export function section(content: string): KnownBlock {
  return { type: "section", text: { type: "mrkdwn", text: within(content, SECTION), verbatim: true } };
}

export function context(content: string): KnownBlock {
  return { type: "context", elements: [{ type: "mrkdwn", text: within(escapeText(content), CONTEXT) || "–", verbatim: true }] };
}
