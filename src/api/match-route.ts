import type { Route } from "../core/http.ts";

export type Matched =
  | { kind: "route"; route: Route; params: Record<string, string> }
  | { kind: "method"; allowed: string[] }
  | { kind: "none" };

/** Finds the route for a path such as "/api/v1/tools/pareto". A literal segment wins over a parameter. HEAD is answered by GET. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Matched {
  const wanted = method === "HEAD" ? "GET" : method;
  const given = path.split("/");
  const methods = new Set<string>();
  for (const pattern of tableOf(routes).get(given.length) ?? []) {
    const params = matchPath(pattern, given);
    if (!params) continue;
    if (pattern.route.method === wanted) return { kind: "route", route: pattern.route, params };
    if (pattern.route.method === "GET") methods.add("GET").add("HEAD");
    methods.add(pattern.route.method);
  }
  return methods.size === 0 ? { kind: "none" } : { kind: "method", allowed: [...methods] };
}

interface Pattern {
  route: Route;
  /** Each a literal, or the name of a parameter. */
  segments: readonly { literal: string; parameter: string | undefined }[];
}

/** The patterns of a list of routes by how many segments they have, those with fewest parameters first; read once, for every request asks. */
const tables = new WeakMap<readonly Route[], ReadonlyMap<number, readonly Pattern[]>>();

function tableOf(routes: readonly Route[]): ReadonlyMap<number, readonly Pattern[]> {
  const known = tables.get(routes);
  if (known) return known;
  const patterns = routes.map((route): Pattern => {
    const segments = route.path.split("/").map((literal) => ({ literal, parameter: /^\{(\w+)\}$/.exec(literal)?.[1] }));
    return { route, segments };
  });
  const parameters = ({ segments }: Pattern) => segments.filter(({ parameter }) => parameter !== undefined).length;
  patterns.sort((a, b) => parameters(a) - parameters(b));
  const table = Map.groupBy(patterns, ({ segments }) => segments.length);
  tables.set(routes, table);
  return table;
}

function matchPath({ segments }: Pattern, given: readonly string[]): Record<string, string> | undefined {
  if (!segments.every(({ literal, parameter }, i) => parameter !== undefined || literal === given[i])) return undefined;
  const params: Record<string, string> = {};
  for (const [i, { parameter }] of segments.entries()) {
    if (parameter === undefined) continue;
    const decoded = decode(given[i] ?? "");
    if (!decoded) return undefined;
    params[parameter] = decoded;
  }
  return params;
}

/** Empty for what names nothing: broken escapes, control characters. */
function decode(value: string): string {
  try {
    const decoded = decodeURIComponent(value);
    return /\p{Cc}/u.test(decoded) ? "" : decoded;
  } catch {
    return "";
  }
}
