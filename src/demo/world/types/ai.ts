import type { CivilDate } from "../../../core/fact.ts";
import type { Instant } from "./common.ts";

export interface AiModel {
  name: string;
  /** USD per million tokens. */
  price: { input: number; output: number; cacheRead: number; cacheWrite: number };
}

export interface AiWorkspace {
  id: string;
  name: string;
  createdAt: Instant;
}

export interface AiKey {
  id: string;
  name: string;
  workspace: string;
  /** The end of the key as an overview shows it. */
  hint: string;
  status: "active" | "inactive";
  createdAt: Instant;
  createdBy: string;
  service: string | null;
}

export interface AiUsage {
  day: CivilDate;
  workspace: string;
  key: string;
  model: string;
  tier: "standard" | "batch";
  requests: number;
  /** Not read from a cache. */
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  webSearches: number;
  /** USD. */
  cost: number;
}

/** One person's day with the coding assistant. */
export interface CodingDay {
  day: CivilDate;
  login: string;
  email: string;
  terminal: string;
  sessions: number;
  linesAdded: number;
  linesRemoved: number;
  commits: number;
  pulls: number;
  edit: { accepted: number; rejected: number };
  write: { accepted: number; rejected: number };
  models: readonly {
    model: string;
    inputTokens: number;
    outputTokens: number;
    cacheReadTokens: number;
    cacheWriteTokens: number;
    cost: number;
  }[];
}

/** The organisation's day with completions in the editor. */
export interface CompletionDay {
  day: CivilDate;
  active: number;
  engaged: number;
  byLanguage: readonly {
    language: string;
    editor: string;
    users: number;
    suggestions: number;
    acceptances: number;
    linesSuggested: number;
    linesAccepted: number;
  }[];
  chats: { users: number; messages: number };
  pullSummaries: number;
}

export interface CompletionSeat {
  login: string;
  createdAt: Instant;
  lastActivityAt: Instant | null;
  editor: string | null;
}
