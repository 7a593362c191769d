import { VendorError } from "../../errors.ts";

const AWS_NAMES: readonly (readonly [number, RegExp])[] = [
  [429, /Throttl|TooManyRequests|LimitExceeded/],
  [401, /UnrecognizedClient|InvalidClientTokenId|ExpiredToken|InvalidAccessKeyId|SignatureDoesNotMatch|AuthFailure/],
  [403, /AccessDenied|UnauthorizedOperation|OptInRequired/],
];

export function chain(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let at = error; at instanceof Error && found.length < 8 && !found.includes(at); at = at.cause) found.push(at);
  return found;
}

/** The error of ours that an SDK or the network wrapped. */
export function vendorErrorIn(error: unknown): VendorError | undefined {
  return chain(error).find((e) => e instanceof VendorError);
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "TimeoutError");
}

/** The answer that AWS's parser could not read; undefined for other errors. */
export function unreadIn(error: Error): string | undefined {
  const { $responseBodyText } = error as { $responseBodyText?: unknown };
  if (typeof $responseBodyText === "string") return $responseBodyText;
  return error.name === "SyntaxError" && "$response" in error ? "" : undefined;
}

/** Where SDKs keep the HTTP status. AWS says 400 for much; its names are clearer. */
export function statusOf(error: Error): number | undefined {
  const named = AWS_NAMES.find(([, pattern]) => "$metadata" in error && pattern.test(error.name));
  if (named) return named[0];
  const { status, statusCode, $metadata, $response } = error as unknown as Partial<Record<string, Record<string, unknown>>>;
  return [status, statusCode, $metadata?.httpStatusCode, $response?.statusCode].find((value): value is number => typeof value === "number");
}

export function headersOf(error: Error): Headers {
  const { response, $response } = error as { response?: { headers?: unknown }; $response?: { headers?: unknown } };
  const headers = response?.headers ?? $response?.headers;
  if (headers instanceof Headers) return headers;
  if (typeof headers !== "object" || headers === null) return new Headers();
  return new Headers(Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

export function codeOf(error: unknown): string | undefined {
  const errors = chain(error).flatMap((e) => (e instanceof AggregateError ? [e, ...e.errors] : [e]));
  return errors.map((e) => (e as { code?: unknown }).code).find((code) => typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code)) as
    | string
    | undefined;
}
