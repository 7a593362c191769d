import { type Caller, type RouteRight, routeRights } from "../../scripts/authorization.ts";

/** Asks a running program for every route of docs/reference/authorization.md. */

export type Headers = Record<string, string>;

/** A request that came by a proxy is never the local viewer's. */
export const FOREIGN: Headers = { "x-forwarded-for": "203.0.113.9" };

export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

export async function callRoute(url: string, method: string, path: string, headers: Headers, body?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(method === "GET" ? {} : { "content-type": "application/json" }),
      accept: "application/json, text/event-stream",
      ...headers,
    },
    ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  return { status: response.status, text: await response.text() };
}

/** A path that nothing is kept at. The agent is the one that a test's key of an agent is bound to. */
export const filledPath = ({ path }: RouteRight) => path.replace("/agents/{id}", "/agents/bot").replace(/\{\w+\}/g, "nothing-of-this-name");

/** All routes but those that check a proof of their own. */
export const guardedRoutes = () => routeRights().filter(({ cells }) => cells.nobody !== "own proof");

/** Where a caller with these headers is let in or refused otherwise than the table says. */
export async function wrongRoutes(url: string, caller: Caller, headers: Headers): Promise<string[]> {
  const wrong: string[] = [];
  for (const right of guardedRoutes()) {
    const { status } = await callRoute(url, right.method, filledPath(right), headers);
    const met = status === 401 || status === 403 ? status : "yes";
    if (met !== right.cells[caller])
      wrong.push(`${right.method} ${right.path}: ${status} for ${caller}, the table says ${right.cells[caller]}`);
  }
  return wrong;
}
