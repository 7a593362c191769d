import type { Routes } from "../../kit/vendor-server.ts";

const BASE = "https://acme.atlassian.net/wiki";

/** A page as the search finds it. */
export function hit(id: string, title: string, excerpt: string): object {
  return {
    content: { id, type: "page", status: "current", title },
    ...{ title, excerpt, url: `/spaces/RUN/pages/${id}/Page`, lastModified: "2026-11-02T10:00:00.000Z" },
    resultGlobalContainer: { title: "Runbooks", displayUrl: "/spaces/RUN" },
  };
}

export function results(hits: readonly object[], totalSize = hits.length): object {
  return { results: hits, start: 0, limit: 25, size: hits.length, totalSize, cqlQuery: "", _links: { base: BASE } };
}

export function page(id: string, title: string, storage?: string): Record<string, unknown> {
  return {
    ...{ id, status: "current", title, spaceId: "7", createdAt: "2026-01-02T10:00:00.000Z" },
    version: { createdAt: "2026-11-02T10:00:00.000Z", number: 4, authorId: "a:1" },
    body: storage === undefined ? {} : { storage: { representation: "storage", value: storage } },
    _links: { base: BASE, webui: `/spaces/RUN/pages/${id}/Page` },
  };
}

export const WHO: Routes = { "GET /wiki/rest/api/user/current": { json: { type: "known", displayName: "Firstmate" } } };
export const SPACES: Routes = {
  "GET /wiki/api/v2/spaces": {
    json: {
      results: [
        { id: "7", key: "RUN", name: "Runbooks" },
        { id: "8", key: "HB", name: "Handbook" },
      ],
      _links: { base: BASE },
    },
  },
};
