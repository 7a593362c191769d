import type { Reply } from "../../core/reply.ts";
import type { Home } from "../index.ts";
import { escapeText } from "./text.ts";

const WELCOME: Home = {
  title: "Ask me about your engineering figures.",
  lines: ["Every figure comes with where it is from. Write “help” to see what I can do."],
  suggestions: ["What can you do?"],
};
const IN_A_GROUP = "Mention me with a question, and I answer here, for everyone to read.";

/** What the bot says where it was just put. A person's own page is for a personal chat only. */
export function welcome(home: Home | undefined, personal: boolean): Reply {
  const { title, lines, suggestions } = personal && home ? home : WELCOME;
  const words = [`**${escapeText(title)}**`, ...lines.map(escapeText), ...(personal ? [] : [IN_A_GROUP])];
  return { text: words.join("\n\n"), suggestions, final: true };
}
