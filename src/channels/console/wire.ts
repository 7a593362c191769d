import type { Alert, AlertMember } from "../../core/alert.ts";
import type { SubscribedDigest } from "../../core/digest.ts";
import type { Receipt } from "../../core/fact.ts";
import type { CheckResult } from "../../core/integration.ts";
import type { AgentKind, Block, ToolCall, TracedFigure, Usage } from "../../core/reply.ts";
import type { ProjectBudget } from "../../core/tool.ts";

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
/** `proof` stands in what tools give: with it the picture can be asked for. */
export type WireChart = Extract<WireBlock, { type: "chart" }> & { proof?: string };
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
  figures?: readonly TracedFigure[];
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
  /** What the reader said of it. */
  verdict?: "good" | "bad" | null;
}

export interface ToolSummary {
  name: string;
  title: string;
  description: string;
  examples: readonly string[];
  command?: { name: string; hint: string };
}

/** What `POST /api/v1/tools/{name}` gives. */
export interface Finding {
  data: unknown;
  blocks: readonly WireBlock[];
  receipts: readonly WireReceipt[];
  suggestions: readonly string[];
}

/** `GET /api/v1/digests` */
export interface DigestList {
  digests: readonly { name: string; title: string; summary: string; schedule: string }[];
  subscriptions: readonly Wire<SubscribedDigest>[];
}

/** A row of the tool `alerts`. */
export type AlertRow = Pick<Wire<Alert>, "id" | "title" | "state" | "severity" | "openedAt"> & { endedAt: string | null; signs: number };

/** `GET /api/v1/alerts/preview` */
export interface AlertPreview {
  firing: readonly Pick<Wire<AlertMember>, "rule" | "series" | "title" | "since" | "figure">[];
  problems: readonly { rule: string; message: string }[];
}

/** One agent, or one day, in the tool `agent_metrics`. */
export interface AgentFigures {
  name: string;
  messages: number;
  responses: number;
  errors: number;
  averageResponseTimeMs: number | null;
  tokens: number | null;
  averageFeedback: number | null;
  mostUsersADay: number | null;
  cost: number | null;
}

export interface Spend {
  used: number;
  /** null: none is set. */
  limit: number | null;
}

/** `GET /api/v1/budgets` */
export interface BudgetStanding {
  model: Check;
  /** When the day ends. */
  until: string;
  scopes: readonly { name: string; tokens: Spend; usd: Spend }[];
}

export type Check = Pick<CheckResult, "name" | "state" | "message" | "fix">;

export interface ProjectName {
  id: string;
  name: string;
  budget?: ProjectBudget;
}

/** The budget in the data of the tool `project_metrics`. */
export interface ProjectFigures {
  budget: {
    text: string;
    data: {
      amount: number;
      currency: string;
      usedShare: number;
      /** null without a forecast; `noOutlook` says why. */
      outlook: { total: { mean: number; lo80: number; hi80: number } } | null;
      noOutlook?: string;
    };
  } | null;
  missing: readonly { part: string; reason: string }[];
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
