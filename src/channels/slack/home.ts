import type { KnownBlock } from "@slack/types";
import type { CheckResult } from "../../core/integration.ts";
import type { Home } from "../index.ts";
import type { Client } from "./client.ts";
import { kpiField } from "./render-blocks.ts";
import { suggestionButtons } from "./render-foot.ts";
import { section } from "./render-text.ts";
import { escapedWithin, escapeText, within } from "./text.ts";

/** A home tab takes 100 blocks; these come to no more than 60. */
const MOST = { lines: 20, line: 300, title: 150, prompts: 4, prompt: 75, kpis: 10, field: 200, listed: 10, checks: 15 } as const;

/** Where there is nothing of one's own to show. */
export const PLAIN_HOME: Home = {
  title: "Ask me about your engineering figures",
  lines: ["Mention me in a channel, or write to me directly. Every figure comes with where it is from."],
  suggestions: ["What can you do?"],
};

/** The home tab. May throw what Slack answers. */
export async function publishHome(client: Client, user: string, home: Home): Promise<void> {
  await client.views.publish({ user_id: user, view: { type: "home", blocks: renderHome(home) } });
}

/** What is urgent first, what is to be set up last. A part that is not given is not there; one that is empty says so. */
export function renderHome({ title, lines, suggestions, kpis, alerts, digests, recent, setup }: Home): KnownBlock[] {
  return [
    { type: "header", text: { type: "plain_text", text: within(title.trim() || "Home", MOST.title) } },
    ...lines
      .filter((line) => line.trim())
      .slice(0, MOST.lines)
      .map((line) => section(escapedWithin(line, MOST.line))),
    ...kpiRow(kpis ?? []),
    ...list("Open alerts", alerts, "Nothing is open."),
    ...list("Next digests", digests, "None is planned."),
    ...suggested(suggestions),
    ...list("You asked lately", recent, "Nothing yet."),
    ...checkList(setup),
  ];
}

function kpiRow(kpis: NonNullable<Home["kpis"]>): KnownBlock[] {
  const fields = kpis.slice(0, MOST.kpis).map(kpiField);
  return fields.length ? [{ type: "divider" }, { type: "section", fields }] : [];
}

function list(title: string, items: readonly string[] | undefined, empty: string): KnownBlock[] {
  if (!items) return [];
  const shown = items.filter((item) => item.trim()).slice(0, MOST.listed);
  const more = items.length - shown.length;
  const lines = [
    ...(shown.length ? shown.map((item) => `• ${escapedWithin(item, MOST.field)}`) : [empty]),
    ...(more > 0 && shown.length ? [`and ${more} more`] : []),
  ];
  return [{ type: "divider" }, section(`*${title}*\n${lines.join("\n")}`)];
}

function suggested(questions: readonly string[]): KnownBlock[] {
  const buttons = suggestionButtons(questions);
  return buttons.length ? [{ type: "divider" }, section("*Ask me*"), ...buttons] : [];
}

const SIGNS = { ok: "Connected", warning: "Look at this", failed: "Not working", off: "Off" } as const;
const ORDER = ["failed", "warning", "ok", "off"] as const;

function checkList(checks: readonly CheckResult[] | undefined): KnownBlock[] {
  if (!checks || checks.length === 0) return [];
  const shown = checks.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)).slice(0, MOST.checks);
  const more = checks.length - shown.length;
  return [
    { type: "divider" },
    section("*Setup*"),
    ...shown.map(({ name, state, message, fix }) =>
      section(
        [
          `*${escapedWithin(name, MOST.field)}* · ${SIGNS[state]}`,
          escapedWithin(message, MOST.line),
          ...(fix && state !== "ok" ? [`To do: ${escapedWithin(fix, MOST.line)}`] : []),
        ].join("\n"),
      ),
    ),
    ...(more > 0 ? [section(escapeText(`and ${more} more in doctor`))] : []),
  ];
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
