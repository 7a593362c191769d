import type { Route } from "../core/http.ts";

export type Matched =
  | { kind: "route"; route: Route; params: Record<string, string> }
  | { kind: "method"; allowed: string[] }
  | { kind: "none" };

/** Finds the route for a path such as "/api/v1/tools/pareto". A literal segment wins over a parameter. HEAD is answered by GET. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Matched {
  const wanted = method === "HEAD" ? "GET" : method;
  const fitting = routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params ? [{ route, params }] : [];
  });
  fitting.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
  const found = fitting.find(({ route }) => route.method === wanted);
  if (found) return { kind: "route", ...found };
  if (fitting.length === 0) return { kind: "none" };
  const methods = fitting.map(({ route }) => route.method);
  return { kind: "method", allowed: [...new Set(methods.includes("GET") ? ["GET", "HEAD", ...methods] : methods)] };
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, segment] of wanted.entries()) {
    const value = given[i] ?? "";
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined) {
      if (segment !== value) return undefined;
    } else {
      const decoded = decode(value);
      if (!decoded) return undefined;
      params[name] = decoded;
    }
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
