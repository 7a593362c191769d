import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { Page, World } from "../../world/index.ts";
import { BASE, exact, webuiOf } from "./names.ts";

/** The first version of the API: who somebody is, and the search. */
export function answerV1({ path, query }: SimulatedRequest, world: World): SimulatedResponse {
  if (path === "/wiki/rest/api/user/current")
    return {
      status: 200,
      body: {
        type: "known",
        accountId: "712020:firstmate",
        accountType: "atlassian",
        email: "",
        publicName: "Firstmate",
        displayName: "Firstmate",
        _links: { base: BASE, context: "/wiki" },
      },
    };
  if (path === "/wiki/rest/api/search") return search(query, world);
  return { status: 404, body: { statusCode: 404, message: "Not Found" } };
}

const MOST = 250;

function search(query: URLSearchParams, world: World): SimulatedResponse {
  const cql = query.get("cql") ?? "";
  const found = matching(cql, world);
  if (typeof found === "string")
    return {
      status: 400,
      body: { statusCode: 400, data: { authorized: true, valid: true, errors: [], successful: true }, message: found },
    };
  const limit = Math.min(Math.max(1, Number(query.get("limit") ?? 25) || 25), MOST);
  const start = Number(query.get("cursor")?.replace("_sa_", "") ?? query.get("start") ?? 0) || 0;
  const results = found.slice(start, start + limit).map((page) => resultOf(page, wordsOf(cql)));
  const next =
    start + limit < found.length
      ? { next: `/rest/api/search?cql=${encodeURIComponent(cql)}&limit=${limit}&cursor=_sa_${start + limit}` }
      : {};
  return {
    status: 200,
    body: {
      results,
      start,
      limit,
      size: results.length,
      totalSize: found.length,
      cqlQuery: cql,
      searchDuration: 12,
      _links: { base: BASE, context: "/wiki", ...next },
    },
  };
}

function resultOf(page: Page, words: readonly string[]): object {
  const { id, title, space, body, updatedAt } = page;
  const url = webuiOf(page);
  return {
    content: { id, type: "page", status: "current", title, _links: { webui: url, self: `${BASE}/rest/api/content/${id}` } },
    title: marked(title, words),
    excerpt: marked(excerptOf(body, words), words),
    url,
    resultGlobalContainer: { title: space.name, displayUrl: `/spaces/${space.key}` },
    breadcrumbs: [],
    entityType: "content",
    iconCssClass: "aui-icon content-type-page",
    lastModified: exact(updatedAt),
    friendlyLastModified: updatedAt.slice(0, 10),
    score: 1,
  };
}

/** About three hundred characters around the first word found. */
function excerptOf(body: string, words: readonly string[]): string {
  const plain = body.replace(/[*`#]/g, "").replace(/\s+/g, " ");
  const at = Math.max(0, ...words.map((word) => plain.toLowerCase().indexOf(word)));
  return plain
    .slice(Math.max(0, at - 100), at + 200)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;");
}

function marked(text: string, words: readonly string[]): string {
  return words.length === 0 ? text : text.replace(new RegExp(`\\b(${words.join("|")})`, "gi"), "@@@hl@@@$1@@@endhl@@@");
}

const CLAUSE =
  /^\s*(type|space|label|id|title|text|siteSearch|lastmodified|created)\s*(=|!=|~|>=|<|in)\s*(\([^()]*\)|"(?:\\.|[^"\\])*"|[\w-]+)\s*(?:AND\b|$)/i;

/** Pages that the query finds; a sentence when it cannot be read. Clauses joined by AND are all it knows. */
function matching(cql: string, world: World): Page[] | string {
  const [where = "", order] = cql.split(/\border\s+by\b/i);
  let rest = where;
  let pages = [...world.pages()];
  if (rest.trim() === "") return "Could not parse cql : null";
  while (rest.trim() !== "") {
    const [all, field = "", sign = "", value = ""] = CLAUSE.exec(rest) ?? [];
    if (all === undefined) return `Could not parse cql : ${cql}`;
    rest = rest.slice(all.length);
    pages = pages.filter((page) => holds(page, field.toLowerCase(), sign.toLowerCase(), valuesOf(value)));
  }
  if (order && /^\s*lastmodified(?:\s+desc)?\s*$/i.test(order)) return pages.sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  const words = wordsOf(cql);
  const rank = ({ title }: Page) => words.filter((word) => title.toLowerCase().includes(word)).length;
  return pages.sort((a, b) => rank(b) - rank(a) || (a.updatedAt < b.updatedAt ? 1 : -1));
}

function holds(
  { space, labels, id, title, body, updatedAt, createdAt }: Page,
  field: string,
  sign: string,
  values: readonly string[],
): boolean {
  const [value = ""] = values;
  if (field === "type") return values.includes("page");
  if (field === "lastmodified" || field === "created") {
    const at = field === "created" ? createdAt : updatedAt;
    return sign === "<" ? at.slice(0, 10) < value : at.slice(0, 10) >= value;
  }
  if (sign === "~") {
    const known = new Set(wordsIn(field === "title" ? title : `${title} ${body}`));
    return wordsIn(value).every((word) => known.has(word));
  }
  const own = field === "space" ? [space.key, space.name] : field === "label" ? labels : field === "id" ? [id] : [title];
  const found = own.some((name) => values.some((wanted) => wanted.toLowerCase() === name.toLowerCase()));
  return sign === "!=" ? !found : found;
}

function valuesOf(text: string): string[] {
  return [...text.matchAll(/"((?:\\.|[^"\\])*)"|([\w-]+)/g)].map(([, quoted, word]) => quoted?.replace(/\\(.)/g, "$1") ?? word ?? "");
}

/** The words a search is for, to be marked in what it finds. */
function wordsOf(cql: string): string[] {
  return [...cql.matchAll(/~\s*"((?:\\.|[^"\\])*)"/g)].flatMap(([, text = ""]) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** As the index keeps them: without small words and endings. */
function wordsIn(text: string): string[] {
  const all = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return all
    .filter((word) => !["the", "a", "an", "of", "for", "in", "to", "and", "are", "is"].includes(word))
    .map((word) => word.replace(/(?:ings?|s)$/, ""));
}
