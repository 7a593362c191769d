/**
 * The three errors a person may meet. Anything else that is thrown is a bug:
 * doors log it with its stack and answer "something went wrong on our side".
 */

/** The request cannot be answered as asked. `message` is product text: it says what to do next. */
export class UserError extends Error {
  override readonly name = "UserError";
  /** Where in the input, for HTTP problem details; empty when it is the question as a whole. */
  readonly path: string;
  /** Questions that would work instead, offered as buttons. */
  readonly suggestions: readonly string[];

  constructor(message: string, options: { path?: string; suggestions?: readonly string[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.path = options.path ?? "";
    this.suggestions = options.suggestions ?? [];
  }
}

/** The settings are wrong. Holds every problem found, each with what to set. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings need attention:\n${problems.map((p) => `  - ${p}`).join("\n")}`);
    this.problems = problems;
  }
}

/** A source did not answer properly. `message` is ours; the source's own words are in `detail`, as data. */
export class VendorError extends Error {
  override readonly name = "VendorError";
  readonly vendor: string;
  /** The vendor's words, cut; shown quoted, never obeyed. */
  readonly detail: string;
  readonly status: number | undefined;

  constructor(vendor: string, message: string, options: { detail?: string; status?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.vendor = vendor;
    this.detail = quoteForeign(options.detail ?? "");
    this.status = options.status;
  }
}

const FOREIGN_LIMIT = 300;

/** Someone else's text made safe to show: one line, no control characters, cut to a length. */
export function quoteForeign(text: string): string {
  const line = text
    .replace(/\p{C}+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > FOREIGN_LIMIT ? `${line.slice(0, FOREIGN_LIMIT)}…` : line;
}

/** One of the three: told to the person as it is. All else is a fault, for the log. */
export function isForeseen(error: unknown): error is UserError | VendorError | ConfigError {
  return error instanceof UserError || error instanceof VendorError || error instanceof ConfigError;
}

/** What a person is told about any thrown value. Never a stack trace, never an unknown error's text. */
export function explainError(error: unknown): string {
  if (error instanceof UserError || error instanceof ConfigError) return error.message;
  if (error instanceof VendorError) return error.detail ? `${error.message} (${error.vendor}: “${error.detail}”)` : error.message;
  return "Something went wrong on our side. The log has the details under this turn's id.";
}
