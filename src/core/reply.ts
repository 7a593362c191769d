import type { Receipt } from "./fact.ts";

/**
 * What goes out. A handler yields several: statuses first, then text that only grows, then one with `final: true`,
 * which holds everything. Both chat platforms can extend a streamed text and never rewrite it.
 */
export interface Reply {
  /** What is being done right now, for a status line: "reading costs …". */
  status?: string;
  /** Markdown. Each later reply's text starts with the earlier one's. */
  text: string;
  blocks?: readonly Block[];
  receipts?: readonly Receipt[];
  /** What each figure in a model's words rests on. On the final reply only. */
  figures?: readonly TracedFigure[];
  /** Questions a person would ask next; each is answerable as it stands. */
  suggestions?: readonly string[];
  /** Buttons before them: pressed, `say` is said by who pressed. */
  actions?: readonly { label: string; say: string }[];
  /** It will be changed where it stands: words and blocks are one message, on every platform. */
  card?: true;
  /** The approval that is over with this reply: the card whose button was pressed becomes this one. */
  settled?: ApprovalBlock;
  /** How this answer was made, when that matters: "Answered without a language model: …". */
  notice?: string;
  final: boolean;
  /** The question was fine, and yet there is no answer: a source or we ourselves failed. On the final reply only. */
  failed?: true;
  /** On the final reply only. */
  turn?: TurnTrace;
}

/** A figure of an answer and what it rests on. */
export interface TracedFigure {
  /** As written: "$3,415.97". */
  text: string;
  /** "as it stands", "difference of $62,529.78 and $59,113.81". */
  how: string;
  /** Ids of the receipts of the results it rests on; none where the question or an earlier answer has it. */
  receipts: readonly Receipt["id"][];
}

/** What a turn did; kept with the conversation and shown over REST. */
export interface TurnTrace {
  id: string;
  conversation: string;
  agent: AgentKind;
  tools: readonly ToolCall[];
  usage?: Usage;
}

export type AgentKind = "model" | "deterministic";

export interface ToolCall {
  name: string;
  input: Readonly<Record<string, unknown>>;
}

/** Tokens of one answer as the model's vendor counted them. */
export interface Usage {
  model: string;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  modelCalls: number;
  /** Their list price in US dollars, an estimate; absent where the model's price is not known. */
  costUsd?: number;
}

export type Block = MarkdownBlock | TableBlock | ChartBlock | KpisBlock | ProgressBlock | ApprovalBlock;

export interface MarkdownBlock {
  type: "markdown";
  text: string;
}

export interface TableBlock {
  type: "table";
  title?: string;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
}

export interface Column {
  label: string;
  type: "text" | "number" | "money" | "percent" | "date";
  /** Currency code for money, unit for numbers. Percent cells hold ratios: 0.8 is 80 %. */
  unit?: string;
}

/** null is missing, and is shown as such; it is never a zero. */
export type Cell = string | number | null;

export interface ChartBlock {
  type: "chart";
  title: string;
  /** A Vega-Lite 6 specification with its data inside; made by `charts/`, never by a model. */
  spec: Readonly<Record<string, unknown>>;
  /** The finding in words, for those who cannot see the picture. */
  alt: string;
  /** Path that serves image/png; filled in by the door that stores the reply. */
  image?: string;
  /** For platforms that draw simple charts themselves. Absent where their charts would lose the point: a Pareto's line, a range. */
  plain?: PlainChart;
  /** What is drawn, as a table to take along. Absent where `plain` holds it. */
  figures?: Pick<TableBlock, "columns" | "rows">;
}

/** The figures of a simple chart, without layout. null is a gap. */
export interface PlainChart {
  kind: "bar" | "line";
  /** Currency code or unit of every value. */
  unit?: string;
  /** Names of the bars, or the buckets' names in order of time. */
  categories: readonly string[];
  series: readonly { name: string; values: readonly (number | null)[] }[];
}

export interface KpisBlock {
  type: "kpis";
  items: readonly { label: string; value: string; change?: string; tone?: "good" | "bad" | "neutral" }[];
}

export interface ProgressBlock {
  type: "progress";
  label: string;
  done: number;
  total?: number;
}

export interface ApprovalBlock {
  type: "approval";
  id: string;
  title: string;
  /** The real arguments, drawn by code: what will happen, line by line. */
  lines: readonly string[];
  expiresAt: Date;
  /** How it ended: "Approved by Ada". Then nothing can be pressed any more. */
  outcome?: string;
}
