import type { Receipt } from "../../core/fact.ts";
import type { AgentKind, Block, ToolCall, Usage } from "../../core/reply.ts";

/** The contracts as the page meets them, after JSON. Types only: the page's modules name them in JSDoc. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { [Key in keyof T]: Wire<T[Key]> }
      : T;

export type WireBlock = Wire<Block>;
export type WireTable = Extract<WireBlock, { type: "table" }>;
export type WireChart = Extract<WireBlock, { type: "chart" }>;
export type WireKpis = Extract<WireBlock, { type: "kpis" }>;
export type WireProgress = Extract<WireBlock, { type: "progress" }>;
export type WireApproval = Extract<WireBlock, { type: "approval" }>;
export type WireReceipt = Wire<Receipt>;

/** The answer object of `POST /api/v1/ask` and of a stored turn. */
export interface Answer {
  conversation: string;
  turn: string;
  text: string;
  notice?: string;
  blocks: readonly WireBlock[];
  receipts: readonly WireReceipt[];
  tools: readonly Wire<ToolCall>[];
  agent: AgentKind;
  suggestions: readonly string[];
  usage?: Usage;
}

export interface ConversationSummary {
  id: string;
  title: string;
  updatedAt: string;
}

export interface StoredConversation {
  id: string;
  title: string;
  turns: readonly StoredTurn[];
}

export interface StoredTurn {
  id: string;
  question: string;
  at: string;
  state: "running" | "done" | "failed" | "interrupted";
  /** null while running, and when interrupted before there was one. */
  answer: Answer | null;
}

export interface ToolSummary {
  name: string;
  title: string;
  description: string;
  examples: readonly string[];
  command?: { name: string; hint: string };
}

/** `GET /api/v1/status`, as far as the page shows it. */
export interface HouseStatus {
  version: string;
  startedAt: string;
  dependencies: readonly { name: string; state: string; message: string; required: boolean }[];
  queues: readonly { name: string; waiting: number; oldestS: number | null }[];
  alerts: readonly { severity: string; n: number }[];
  posts: readonly { state: string; n: number }[];
  tokensToday: { used: number; limit: number };
  since: Readonly<Record<string, Readonly<Record<string, number>>>>;
  process: { residentBytes: number; eventLoopDelayP99S: number };
}

/** application/problem+json. */
export interface ProblemDocument {
  title?: string;
  detail?: string;
  status?: number;
  errors?: readonly { path: string; message: string }[];
}
