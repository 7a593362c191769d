import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";

/** A request that breaks the API's rules, as Dynatrace answers it. */
export function violation(location: string, message: string): SimulatedResponse {
  const constraintViolations = [{ path: location, message, parameterLocation: "QUERY", location: null }];
  return { status: 400, body: { error: { code: 400, message: "Constraints violated.", constraintViolations } } };
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of "1700000000000", "now" or "now-2h"; undefined for anything else. */
export function momentOf(text: string, now: number): number | undefined {
  if (/^\d{10,14}$/.test(text)) return Number(text);
  const [, amount, unit] = /^now(?:-(\d+)([mhdw]))?$/.exec(text) ?? [undefined];
  if (text === "now") return now;
  return amount && unit ? now - Number(amount) * UNITS[unit as keyof typeof UNITS] : undefined;
}

/** from and to of a request; by default the last `standard` milliseconds. */
export function windowOf({ query, now }: SimulatedRequest, standard: string): { from: number; to: number } | undefined {
  const from = momentOf(query.get("from") ?? standard, now.getTime());
  const to = momentOf(query.get("to") ?? "now", now.getTime());
  return from === undefined || to === undefined || from > to ? undefined : { from, to };
}

export interface Cursor {
  from: number;
  to: number;
  size: number;
  begin: number;
  filter: string;
}

/** Where a list begins: by its first parameters, or by a key that must stand alone (beside `fields`). */
export function cursorOf(request: SimulatedRequest, most: number, standard: string, filter: string): Cursor | SimulatedResponse {
  const { query } = request;
  const key = query.get("nextPageKey");
  if (key !== null) {
    const others = [...query.keys()].filter((name) => name !== "nextPageKey" && name !== "fields");
    if (others.length > 0) return violation("nextPageKey", `Must not be used together with ${others.join(", ")}`);
    return readKey(key) ?? violation("nextPageKey", "Invalid page key");
  }
  const size = Number(query.get("pageSize") ?? 50);
  if (!Number.isInteger(size) || size < 1 || size > most) return violation("pageSize", `must be between 1 and ${most}`);
  const window = windowOf(request, standard);
  return window ? { ...window, size, begin: 0, filter } : violation("from", "Timeframe is not valid");
}

export function keyOf(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

function readKey(key: string): Cursor | undefined {
  try {
    const cursor = JSON.parse(Buffer.from(key, "base64url").toString("utf8")) as Cursor;
    return Number.isInteger(cursor.begin) ? cursor : undefined;
  } catch {
    return undefined;
  }
}

/** The names of `type("X"),entityName.in("a","b")`; no names for all of a type. */
export function readSelector(text: string): { type: string; names: readonly string[] | undefined } | undefined {
  const [, type, names] = /^type\("?(\w+)"?\)(?:,entityName\.in\((.+)\))?$/.exec(text) ?? [];
  if (type === undefined) return undefined;
  const list =
    names === undefined ? undefined : [...names.matchAll(/"((?:[^"~]|~.)*)"/g)].map(([, name = ""]) => name.replace(/~(.)/g, "$1"));
  return { type: type.toUpperCase(), names: list };
}
