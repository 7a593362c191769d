import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import { type Page, uuidOf, type World } from "../../world/index.ts";
import { BASE, exact, type SpaceInfo, spacesOf, webuiOf } from "./names.ts";
import { storageOf } from "./storage.ts";

const MOST = 250;

/** Pages and spaces, by the second version of the API. */
export function answerV2({ path, query }: SimulatedRequest, world: World): SimulatedResponse {
  const spaces = spacesOf(world);
  const [, kind, id] = /^\/wiki\/api\/v2\/(pages|spaces)(?:\/(\d+))?$/.exec(path) ?? [];
  if (kind === "spaces" && id === undefined) return list(spaces.map(spaceJson), path, query);
  if (kind === "spaces") {
    const space = spaces.find((known) => known.id === id);
    return space ? { status: 200, body: { ...spaceJson(space), _links: { base: BASE, webui: `/spaces/${space.key}` } } } : missing();
  }
  if (kind === "pages" && id === undefined) {
    const wanted = query.getAll("space-id").flatMap((list) => list.split(","));
    const title = query.get("title");
    const spaceIdOf = new Map(spaces.map((space) => [space.key, space.id]));
    const found = world
      .pages()
      .filter(
        (page) => (title === null || page.title === title) && (wanted.length === 0 || wanted.includes(spaceIdOf.get(page.space.key) ?? "")),
      );
    return list(
      found.map((page) => pageJson(page, spaces, query.get("body-format"))),
      path,
      query,
    );
  }
  const page = kind === "pages" ? world.pages().find((known) => known.id === id) : undefined;
  if (!page) return missing();
  const json = pageJson(page, spaces, query.get("body-format"));
  return { status: 200, body: { ...json, _links: { ...json._links, base: BASE } } };
}

function missing(): SimulatedResponse {
  return { status: 404, body: { errors: [{ status: 404, code: "NOT_FOUND", title: "Not Found", detail: null }] } };
}

function list(all: readonly object[], path: string, query: URLSearchParams): SimulatedResponse {
  const limit = Math.min(Math.max(1, Number(query.get("limit") ?? 25) || 25), MOST);
  const cursor = query.get("cursor");
  const start = cursor === null ? 0 : Number(Buffer.from(cursor, "base64url").toString("utf8"));
  if (!Number.isInteger(start))
    return {
      status: 400,
      body: { errors: [{ status: 400, code: "INVALID_REQUEST_PARAMETER", title: "Provided cursor is not valid", detail: null }] },
    };
  const others = new URLSearchParams(query);
  others.set("cursor", Buffer.from(String(start + limit)).toString("base64url"));
  const next = start + limit < all.length ? { next: `${path}?${others}` } : {};
  return { status: 200, body: { results: all.slice(start, start + limit), _links: { base: BASE, ...next } } };
}

function spaceJson({ id, key, name }: SpaceInfo) {
  return {
    id,
    key,
    name,
    type: "global",
    status: "current",
    authorId: "712020:firstmate",
    homepageId: "131073",
    createdAt: "2023-01-09T09:00:00.000Z",
    _links: { webui: `/spaces/${key}` },
  };
}

function pageJson(page: Page, spaces: readonly SpaceInfo[], format: string | null) {
  const { id, space, title, author, createdAt, updatedAt, version, body } = page;
  const authorId = `712020:${uuidOf(`jira ${author}`)}`;
  return {
    ...{ id, status: "current", title, spaceId: spaces.find(({ key }) => key === space.key)?.id ?? null, parentId: null, parentType: null },
    ...{ position: 0, authorId, ownerId: authorId, lastOwnerId: null, createdAt: exact(createdAt) },
    version: { createdAt: exact(updatedAt), message: "", number: version, minorEdit: false, authorId },
    body: format === "storage" ? { storage: { representation: "storage", value: storageOf(body) } } : {},
    _links: { webui: webuiOf(page), editui: `/pages/resumedraft.action?draftId=${id}`, tinyui: `/x/${id}` },
  };
}
