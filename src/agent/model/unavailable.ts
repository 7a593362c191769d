import type { Usage } from "../../core/reply.ts";
import { ConfigError } from "../../errors.ts";

/** What there was of an answer when the model failed. */
export interface Begun {
  /** Shown to the person already: what follows goes on from it. */
  said: string;
  /** What a reader must know of it; "" for nothing. */
  notice: string;
  usage: Usage;
}

/**
 * The model gave no answer: no tool found anything, and at most a beginning was said. Whoever catches it may answer in another way.
 * `reason` is product text that completes "Answered without a language model: …" and holds no word of the vendor's.
 */
export class ModelUnavailable extends Error {
  override readonly name = "ModelUnavailable";
  readonly reason: string;
  /** For the log: status and the vendor's error type ("429 rate_limit_error"), never its message. */
  readonly detail: string;
  readonly begun: Begun | undefined;

  constructor(reason: string, detail = "", begun?: Begun) {
    super(reason);
    this.reason = reason;
    this.detail = detail;
    this.begun = begun;
  }

  /** Whether another model of the same service may well answer where this one did not. */
  get isOfThisModel(): boolean {
    return OF_THIS_MODEL.has(this.reason);
  }
}

export const REASONS = {
  unreachable: "the model's service could not be reached",
  slow: "the model's service did not answer in time",
  overloaded: "the model's service is overloaded",
  limited: "the model's service limits our requests at the moment",
  key: "the key for the model's service was refused",
  noKey: "there is no key for the model's service here",
  forbidden: "the key may not use this model",
  unpaid: "the account at the model's service has no credit",
  unknownModel: "the model's service does not know the configured model",
  tooLong: "the conversation is too long for the model",
  rejected: "the model's service did not accept the request",
  failed: "the model's service had a fault",
  cut: "the connection to the model's service broke off",
  unreadable: "the answer of the model's service could not be read",
  refused: "the model declined to answer",
  empty: "the model gave no answer",
  notSetUp: "the configured model is not set up here (doctor says what is missing)",
  unusable: "the model could not be used because of a fault on our side",
} as const;

const OF_THIS_MODEL: ReadonlySet<string> = new Set([
  REASONS.overloaded,
  REASONS.limited,
  REASONS.forbidden,
  REASONS.unknownModel,
  REASONS.tooLong,
  REASONS.failed,
  REASONS.refused,
  REASONS.empty,
  REASONS.notSetUp,
]);

const BY_STATUS: Readonly<Record<number, string>> = {
  400: REASONS.rejected,
  401: REASONS.key,
  402: REASONS.unpaid,
  403: REASONS.forbidden,
  404: REASONS.unknownModel,
  408: REASONS.slow,
  413: REASONS.tooLong,
  429: REASONS.limited,
  504: REASONS.slow,
  529: REASONS.overloaded,
};

/** Error types of the wire: an error that comes inside a stream has no status of its own. */
const BY_TYPE: Readonly<Record<string, string>> = {
  overloaded_error: REASONS.overloaded,
  rate_limit_error: REASONS.limited,
  billing_error: REASONS.unpaid,
  timeout_error: REASONS.slow,
  api_error: REASONS.failed,
};

/** What the clients of other providers say instead of Anthropic's names. Node's network errors have a code. */
const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: REASONS.unreachable,
  ENOTFOUND: REASONS.unreachable,
  EAI_AGAIN: REASONS.unreachable,
  EHOSTUNREACH: REASONS.unreachable,
  ENETUNREACH: REASONS.unreachable,
  ETIMEDOUT: REASONS.slow,
  UND_ERR_CONNECT_TIMEOUT: REASONS.slow,
  ECONNRESET: REASONS.cut,
  EPIPE: REASONS.cut,
  UND_ERR_SOCKET: REASONS.cut,
};
const NO_KEY =
  /\b(?:missing credentials|(?:api[ _-]?key|apikey)\b.*\b(?:missing|not found|required|must be)|could not load credentials|pass a valid api key)/i;

interface VendorFailure {
  name: string;
  status?: unknown;
  /** Ollama's. */
  status_code?: unknown;
  /** Of AWS's clients. */
  $metadata?: { httpStatusCode?: unknown };
  type?: unknown;
  code?: unknown;
}

/**
 * What any error of a model call means for the person. LangChain wraps errors and gives the wrapper the name of what is
 * inside, so the chain of causes is read from its innermost link.
 */
export function asUnavailable(error: unknown): ModelUnavailable {
  for (const link of causes(error)) {
    if (link instanceof ConfigError) return new ModelUnavailable(REASONS.notSetUp, link.problems.join(" "));
    const known = link instanceof ModelUnavailable ? link : readVendorFailure(link);
    if (known) return known;
  }
  return new ModelUnavailable(REASONS.unusable);
}

/** True when nothing outside can be blamed: the error is a bug and belongs in the log. */
export function isOurFault(unavailable: ModelUnavailable): boolean {
  return unavailable.reason === REASONS.unusable;
}

/** The chain of causes, innermost first. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let link = error; link instanceof Error && chain.length < 10; link = link.cause) chain.unshift(link);
  return chain;
}

function readVendorFailure(error: VendorFailure & Error): ModelUnavailable | undefined {
  const status = [error.status, error.status_code, error.$metadata?.httpStatusCode].find((one) => typeof one === "number");
  const type = typeof error.type === "string" ? error.type : "";
  const detail = [status, type.replace(/[^a-z_]/g, "")].filter(Boolean).join(" ");
  if (status !== undefined) return new ModelUnavailable(BY_STATUS[status] ?? (status >= 500 ? REASONS.failed : REASONS.rejected), detail);
  if (error.name === "APIError") return new ModelUnavailable(BY_TYPE[type] ?? REASONS.failed, detail);
  if (error.name === "APIConnectionTimeoutError") return new ModelUnavailable(REASONS.slow);
  if (error.name === "APIConnectionError") return new ModelUnavailable(REASONS.unreachable);
  const byCode = typeof error.code === "string" ? BY_CODE[error.code] : undefined;
  if (byCode) return new ModelUnavailable(byCode, String(error.code));
  if (error.name === "CredentialsProviderError" || NO_KEY.test(error.message)) return new ModelUnavailable(REASONS.noKey);
  if (error instanceof SyntaxError) return new ModelUnavailable(REASONS.unreadable);
  // undici's word for a body that broke off; it arrives as a bare TypeError.
  if (error instanceof TypeError && error.message === "terminated") return new ModelUnavailable(REASONS.cut);
  return undefined;
}
