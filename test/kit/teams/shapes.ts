/** A JSON object as it came over the wire. */
// biome-ignore lint/suspicious/noExplicitAny: bodies are read by tests that check their shape
export type Fields = Record<string, any>;

/** One request of the bot, whatever became of it. */
export interface Sent {
  method: string;
  path: string;
  conversation: string;
  body: Fields;
  /** By the fake's clock. */
  at: Date;
  /** What was answered; absent while it hangs or when the connection was cut. */
  status?: number;
}

/** A message as it stands in a conversation. */
export interface Standing {
  id: string;
  conversation: string;
  activity: Fields;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What the world may do to the next request: before the service took it, or after. */
export type Fault =
  | "500 before"
  | "500 after"
  | "502 before"
  | "reset before"
  | "reset after"
  | "hang"
  | { status: number; body?: unknown; retryAfter?: number };

/** An answer instead of acceptance. `broken` is the rule, when the bot and not the world is to blame. */
export class Refusal extends Error {
  readonly answer: Answer;
  readonly broken: string | undefined;

  constructor(status: number, code: string, options: { message?: string; broken?: string; retryAfter?: number } = {}) {
    super(code);
    this.answer = {
      status,
      body: { error: { code, message: options.message ?? options.broken ?? code } },
      ...(options.retryAfter === undefined ? {} : { headers: { "retry-after": String(options.retryAfter) } }),
    };
    this.broken = options.broken;
  }
}

/** Refuses what a correct bot never sends. */
export function blame(rule: string, status = 400, code = "BadSyntax"): never {
  throw new Refusal(status, code, { broken: rule });
}
