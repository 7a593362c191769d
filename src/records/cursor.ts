import { UserError } from "../errors.ts";

/** Where a page of a list ended. */
export interface Cursor {
  at: string;
  id: string;
}

/** Opaque to the caller. */
export function writeCursor({ at, id }: Cursor): string {
  return Buffer.from(JSON.stringify([at, id])).toString("base64url");
}

/** Throws UserError for anything that was not written by `writeCursor`. */
export function readCursor(text: string): Cursor {
  try {
    const [at, id] = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown[];
    if (typeof at === "string" && typeof id === "string" && !`${at}${id}`.includes("\0")) return { at, id };
  } catch {
    // Told below.
  }
  throw new UserError("The cursor is not one of ours. Take `meta.nextCursor` of the page before, or leave it out to begin.", {
    path: "cursor",
  });
}
