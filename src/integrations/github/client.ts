import type { z } from "zod";
import type { ConnectContext } from "../../core/integration.ts";
import { VendorError } from "../../errors.ts";
import { createVendorHttp, type VendorHttp } from "../http.ts";

export interface GithubSettings {
  GITHUB_TOKEN: string;
  GITHUB_ORG: string;
  GITHUB_API_URL: string;
}

/** GitHub's two APIs, behind one door. Every call throws VendorError, or the signal's reason. */
export interface GithubClient {
  readonly org: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** The authorization and what REST wants to be told. */
  readonly headers: Readonly<Record<string, string>>;
  readonly http: VendorHttp;
  now(): Date;
  /** A query document with its variables; `schema` is that of `data`. */
  graphql<T>(
    document: GraphqlDocument,
    variables: Readonly<Record<string, unknown>>,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T>;
}

export interface GraphqlDocument {
  /** For the metrics: "search pull requests". */
  operation: string;
  text: string;
}

/** Where the signed links of Copilot's reports lead. They carry their own proof; the token is never sent there. */
const REPORT_HOSTS = ["copilot-reports.github.com", ".b01.azurefd.net", ".blob.core.windows.net"];
const PERMISSIONS = "repo and read:org, or the fine-grained permissions that its description names";
/** Searches over many repositories are slow there, and GitHub itself gives up after ten seconds. */
const TIMEOUT_MS = 12_000;

export function createClient({ GITHUB_TOKEN, GITHUB_ORG, GITHUB_API_URL }: GithubSettings, context: ConnectContext): GithubClient {
  const baseUrl = GITHUB_API_URL.replace(/\/+$/, "");
  const authorization = `Bearer ${GITHUB_TOKEN}`;
  const headers = { authorization, accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
  const http = createVendorHttp({
    vendor: "GitHub",
    baseUrl,
    context,
    credentials: "GITHUB_TOKEN",
    address: "GITHUB_API_URL",
    permissions: PERMISSIONS,
    headers,
    hosts: REPORT_HOSTS,
    safePost: true,
    timeoutMs: TIMEOUT_MS,
  });

  return {
    org: GITHUB_ORG,
    apiUrl: baseUrl,
    headers,
    http,
    now: context.now,
    async graphql({ operation, text }, variables, schema, signal) {
      const { graphql } = await import("@octokit/graphql");
      const fetch = (url: string, init: RequestInit) => http.fetch(url, { ...init, safe: true, operation });
      try {
        const data: unknown = await graphql(text, {
          ...variables,
          baseUrl,
          headers: { authorization },
          request: { fetch, signal, log: SILENT },
        });
        return http.parse(data, schema);
      } catch (cause) {
        signal.throwIfAborted();
        throw inWords(cause, GITHUB_ORG, context.now()) ?? http.explain(cause);
      }
    },
  };
}

/** Octokit would write deprecations to the console. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** GraphQL refuses with status 200 and a type; without its own words here, every refusal would sound like a missing right. */
function inWords(cause: unknown, org: string, now: Date): VendorError | undefined {
  if (!(cause instanceof Error) || cause.name !== "GraphqlResponseError") return undefined;
  const { errors, headers } = cause as Error & { errors?: unknown; headers?: Readonly<Record<string, unknown>> };
  const said = (Array.isArray(errors) ? errors : []) as { type?: unknown; message?: unknown }[];
  const detail = said.map(({ message }) => (typeof message === "string" ? message : "")).join("; ");
  const types = new Set(said.map(({ type }) => type));
  if (types.has("RATE_LIMITED")) {
    const reset = Number(headers?.["x-ratelimit-reset"]) * 1_000;
    const minutes = Math.max(1, Math.ceil((reset - now.getTime()) / 60_000));
    const when = Number.isFinite(minutes) && minutes <= 60 ? `in ${minutes} min` : "in an hour";
    return new VendorError("GitHub", `GitHub limits how much may be asked in an hour. Try again ${when}.`, { detail, status: 429 });
  }
  if (types.has("INSUFFICIENT_SCOPES") || types.has("FORBIDDEN"))
    return new VendorError("GitHub", `GitHub does not allow this. Check what GITHUB_TOKEN may do: it needs ${PERMISSIONS}.`, {
      detail,
      status: 403,
    });
  if (types.has("NOT_FOUND"))
    return new VendorError("GitHub", `GitHub has no “${org}” that GITHUB_TOKEN may see. Check GITHUB_ORG and GITHUB_TOKEN.`, {
      detail,
      status: 404,
    });
  return undefined;
}
