import type { z } from "zod";
import type { AlertDesk } from "./alert.ts";
import type { DigestDesk, DigestPlace } from "./digest.ts";
import type { Fact, Receipt } from "./fact.ts";
import type { Feed, FeedKind } from "./feed.ts";
import type { CheckResult } from "./integration.ts";
import type { Knowledge, SkillShelf } from "./knowledge.ts";
import type { Audience, Message, Role, User } from "./message.ts";
import type { Block } from "./reply.ts";

/**
 * One definition, every door: the agent's tool, a command, a REST endpoint, a line on the command line,
 * the examples the deterministic agent matches, and the reference docs all come from this.
 */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  /** snake_case, a verb or noun phrase. */
  readonly name: string;
  readonly title: string;
  /** When to use it, then what it gives. Product text; at most 600 characters. */
  readonly description: string;
  /** Questions people ask that this tool answers. The deterministic agent learns from them. */
  readonly examples: readonly string[];
  /** The kinds of feed it answers from, one of which is enough; absent when any will do or none is read. */
  readonly reads?: FeedKind | readonly FeedKind[];
  /** A write waits for a person's approval; a read never asks. */
  readonly effect: "read" | "write";
  /** Of a write: when run it only proposes, and a person approves elsewhere. Agents are offered no other writes. */
  readonly proposes?: true;
  /** Asked for so often that a model always has it at hand; others it finds when it needs them. */
  readonly always?: true;
  /** The least role that may run it. */
  readonly role: Role;
  /** Every field described. The shared field names (`period`, `by`, `top` …) are filled by the deterministic agent. */
  readonly input: Input;
  /** Shape of `Finding.data`, when code may rely on it. */
  readonly output?: z.ZodType;
  /** `/costs` for get_costs; `hint` shows the arguments. */
  readonly command?: { name: string; hint: string };
  /**
   * Of a write: what exactly it will do, for the card a person approves. Looks at what is there and changes nothing. Throws as `run`.
   * Without one the card lists the arguments as they are.
   */
  preview?(input: z.output<Input>, context: ToolContext): Promise<Preview>;
  /**
   * Of a write: the arguments in a person's own words, a command or a plain sentence. undefined when the words ask for something else.
   * `previous` is the answer before them. Throws UserError that says how to write it when a part is missing.
   */
  fromWords?(words: string, previous?: string): Record<string, unknown> | undefined;
  /**
   * Of a tool that takes any question as `query`: whether its finding is an answer. Such a tool is tried when no other fits, and counts
   * only then.
   */
  answersRest?(finding: Finding): boolean;
  /** Throws UserError when the request cannot be met, VendorError when a source fails. Honours `context.signal`. */
  run(input: z.output<Input>, context: ToolContext): Promise<Finding>;
}

/** What a write will do, in words made by code. */
export interface Preview {
  /** "Create an issue in ATL". */
  title: string;
  /** One thing a line: "Summary: Login fails". */
  lines: readonly string[];
  /** Arguments that were left open and are fixed by what the lines say: what runs later is what was shown. */
  settled?: Readonly<Record<string, unknown>>;
}

/** What tools may reach, the same for every turn. */
export interface Sources {
  feeds: readonly Feed[];
  /** Sources that are not connected, and what turns them on. */
  absent?: readonly AbsentSource[];
  /** Looks at every part that may fail. Never throws. */
  checks?(signal: AbortSignal): Promise<readonly CheckResult[]>;
  /** Where and when digests go out. */
  digests?: DigestDesk;
  /** What fires, and what people said of it. */
  alerts?: AlertDesk;
  /** The projects on record that this user may see, archived ones left out. */
  projects?(user: User): Promise<readonly ProjectCard[]>;
  /** Changes to our own records and posts to other places; for tools that write. */
  desk?: WriteDesk;
  /** What documents say. */
  knowledge?: Knowledge;
  /** Ways of working that were written down. */
  skills?: SkillShelf;
}

/** What our own write tools do once a person has approved. */
export interface WriteDesk {
  /** Throws UserError when there is no such project for the user, or it refuses the change. */
  setBudget(project: string, budget: ProjectBudget | null, user: User): Promise<void>;
  /** What the user asked last, newest first. */
  questions(user: User, limit: number): Promise<readonly { question: string; at: Date }[]>;
  /** Throws UserError where the user has no name of their own that could be forgotten. */
  checkForget(user: User): void;
  /** Deletes all that the person, a `User.id`, asked and was told. Throws like `checkForget` for `by`. */
  forget(person: string, by: User): Promise<void>;
  /** Puts one on record. Throws UserError when its name is taken or a field does not fit. */
  createProject(fields: Readonly<Record<string, unknown>>, user: User): Promise<void>;
  /** Binds the place to the project, or to none. Throws UserError when there is no such project. */
  bind(place: string, project: string | null, user: User): Promise<void>;
  /** The projects in the archive that the user may see. */
  archivedProjects(user: User): Promise<readonly ProjectCard[]>;
  /** Archives or restores. Throws UserError when there is no such project for the user, or its name is taken meanwhile. */
  setArchived(project: string, archived: boolean, user: User): Promise<void>;
  /** The conversation that a name ("#finops") means beside the given one. Throws UserError when the bot sees none. */
  findPlace(name: string, beside: DigestPlace): Promise<string>;
  /**
   * Hands the words to the outbox, which posts them once. `key` makes it safe to repeat. "waiting": it was not taken within a few seconds
   * and goes out when it is. Throws VendorError when the place refused it, or it is not known whether it arrived.
   */
  post(place: DigestPlace, text: string, key: string): Promise<"sent" | "waiting">;
}

export interface ProjectBudget {
  amount: number;
  /** ISO 4217. */
  currency: string;
  period: "month" | "quarter" | "year";
}

/** A project as it is kept; `fields` are those of `records/projects.ts`. */
export interface ProjectCard {
  id: string;
  fields: Readonly<Record<string, unknown>>;
}

/** A source whose settings are not there. */
export interface AbsentSource {
  title: string;
  /** Variables to set. */
  requires: readonly string[];
  /** What it would know, in people's words: "pull requests". */
  topics: readonly string[];
  /** Kinds of feeds it would give. */
  kinds: readonly FeedKind[];
}

/** What a turn may use, fixed by the door before anything runs. */
export interface ToolContext extends Sources {
  user: User;
  audience: Audience;
  scope?: string;
  now: Date;
  signal: AbortSignal;
  /** What the person wrote, word for word; absent where a tool runs outside a conversation: REST, MCP, the command line, digests. */
  message?: Pick<Message, "channel" | "conversation" | "text">;
  /** The approval a write runs under: names the deed for good, so that it can be made safe to repeat. */
  approval?: string;
  /** All tools this user may run; `help` speaks of them. */
  tools: readonly Tool[];
}

export interface Finding {
  /** For the model: compact markdown with the figures, no markup of any channel. */
  content: string;
  /** For code over REST, MCP and the command line. Matches the tool's `output`. */
  data?: unknown;
  /** For the person. The first is markdown: the answer in words. */
  blocks: readonly Block[];
  facts?: readonly Fact[];
  receipts: readonly Receipt[];
  /** Questions a person would ask next. */
  suggestions?: readonly string[];
}

/** Identity, for the inference of `input` in `run`. A missing `effect` or `role` does not compile. */
export function defineTool<Input extends z.ZodObject>(tool: Tool<Input>): Tool<Input> {
  return tool;
}

/** Whether the tool has something to answer from: without a feed of its kinds it is as absent as an integration without settings. */
export function hasItsFeeds({ reads }: Pick<Tool, "reads">, feeds: readonly Pick<Feed, "kind">[]): boolean {
  return reads === undefined || feeds.some(({ kind }) => readsKind({ reads }, kind));
}

export function readsKind({ reads }: Pick<Tool, "reads">, kind: FeedKind): boolean {
  return reads !== undefined && (typeof reads === "string" ? reads === kind : reads.includes(kind));
}
