import type { KnownBlock } from "@slack/types";
import type { Home } from "../index.ts";
import type { Client } from "./client.ts";
import { suggestionButtons } from "./render-foot.ts";
import { section } from "./render-text.ts";
import { escapedWithin, within } from "./text.ts";

const MOST = { lines: 20, line: 300, title: 150, prompts: 4, prompt: 75 } as const;

/** Where there is nothing of one's own to show. */
export const PLAIN_HOME: Home = {
  title: "Ask me about your engineering figures",
  lines: ["Mention me in a channel, or write to me directly. Every figure comes with where it is from."],
  suggestions: ["What can you do?"],
};

/** The home tab. May throw what Slack answers. */
export async function publishHome(client: Client, user: string, { title, lines, suggestions }: Home): Promise<void> {
  const blocks: KnownBlock[] = [
    { type: "header", text: { type: "plain_text", text: within(title.trim() || "Home", MOST.title) } },
    ...lines
      .filter((line) => line.trim())
      .slice(0, MOST.lines)
      .map((line) => section(escapedWithin(line, MOST.line))),
    ...suggestionButtons(suggestions),
  ];
  await client.views.publish({ user_id: user, view: { type: "home", blocks } });
}

/** What to ask, above an empty direct conversation. Never for a thread: Slack would say yes and show nothing. */
export async function suggestPrompts(client: Client, channel: string, { title, suggestions }: Home): Promise<void> {
  const prompts = suggestions
    .filter((question) => question.trim())
    .slice(0, MOST.prompts)
    .map((question) => ({ title: within(question, MOST.prompt), message: question }));
  const [first, ...more] = prompts;
  if (!first) return;
  await client.assistant.threads.setSuggestedPrompts({ channel_id: channel, title: within(title, MOST.prompt), prompts: [first, ...more] });
}
