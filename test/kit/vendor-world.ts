import { expect } from "vitest";
import type { FeedAnswer } from "../../src/core/feed.ts";
import type { Connection } from "../../src/core/integration.ts";
import type { Finding } from "../../src/core/tool.ts";
import type { HttpContext } from "../../src/integrations/http/caller.ts";
import { type Connect, openVendor, patience, type VendorConnection } from "./vendor-connection.ts";
import { SECRET } from "./vendor-honesty.ts";
import type { Answer, Routes } from "./vendor-server.ts";

/** A vendor that is asked over the network, with what its server says. */
export interface VendorUnderTest {
  name: string;
  /** `secret` takes the place of the credentials; the suite sees to it that it goes nowhere. */
  connect(world: { baseUrl: string; secret: string; context: HttpContext }): Promise<Connection>;
  /** A typical question, over a feed or a tool; it needs an answer of the vendor. */
  ask(connection: Connection, signal: AbortSignal): Promise<Finding | FeedAnswer>;
  /** Recorded answers, for `ask` and for `check`. */
  real: Routes;
  /** The vendor works and has nothing. */
  empty: Routes;
  /** Every page has another page after it; a reason when the vendor gives all at once. */
  endless: Routes | { none: string };
  /** The variable that holds the credentials. */
  credentials: string;
  /** It speaks GraphQL: errors come with status 200. */
  graphql?: true;
  /** A reason why its answers are not kept for the time it is down. */
  uncached?: string;
}

export interface World extends VendorConnection {
  ask(signal?: AbortSignal): Promise<Finding | FeedAnswer>;
}

/**
 * Asks once for every field of that type in the recorded answers, with all values of the field changed. Fields nobody reads
 * change nothing; identifiers may make the answer a refusal.
 */
export async function eachField(
  vendor: VendorUnderTest,
  type: "string" | "number",
  check: (answer: (change: () => unknown) => Promise<Finding | FeedAnswer | Error>, field: string) => Promise<void>,
): Promise<void> {
  const fields = new Set<string>();
  const seen = withFields(vendor.real, (field, value) => {
    if (typeof value === type) fields.add(field);
    return value;
  });
  await inWorld(vendor, ({ ask }) => ask(), { routes: seen });
  if (type === "string") expect(fields.size).toBeGreaterThan(0);
  for (const field of fields) {
    const answer = async (change: () => unknown) => {
      const routes = withFields(vendor.real, (name, value) => (name === field && typeof value === type ? change() : value));
      return inWorld(vendor, ({ ask }) => ask().catch((error: unknown) => error as Error), { routes });
    };
    await check(answer, field);
  }
}

/** The routes with every value of their JSON or XML passed through `visit`. List positions are one field: "GET /x items[].name". */
function withFields(routes: Routes, visit: (field: string, value: unknown) => unknown): Routes {
  const walk = (value: unknown, field: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => walk(item, `${field}[]`));
    if (typeof value !== "object" || value === null) return visit(field, value);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, `${field}.${key}`)]));
  };
  const changed = (route: string, answer: Answer): Answer => {
    if ("json" in answer) return { ...answer, json: walk(answer.json, route) };
    return typeof answer.body === "string" ? { ...answer, body: withElements(answer.body, route, visit) } : answer;
  };
  return Object.fromEntries(
    Object.entries(routes).map(([route, handler]) => [
      route,
      typeof handler === "function" ? async (request) => changed(route, await handler(request)) : changed(route, handler),
    ]),
  );
}

function withElements(xml: string, route: string, visit: (field: string, value: unknown) => unknown): string {
  return xml.replace(/<(\w+)>([^<>]+)<\/\1>/g, (_, name: string, text: string) => {
    const changed = visit(`${route} ${name}`, /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
    // Control characters do not exist in XML.
    const content = String(changed).replace(/(?!\n)\p{Cc}/gu, "");
    return `<${name}>${content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</${name}>`;
  });
}

export async function inWorld<T>(
  vendor: VendorUnderTest,
  run: (world: World) => Promise<T>,
  options: { routes?: Routes; start?: Date; demo?: boolean; attemptMs?: number } = {},
): Promise<T> {
  const { demo, attemptMs } = options;
  const connect: Connect = (baseUrl, context) =>
    vendor.connect({
      ...{ baseUrl, secret: SECRET },
      context: { ...context, ...(demo ? { demoOrigins: [baseUrl] } : {}), ...(attemptMs === undefined ? {} : { attemptMs }) },
    });
  const opened = await openVendor(connect, options.routes ?? vendor.real, options.start);
  try {
    return await run({ ...opened, ask: (signal = patience()) => vendor.ask(opened.connection, signal) });
  } finally {
    await opened.stop();
  }
}
