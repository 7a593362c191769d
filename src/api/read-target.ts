/**
 * The path and query of a request line as they stand. Nothing is resolved or repaired ("..", "//", "\"), so that a path means
 * here what it means to a proxy in front; one that is not plain has no route.
 */
export function readTarget(target: string): { path: string; query: URLSearchParams } {
  const [whole = ""] = target.split("#");
  const at = whole.indexOf("?");
  return at < 0
    ? { path: whole, query: new URLSearchParams() }
    : { path: whole.slice(0, at), query: new URLSearchParams(whole.slice(at + 1)) };
}
