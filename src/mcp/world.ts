import type { User } from "../core/message.ts";
import type { Tool, ToolContext } from "../core/tool.ts";
import type { IssuedTokens } from "../identity/issued-token.ts";
import type { RateLimit } from "../identity/rate-limit.ts";

/** What the MCP server works with; handed over by the composition root. */
export interface McpWorld {
  tools: readonly Tool[];
  /** What a tool run outside a conversation may use. */
  toolContext(user: User, signal: AbortSignal): ToolContext;
  /** Ways of working, given as prompts. Read anew for each request: a skill may be added while we run. */
  skills(): Promise<readonly Skill[]>;
  /** Further things to read besides our own: projects. */
  resources?: readonly McpResource[];
  renderPng(spec: Readonly<Record<string, unknown>>): Promise<Buffer>;
  version: string;
  now(): Date;
  /** Longest time one call may take, in milliseconds. */
  callMs: number;
  /** Each call as it ended, for the log and the audit; the answer waits for it. Never rejects. */
  onCall(call: McpCall): Promise<void>;
  onFault(error: unknown): void;
}

/** What the HTTP door needs besides. */
export interface McpDoor extends McpWorld {
  rateLimit: RateLimit;
  newId(): string;
  /** The address the server is bound to. */
  host: string;
  publicUrl: string | undefined;
  /** Tokens of the company's issuer for this server; absent without one. */
  issued?: IssuedTokens | undefined;
}

export interface Skill {
  name: string;
  description: string;
  /** Markdown: the way of working. */
  body: string;
}

export interface McpCall {
  kind: "tool" | "resource" | "prompt";
  name: string;
  user: string;
  /** What it was called with, as it came. */
  input: unknown;
  outcome: "ok" | "refused" | "failed" | "cancelled";
  ms: number;
}

/** One thing to read by its address. Its answer is JSON. */
export interface McpResource {
  /** The part of the address after "firstmate://": "churn_signals". */
  name: string;
  title: string;
  description: string;
  /** Parameters of the address, all optional: "firstmate://churn_signals?risk_threshold=0.5". */
  parameters: readonly ResourceParameter[];
  /** False where nothing is connected that it could be worked out from: then it is not listed. */
  isThere(context: ToolContext): boolean;
  /** Throws UserError for parameters it cannot use and for too little data, VendorError when a source fails. */
  read(parameters: Readonly<Record<string, string>>, context: ToolContext): Promise<unknown>;
}

export interface ResourceParameter {
  name: string;
  description: string;
}
