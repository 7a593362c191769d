import { z } from "zod";
import type { VendorHttp } from "../http.ts";

/** What jira.js and confluence.js hand to their client; the part of it that reads need. */
interface AtlassianRequest {
  url: string;
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  searchParams?: Record<string, unknown> | undefined;
}

/** The `Client` of jira.js and confluence.js. */
export interface AtlassianClient {
  sendRequest<T>(request: AtlassianRequest): Promise<T>;
}

/**
 * Goes in the place of the SDK's own client, which brings its own fetch and knows no signal: `searchForIssues…(client, {…})`.
 * One client per question, because the signal is the question's. Answers are as they came: the SDK's schemas refuse fields they
 * do not know, so pass answers through `http.parse`. Every POST counts as a read.
 */
export function atlassianClient(http: VendorHttp, signal: AbortSignal): AtlassianClient {
  return {
    async sendRequest<T>({ url, method = "GET", headers, body, searchParams = {} }: AtlassianRequest) {
      const known = (["GET", "POST", "PUT", "PATCH", "DELETE"] as const).find((name) => name === method.toUpperCase());
      const operation = `${method} ${url.split("?")[0]?.replace(/\/[^/]*\d[^/]{2,}(?=\/|$)/g, "/:id")}`;
      const query = Object.fromEntries(Object.entries(searchParams).map(([name, value]) => [name, parameter(value)]));
      const request = { path: url, query, operation, safe: true, ...(known ? { method: known } : {}) };
      const answer = await http.json(
        { ...request, ...(headers ? { headers } : {}), ...(body === undefined || body === null ? {} : { body }) },
        z.unknown(),
        signal,
      );
      return answer as T;
    },
  };
}

/** As the SDKs write them: a list repeats its name, an object is JSON. */
function parameter(value: unknown): string | readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.filter((item) => item !== undefined && item !== null).map(String);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
