import type { z } from "zod";
import type { JsonRequest } from "../http.ts";
import type { Words } from "./words.ts";

/** The address and the fetch options of a JSON request. Throws VendorError for a path or link that leaves the base URL. */
export function endpoint(
  base: URL,
  { method = "GET", path, query = {}, body, headers }: JsonRequest,
  always: Readonly<Record<string, string>>,
  words: Words,
): { url: URL; init: RequestInit } {
  const root = base.href.replace(/\/+$/, "");
  const isLink = /^https?:\/\//i.test(path);
  const url = URL.parse(isLink ? path : path === "" ? root : `${root}/${path.replace(/^\/+/, "")}`);
  const below = new URL(root).pathname.replace(/\/$/, "");
  if (url?.origin !== base.origin || !url.pathname.startsWith(below)) throw words.redirect(url?.host ?? path);
  for (const [name, value] of Object.entries(query))
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) url.searchParams.append(name, String(item));
  const sent = new Headers({ accept: "application/json", ...always, ...headers });
  if (body === undefined) return { url, init: { method, headers: sent } };
  if (!sent.has("content-type")) sent.set("content-type", "application/json");
  return { url, init: { method, headers: sent, body: JSON.stringify(body) } };
}

/** The body through the schema. No body (204) is undefined. Throws VendorError. */
export async function readAnswer<T>(response: Response, schema: z.ZodType<T>, words: Words): Promise<T> {
  return parseAnswer(await readJson(response, words), schema, words);
}

/** The `data` of a GraphQL answer through the schema. Throws VendorError for `errors`, whatever stands beside them. */
export async function readGraphql<T>(response: Response, schema: z.ZodType<T>, words: Words): Promise<T> {
  const answer = await readJson(response, words);
  if (typeof answer !== "object" || answer === null) return parseAnswer(answer, schema, words);
  const { data, errors } = answer as { data?: unknown; errors?: unknown };
  if (Array.isArray(errors) && errors.length > 0) throw words.graphql(errors);
  return parseAnswer(data, schema, words);
}

export function parseAnswer<T>(value: unknown, schema: z.ZodType<T>, words: Words): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw words.drift(parsed.error.issues, value);
}

async function readJson(response: Response, words: Words): Promise<unknown> {
  if (response.status === 204) return undefined;
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw words.unreadable(text);
  }
}
