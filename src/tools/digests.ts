import { z } from "zod";
import type { DigestDesk, DigestPlace, SubscribedDigest } from "../core/digest.ts";
import { formatInstant } from "../core/format.ts";
import { hasRole } from "../core/message.ts";
import type { TableBlock } from "../core/reply.ts";
import { closest, cut } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { contentOf } from "./finding.ts";

const subscription = z.object({
  id: z.string(),
  digest: z.string(),
  words: z.string(),
  channel: z.string(),
  conversation: z.string(),
  paused: z.boolean(),
  next: z.string().nullable(),
  last: z.object({ slot: z.string(), state: z.string(), error: z.string().nullable() }).nullable(),
});
const output = z.object({
  digests: z.array(z.object({ name: z.string(), title: z.string(), schedule: z.string() })),
  subscriptions: z.array(subscription),
});

const ACTIONS = ["list", "add", "pause", "resume", "run", "remove", "preview"] as const;
type Action = (typeof ACTIONS)[number];
/** What changes something, or posts, takes an analyst. */
const WRITES: readonly Action[] = ["add", "pause", "resume", "run", "remove"];

export const digests = defineTool({
  name: "digests",
  title: "Digests",
  description:
    "The reports that go out by themselves: which there are, which are subscribed in this channel, when the next one comes, and a preview of one. Use it when someone asks about digests, scheduled or daily reports, subscriptions. A person adds, pauses or removes one with the command /digest.",
  examples: [
    "Which digests are there?",
    "What digests are subscribed here?",
    "When does the next digest come?",
    "Send me a daily report",
    "show the scheduled reports",
    "subscribe this channel to the daily digest",
    "how do I stop the digest?",
    "what digests are scheduled?",
    "list my subscriptions",
    "which reports go out here?",
    "when is the next report?",
    "what do you send every morning?",
    "who gets the cost digest?",
    "which scheduled messages are there?",
    "what reports are posted here automatically?",
    "preview tomorrow's cost report",
    "what goes out to this channel every day?",
    "which mails do you send on a schedule?",
    "when do you post the health report?",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "digest", hint: "add NAME WHEN | list | pause ID | resume ID | run ID | remove ID | preview NAME" },
  input: z.strictObject({
    command: z
      .string()
      .max(600)
      .optional()
      .describe(
        'What to do: "list", "preview cost". A change is made when a person types it: "/digest add cost every weekday at 9 in Berlin".',
      ),
  }),
  output,

  async run({ command = "" }, context): Promise<Finding> {
    const desk = context.digests;
    if (!desk) throw new UserError("Digests are not available here. Ask where the bot is serving.");
    const { action, rest } = actionOf(command);
    if (action === "list") return listed(desk, context);
    if (action === "preview") return previewed(desk, rest, context);
    return changed(action, rest, desk, context);
  },
});

function actionOf(command: string): { action: Action; rest: string } {
  const [, first = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(command) ?? [];
  const word = first.toLowerCase();
  if (word === "") return { action: "list", rest: "" };
  const also: Readonly<Record<string, Action>> = {
    ls: "list",
    show: "preview",
    stop: "remove",
    delete: "remove",
    subscribe: "add",
    unsubscribe: "remove",
  };
  const action = ACTIONS.find((a) => a === word) ?? also[word];
  if (action) return { action, rest: rest.trim() };
  const near = closest(word, ACTIONS);
  throw new UserError(
    `I do not know “${cut(first, 40)}”.${near ? ` Did you mean ${near}?` : ""} Say \`/digest\` and one of ${ACTIONS.join(", ")}.`,
    { path: "command", suggestions: near ? [`/digest ${near} ${rest}`.trim()] : ["/digest list"] },
  );
}

function placeOf({ message }: ToolContext): DigestPlace | undefined {
  return message && { channel: message.channel, conversation: message.conversation };
}

async function listed(desk: DigestDesk, context: ToolContext): Promise<Finding> {
  const place = placeOf(context);
  const here = await desk.list(place);
  const kinds = await desk.kinds();
  const where = place ? "here" : "anywhere";
  const text = here.length
    ? `**${here.length} digest${here.length === 1 ? "" : "s"}** go${here.length === 1 ? "es" : ""} out ${where}.`
    : `No digest goes out ${where} yet. Add one with \`/digest add cost every weekday at 9 in Berlin\`.`;
  const kindTable: TableBlock = {
    type: "table",
    title: "Digests there are",
    columns: ["name", "what it tells", "usually"].map((label) => ({ label, type: "text" as const })),
    rows: kinds.map(({ name, summary, schedule }) => [name, summary, schedule]),
  };
  const tables = [...(here.length ? [subscriptionTable(here)] : []), kindTable];
  return {
    content: contentOf(text, tables),
    data: { digests: kinds.map(({ name, title, schedule }) => ({ name, title, schedule })), subscriptions: here.map(rowOf) },
    blocks: [{ type: "markdown", text }, ...tables],
    receipts: [],
    suggestions: [`/digest preview ${kinds[0]?.name ?? "cost"}`, "/digest add cost every weekday at 9"],
  };
}

function subscriptionTable(here: readonly SubscribedDigest[]): TableBlock {
  return {
    type: "table",
    title: "Subscribed",
    columns: ["id", "digest", "next", "last"].map((label) => ({ label, type: "text" as const })),
    rows: here.map(({ id, words, next, last, paused }) => [
      id,
      words,
      paused ? "paused" : next ? formatInstant(next) : "none within a year",
      last ? `${last.slot.split(" ")[0]?.replace("T", " ")}: ${last.state}${last.error ? ` (${cut(last.error, 80)})` : ""}` : "none yet",
    ]),
  };
}

function rowOf({ id, digest, words, channel, conversation, paused, next, last }: SubscribedDigest): z.output<typeof subscription> {
  return { id, digest, words, channel, conversation, paused, next: next?.toISOString() ?? null, last };
}

async function previewed(desk: DigestDesk, name: string, context: ToolContext): Promise<Finding> {
  const { reply, details } = await desk.preview(
    name || ((await desk.kinds())[0]?.name ?? ""),
    context.now,
    context.user.timeZone,
    context.signal,
  );
  const blocks = [...(reply.blocks ?? []), ...(details?.blocks ?? [])];
  return {
    content: contentOf(
      reply.text,
      blocks.filter((block) => block.type === "table"),
    ),
    blocks: [{ type: "markdown", text: reply.text }, ...blocks],
    receipts: reply.receipts ?? [],
    suggestions: reply.suggestions ?? [],
  };
}

async function changed(
  action: Exclude<Action, "list" | "preview">,
  rest: string,
  desk: DigestDesk,
  context: ToolContext,
): Promise<Finding> {
  const { message, user } = context;
  const place = placeOf(context);
  const asCommand = `/digest ${action} ${rest}`.trim();
  if (!message || !place) throw new UserError("Say it in the chat the digest is for: it is kept with the place.", { path: "command" });
  // Only what a person typed themselves changes anything; what a model made of their words is offered as a button.
  if (!/^\s*\/digest\b/i.test(message.text))
    throw new UserError(`That changes what goes out here. To do it, say \`${asCommand}\`.`, { path: "command", suggestions: [asCommand] });
  if (WRITES.includes(action) && !hasRole(user.roles, "analyst"))
    throw new UserError(`It takes an analyst to ${action} a digest. Ask someone who is one, or an admin to make you one.`, {
      path: "command",
    });
  if (rest === "" && action !== "add")
    throw new UserError(`Which one? \`/digest list\` shows the ids.`, { path: "command", suggestions: ["/digest list"] });
  const subscribed = await perform(
    action,
    rest,
    desk,
    { ...place, audience: context.audience, ...(context.scope ? { scope: context.scope } : {}) },
    context,
  );
  const text = `${DONE[action]}: **${subscribed.words}** (\`${subscribed.id}\`).${nextWords(action, subscribed)}`;
  return {
    content: text,
    data: { digests: [], subscriptions: [rowOf(subscribed)] },
    blocks: [{ type: "markdown", text }],
    receipts: [],
    suggestions: action === "add" ? [`/digest run ${subscribed.id}`, "/digest list"] : ["/digest list"],
  };
}

const DONE = { add: "Subscribed", pause: "Paused", resume: "Goes on", run: "Being made now", remove: "Removed" } as const;

function perform(
  action: Exclude<Action, "list" | "preview">,
  rest: string,
  desk: DigestDesk,
  place: DigestPlace & { audience: ToolContext["audience"]; scope?: string },
  { user }: ToolContext,
): Promise<SubscribedDigest> {
  if (action === "add") return desk.add(rest, place, user);
  if (action === "remove") return desk.remove(rest, place);
  if (action === "run") return desk.run(rest, place);
  return desk.pause(rest, action === "pause", place);
}

function nextWords(action: Action, { next }: SubscribedDigest): string {
  return next && (action === "add" || action === "resume") ? ` The next one comes ${formatInstant(next)}.` : "";
}
