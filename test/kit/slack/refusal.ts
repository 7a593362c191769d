import type { Fields } from "./shapes.ts";

/** An `ok: false` answer. */
export class Refusal extends Error {
  readonly code: string;
  readonly extra: Fields;
  /** The rule the app broke, when the refusal is its own fault and not the world's. */
  readonly broken: string | undefined;

  constructor(code: string, options: { extra?: Fields; broken?: string } = {}) {
    super(code);
    this.code = code;
    this.extra = options.extra ?? {};
    this.broken = options.broken;
  }
}

/** Refuses for a reason an app cannot foresee: it must cope. Counts as no violation. */
export function refuse(code: string, extra: Fields = {}): never {
  throw new Refusal(code, { extra });
}

/** Refuses what a correct app never sends; `rule` goes into the list of violations. */
export function blame(code: string, rule: string, extra: Fields = {}): never {
  throw new Refusal(code, { extra, broken: rule });
}

/** The answer to HTTP 429. */
export class RateLimited extends Error {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super("ratelimited");
    this.retryAfter = retryAfter;
  }
}
