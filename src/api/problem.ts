import { HttpError } from "../core/http.ts";
import { ConfigError, explainError, UserError, VendorError } from "../errors.ts";

// Not an import, for the reason given in server.ts.
const { STATUS_CODES } = process.getBuiltinModule("node:http");

/** A refusal as application/problem+json (RFC 9457), with the fields that are wrong. */
export interface Problem {
  status: number;
  headers: Record<string, string>;
  body: {
    type: "about:blank";
    title: string;
    status: number;
    detail: string;
    errors: readonly { path: string; message: string }[];
    suggestions?: readonly string[];
  };
}

/** What a caller is told of any thrown value; `known` is false for bugs, which belong in the log. */
export function toProblem(error: unknown): Problem & { known: boolean } {
  if (error instanceof HttpError) return { ...problem(error.status, error.message, error.errors), headers: error.headers, known: true };
  if (error instanceof UserError)
    return { ...problem(422, error.message, [{ path: error.path, message: error.message }], error.suggestions), known: true };
  if (error instanceof VendorError) return { ...problem(502, explainError(error)), known: true };
  return { ...problem(error instanceof ConfigError ? 503 : 500, explainError(error)), known: error instanceof ConfigError };
}

function problem(
  status: number,
  detail: string,
  errors: readonly { path: string; message: string }[] = [],
  suggestions: readonly string[] = [],
): Problem {
  return {
    status,
    headers: {},
    body: {
      type: "about:blank",
      title: STATUS_CODES[status] ?? "Error",
      status,
      detail,
      errors,
      ...(suggestions.length ? { suggestions } : {}),
    },
  };
}
