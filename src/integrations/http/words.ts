import { cut, plainWords } from "../../core/text.ts";
import { quoteForeign, UserError, VendorError } from "../../errors.ts";
import { createRedactor } from "../../telemetry/redact.ts";
import { isRateLimit, retryAfterMs } from "./retry-after.ts";
import { formsOf, messageIn, placeOf, plain, valueAt, wordsOf } from "./said.ts";
import { chain, codeOf, headersOf, isAbort, statusOf, unreadIn } from "./sdk-errors.ts";

/** What is said when a vendor fails: our words with what to do, theirs beside it as data. */
export interface Words {
  /** For an answer whose status is not 2xx; reads its body. */
  refusal(response: Response): Promise<VendorError>;
  /** For whatever a client threw. UserError, VendorError and aborts stay what they are. */
  explain(cause: unknown): unknown;
  /** For a request that got no answer. */
  unreachable(cause: unknown): VendorError;
  timeout(ms: number): VendorError;
  paused(ms: number): VendorError;
  broken(): VendorError;
  tooLarge(bytes: number): VendorError;
  redirect(where: string): VendorError;
  unreadable(text: string): VendorError;
  /** `value` is what stood at the first issue's place. */
  drift(issues: readonly Issue[], value: unknown): VendorError;
  /** `errors` as they stand in the answer. */
  graphql(errors: readonly unknown[]): VendorError;
  /** Values to keep out of every message from now on: the credentials as they are sent. */
  hide(headers: Headers): void;
}

/** What zod found, as far as it is told. */
export interface Issue {
  path: readonly PropertyKey[];
  message: string;
}

export interface WordsOptions {
  vendor: string;
  credentials?: string;
  address?: string;
  permissions?: string;
  context: { now(): Date };
}

const DETAIL_LIMIT = 200;
const SECRETS_KEPT = 40;
const SECRET_HEADER = /authorization|cookie|token|key|secret|password/i;
export function createWords(options: WordsOptions): Words {
  const { vendor, address } = options;
  const credentials = options.credentials ?? "the credentials";
  const checkAddress = address ? ` Check ${address} and the network.` : " Check the network.";
  // Signed headers differ with every request: only the latest are kept.
  const secrets = new Set<string>();

  function fail(message: string, detail = "", status?: number, cause?: unknown): VendorError {
    const words = cut(plainWords(quoteForeign(createRedactor([...secrets])(plain(detail)))), DETAIL_LIMIT);
    return new VendorError(vendor, message, { detail: words, ...(status === undefined ? {} : { status }), cause });
  }

  function byStatus(status: number, headers: Headers, body: string): VendorError {
    const detail = wordsOf(body);
    if (isRateLimit(status, headers)) {
      const ms = retryAfterMs(headers, options.context.now());
      return fail(`${vendor} limits how often it may be asked. Try again ${ms === undefined ? "later" : `in ${span(ms)}`}.`, detail, 429);
    }
    return fail(messageFor(status), detail, status);
  }

  function messageFor(status: number): string {
    const { permissions } = options;
    if (status === 401) return `${vendor} did not accept the credentials. Check ${credentials}.`;
    if (status === 403)
      return `${vendor} does not allow this. Check what ${credentials} may do${permissions ? `: it needs ${permissions}` : ""}.`;
    if (status === 404) return `${vendor} does not have this, or ${credentials} may not see it.`;
    if (status >= 500) return `${vendor} failed (${status}). Try again in a few minutes; if it stays, look at its status page.`;
    if (status >= 400) return `${vendor} did not accept the request (${status}).`;
    return `${vendor} answered with status ${status}, which is no answer.${checkAddress}`;
  }

  function drift(issues: readonly Issue[], value: unknown): VendorError {
    const [first] = issues;
    const where = cut(plain(quoteForeign(placeOf(first?.path ?? []))), 100) || "the top";
    const found = JSON.stringify(valueAt(value, first?.path ?? [])) ?? "nothing";
    const problem = quoteForeign(first?.message ?? "").replace(/^Invalid input: /, "");
    return fail(`${vendor} answered in an unexpected shape at ${where} (${cut(problem, 100)}). It may have changed its API.`, found);
  }

  function unreadable(text: string): VendorError {
    const what = /^\s*<(?:!doctype|html)/i.test(text) ? "a web page instead of data" : "something that cannot be read";
    return fail(`${vendor} answered with ${what}.${checkAddress}`, wordsOf(text));
  }

  function unreachable(cause: unknown): VendorError {
    const code = codeOf(cause);
    return fail(`${vendor} could not be reached${code ? ` (${code})` : ""}.${checkAddress}`, "", undefined, code);
  }

  function graphql(errors: readonly unknown[]): VendorError {
    const said = errors.map((error) => messageIn(error) ?? "").join("; ");
    return fail(`${vendor} did not answer the query. Check what ${credentials} may do.`, said);
  }

  return {
    refusal: async (response) => byStatus(response.status, response.headers, await response.text()),
    explain(cause) {
      const known = chain(cause).find((error) => error instanceof VendorError || error instanceof UserError || isAbort(error));
      if (known) return known;
      if (!(cause instanceof Error)) return cause;
      const { issues, errors } = cause as { issues?: unknown; errors?: unknown };
      if (cause.name === "ZodError" && Array.isArray(issues)) return drift(issues as Issue[], undefined);
      const status = statusOf(cause);
      const text = unreadIn(cause);
      if (status !== undefined && (status < 200 || status > 299)) return byStatus(status, headersOf(cause), text ?? cause.message);
      if (text !== undefined) return unreadable(text);
      if (cause.name === "GraphqlResponseError" && Array.isArray(errors)) return graphql(errors);
      return codeOf(cause) ? unreachable(cause) : cause;
    },
    unreachable,
    timeout: (ms) => fail(`${vendor} did not answer within ${span(ms)}. Try again, or ask for a shorter period.`),
    paused: (ms) => fail(`${vendor} asked us to wait ${span(ms)} before the next request. Try again then.`, "", 429),
    broken: () => fail(`${vendor} failed several times in a row, so it is left alone for a moment. Try again in a minute.`),
    tooLarge: (bytes) =>
      fail(`${vendor} answered with more than ${Math.round(bytes / 1e5) / 10} MB. Ask for a shorter period or fewer things.`),
    redirect: (where) => fail(`${vendor} pointed us to an address that may not be asked.${checkAddress}`, where),
    unreadable,
    drift,
    graphql,
    hide(headers) {
      const sent = [...headers].filter(([name]) => SECRET_HEADER.test(name)).flatMap(([, value]) => formsOf(value));
      for (const secret of sent) {
        secrets.delete(secret);
        secrets.add(secret);
      }
      for (const secret of secrets) if (secrets.size > SECRETS_KEPT) secrets.delete(secret);
    },
  };
}

/** "45 s", "18 min", "3 h 5 min", "2 days": a length of time for a sentence. Rounds up to whole seconds. */
export function span(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}
