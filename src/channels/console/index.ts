import { HttpError, type HttpRequest, type HttpResponse, type Route } from "../../core/http.ts";
import { type Asset, readAssets } from "./assets.ts";

/** What the empty page shows. Served to anyone who can reach the page, so it holds nothing private. */
export interface ConsoleStart {
  /** Shown as a lasting banner: "Demo data: a simulated company". */
  label?: string;
  greeting: string;
  /** What to do first, as markdown. */
  advice?: string;
  /** Questions that can be asked as they stand. */
  suggestions: readonly string[];
  /** Path that goes to the company's own sign-in, where there is one. */
  signIn?: string;
}

export interface ConsoleOptions {
  /** Called at each opening of the page. May reject: the page then greets on its own. */
  start: () => Promise<ConsoleStart>;
}

/** Everything comes from this origin, nothing is inline, and nobody may frame the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * The web chat page at `/` and its files below `/console/`. All of them are open: the page holds no data, and
 * what it asks of `/api/v1` is decided there. Files are read on the first request and kept in memory.
 */
export function consoleRoutes({ start }: ConsoleOptions): Route[] {
  let loading: Promise<ReadonlyMap<string, Asset>> | undefined;

  async function asset(name: string, request: HttpRequest): Promise<HttpResponse> {
    loading ??= readAssets(new URL("./assets/", import.meta.url)).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    const found = (await loading).get(name);
    if (!found) throw new HttpError(404, "The console has no such file.");
    return serve(found, request.headers["if-none-match"]);
  }

  async function startJson(): Promise<HttpResponse> {
    return {
      status: 200,
      headers: { ...SECURITY_HEADERS, "content-type": "application/json; charset=utf-8", "cache-control": "no-store" },
      raw: JSON.stringify(await start()),
    };
  }

  return [
    { method: "GET", path: "/", access: "open", handle: (request) => asset("index.html", request) },
    { method: "GET", path: "/sign-in", access: "open", handle: (request) => asset("sign-in.html", request) },
    { method: "GET", path: "/status", access: "open", handle: (request) => asset("status.html", request) },
    {
      method: "GET",
      path: "/console/{file}",
      access: "open",
      handle(request) {
        const file = request.params.file ?? "";
        return file === "start.json" ? startJson() : asset(publicName(file), request);
      },
    },
    ...["render", "pages"].map(
      (folder): Route => ({
        method: "GET",
        path: `/console/${folder}/{file}`,
        access: "open",
        handle: (request) => asset(publicName(`${folder}/${request.params.file ?? ""}`), request),
      }),
    ),
  ];
}

/** A page has one address only: `/`, `/sign-in`, `/status`. */
function publicName(name: string): string {
  return name.endsWith(".html") ? "" : name;
}

/** `no-cache` means "ask each time": a new version shows at once, and an unchanged file costs no body. */
function serve(asset: Asset, ifNoneMatch: string | undefined): HttpResponse {
  const headers = { ...SECURITY_HEADERS, "cache-control": "no-cache", etag: asset.etag };
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, asset.etag)) return { status: 304, headers, raw: "" };
  return { status: 200, headers: { ...headers, "content-type": asset.type }, raw: asset.body };
}

function matches(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(",").some((candidate) => {
    const tag = candidate.trim().replace(/^W\//, "");
    return tag === "*" || tag === etag;
  });
}
