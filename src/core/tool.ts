import type { z } from "zod";
import type { Fact, Receipt } from "./fact.ts";
import type { Feed, FeedKind } from "./feed.ts";
import type { Audience, Role, User } from "./message.ts";
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
  /** The kind of feed it answers from; absent when any will do or none is read. */
  readonly reads?: FeedKind;
  /** A write waits for a person's approval; a read never asks. */
  readonly effect: "read" | "write";
  /** The least role that may run it. */
  readonly role: Role;
  /** Every field described. The shared field names (`period`, `by`, `top` …) are filled by the deterministic agent. */
  readonly input: Input;
  /** Shape of `Finding.data`, when code may rely on it. */
  readonly output?: z.ZodType;
  /** `/costs` for get_costs; `hint` shows the arguments. */
  readonly command?: { name: string; hint: string };
  /** Throws UserError when the request cannot be met, VendorError when a source fails. Honours `context.signal`. */
  run(input: z.output<Input>, context: ToolContext): Promise<Finding>;
}

/** What a turn may use, fixed by the door before anything runs. */
export interface ToolContext {
  user: User;
  audience: Audience;
  scope?: string;
  now: Date;
  signal: AbortSignal;
  feeds: readonly Feed[];
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
