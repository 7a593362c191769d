import { createHash } from "node:crypto";
import { HttpError, type Route } from "../core/http.ts";
import { isSigned, signPath } from "../identity/signed-path.ts";
import { keepPicture, pictureOf } from "../records/pictures.ts";
import type { Running } from "./context.ts";

/** A chat is read long after it was written. */
const LIFETIME_MS = 30 * 86_400_000;

const pathOf = (id: string) => `/pictures/${id}`;

/** Puts a picture behind a signed address that expires; undefined where there is no https address. */
export async function publishPicture(png: Buffer, { config, store, now }: Running): Promise<{ url: string } | undefined> {
  const base = config.core.PUBLIC_URL;
  if (!base?.startsWith("https:")) return undefined;
  const id = createHash("sha256").update(png).digest("hex").slice(0, 32);
  await keepPicture(store.database, id, png, new Date(now().getTime() + LIFETIME_MS));
  return { url: new URL(signPath(pathOf(id), store.secret, now(), LIFETIME_MS), base).href };
}

/** Serves what was published. The signature in the path is the right to see it. */
export function pictureRoute({ store, now }: Pick<Running, "store" | "now">): Route {
  return {
    method: "GET",
    path: "/pictures/{id}",
    access: "own",
    async handle({ params, query }) {
      const id = params.id ?? "";
      if (!isSigned(pathOf(id), query, store.secret, now())) throw new HttpError(403, "This picture's address is wrong or has expired.");
      const png = await pictureOf(store.database, id);
      if (!png) throw new HttpError(404, "There is no such picture.");
      return { status: 200, headers: { "content-type": "image/png", "cache-control": "private, max-age=86400, immutable" }, raw: png };
    },
  };
}
