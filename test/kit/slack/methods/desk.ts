import type { RateLimits } from "../rate-limits.ts";
import type { Fields, RecordedCall } from "../shapes.ts";
import type { Workspace } from "../workspace.ts";

/** What a method may touch. */
export interface Desk {
  readonly workspace: Workspace;
  readonly limits: RateLimits;
  /** Granted scopes. */
  readonly scopes: readonly string[];
  /** How many posts (or looks) of a finished upload come too early. */
  readonly fileRefusals: number;
  now(): Date;
  /** "http://127.0.0.1:port" */
  origin(): string;
  /** A fresh, single-use address of the socket server. */
  socketUrl(): string;
  /** Notes a broken rule; the call goes on. */
  complain(rule: string, call?: RecordedCall): void;
}

/** One method of the Web API. `run` returns what stands beside `ok: true`, or throws a Refusal or RateLimited. */
export interface Method {
  token: "bot" | "app";
  /** Names of arguments, space-separated. Others count as a broken rule. */
  required: string;
  optional: string;
  run(args: Fields, desk: Desk, call: RecordedCall): Fields;
}

export function method(required: string, optional: string, run: Method["run"], token: Method["token"] = "bot"): Method {
  return { token, required, optional, run };
}
