/** One thing an agent reported, checked and priced. What it did not say is absent, never zero. */
export interface AgentEvent {
  /** Unique per agent: the same event sent again changes nothing. */
  id: string;
  at: Date;
  /** "message": someone spoke to the agent. "response": it answered. "error": it failed. Others are kept and counted as events. */
  type: string;
  model?: string;
  /** Who used the agent; only counted, never shown. */
  userId?: string;
  /** Milliseconds from the request to its answer. */
  responseTimeMs?: number;
  /** All tokens of the call; at least input and output where these are given. */
  tokens?: number;
  /** Of these, tokens that went in, those read from and written to a cache among them. */
  inputTokens?: number;
  outputTokens?: number;
  /** Of the tokens that went in. */
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  /** US dollars, as the sender knows them; else it is worked out from list prices. */
  cost?: number;
  /** On the sender's own scale; the larger the better. */
  feedback?: number;
  error?: string;
  /** A prompt or an answer. */
  content?: string;
  /** All that has no place above. */
  metadata?: Readonly<Record<string, unknown>>;
}

/** The agent whose events are the answers of Firstmate itself. Nobody else may send them. */
export const OWN_AGENT = "firstmate";
