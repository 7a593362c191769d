import { createHash } from "node:crypto";
import { z } from "zod";
import type { Digest, DigestPlace } from "../core/digest.ts";
import { readEntries } from "../core/faults.ts";
import { closest } from "../core/text.ts";
import { ConfigError, UserError } from "../errors.ts";
import type { DigestSubscriptions } from "../records/digest-subscriptions.ts";
import { outsideName } from "./outside.ts";
import { readRequest } from "./request.ts";
import { parseSchedule } from "./schedule/parse.ts";

/** One entry below `digests:` in firstmate.yaml; every value is the text it is. */
const entry = z.strictObject({
  digest: z.string().min(1),
  /** With its zone: "daily at 9 in Europe/Berlin", "0 9 * * 1-5 Europe/Berlin". */
  schedule: z.string().min(1),
  channel: z.string().min(1),
  conversation: z.string().min(1),
  title: z.string().max(80).optional(),
  budget: z.coerce.number().positive().optional(),
  filter: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  scope: z.string().optional(),
  quiet: z.enum(["line", "nothing"]).default("line"),
  catch_up: z.enum(["late", "latest", "skip"]).default("latest"),
  parts: z
    .array(z.strictObject({ tool: z.string().min(1), title: z.string().optional(), input: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
});

interface FileOptions {
  digests: readonly Digest[];
  subscriptions: DigestSubscriptions;
  /** For schedules that name no zone. */
  timeZone: string;
  roomOf(place: DigestPlace): string | undefined;
  /** Why nothing can be posted in this channel, in words; undefined when it can. */
  whyOff?(channel: string): string | undefined;
  /** Of the tools that read; more may join later, so a name is only refused when it is nearly one of these. */
  toolNames?: readonly string[];
  /** What "finance@example.com" or "webhook:n8n" means. Throws UserError for what nothing may go to. */
  outsidePlace(name: string): DigestPlace;
}

/**
 * Makes the subscriptions of the file the ones of the file: new ones are added, changed ones change, and those no longer in it go.
 * The same file twice changes nothing. Throws ConfigError with every problem, and then nothing has changed.
 */
export async function reconcileFile(content: unknown, options: FileOptions): Promise<void> {
  const { subscriptions } = options;
  const problems: string[] = [];
  const wanted = readEntries("digests", entry, content, problems).flatMap(({ entry: given, where }) => {
    const { subscription, wrong } = subscriptionOf(given, options);
    problems.push(...wrong.map((problem) => `${where} ${problem}`));
    return subscription ? [subscription] : [];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  for (const subscription of wanted) await subscriptions.save(subscription);
  const kept = new Set(wanted.map(({ id }) => id));
  for (const { id, origin } of await subscriptions.list()) if (origin === "file" && !kept.has(id)) await subscriptions.remove(id);
}

/** The entry as a subscription, or everything that is wrong with it. */
function subscriptionOf(given: z.output<typeof entry>, options: FileOptions) {
  const { digests, timeZone } = options;
  const wrong: string[] = [];
  const look = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      wrong.push(error.message);
      return undefined;
    }
  };
  const digest = look(() => readRequest(`${given.digest} at 9`, digests).digest);
  const schedule = look(() => parseSchedule(given.schedule));
  const conversation = look(() => conversationOf(given, options));
  if (digest) look(() => checkParts(digest, given.parts, options));
  if (wrong.length > 0 || !digest || !schedule || conversation === undefined) return { wrong };
  const { title, budget, filter, parts } = given;
  const subscription = {
    // The same entry is the same subscription, whatever its schedule becomes.
    id: `file-${createHash("sha256")
      .update(JSON.stringify([digest.name, given.channel, conversation, title ?? ""]))
      .digest("hex")
      .slice(0, 8)}`,
    digest: digest.name,
    channel: given.channel,
    conversation,
    audience: "group" as const,
    pattern: schedule.pattern,
    schedule: schedule.words,
    timeZone: schedule.timeZone ?? timeZone,
    owner: "firstmate.yaml",
    origin: "file" as const,
    order: {
      ...(title ? { title } : {}),
      ...(budget ? { budget } : {}),
      ...(filter ? { filter } : {}),
      ...(parts
        ? {
            parts: parts.map(({ tool, title: name, input }) => ({
              tool,
              ...(name ? { title: name } : {}),
              ...(input ? { input: typed(input) } : {}),
            })),
          }
        : {}),
    },
    ...(given.scope ? { scope: given.scope } : {}),
    whenQuiet: given.quiet,
    catchUp: given.catch_up,
    except: schedule.except,
  };
  return { subscription, wrong };
}

function conversationOf(given: DigestPlace, { roomOf, whyOff, outsidePlace }: FileOptions): string {
  const outside = outsideName(given);
  if (outside !== undefined) return outsidePlace(outside).conversation;
  const off = whyOff?.(given.channel);
  if (off !== undefined) throw new UserError(`${off} Set it up (\`firstmate doctor\` says how), or take the entry out.`);
  const room = roomOf(given);
  if (room !== undefined) return room;
  throw new UserError(
    `there is no channel “${given.channel}” with a conversation “${given.conversation}” to post in; write slack and slack:TEAM:CHANNEL, teams and teams:CONVERSATION, email and an address, or webhook and its name.`,
  );
}

function checkParts(digest: Digest, parts: readonly { tool: string }[] = [], { toolNames = [] }: FileOptions): void {
  if (digest.name === "custom" && parts.length === 0) throw new UserError("a custom digest needs parts, each with a tool.");
  for (const { tool } of parts) {
    const near = toolNames.includes(tool) ? undefined : closest(tool, toolNames);
    if (near) throw new UserError(`there is no tool “${tool.slice(0, 60)}”. Did you mean ${near}?`);
  }
}

/** The file gives texts; what looks like a number is one for a tool. */
function typed(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value,
    ]),
  );
}
