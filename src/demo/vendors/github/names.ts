/** How the company is called on its GitHub. */
export const ORG = "harbourline";
export const TOKEN = "demo-github-token";
/** A reserved name: a page that looks like a stranger's would be worse than none. */
const SITE = "https://github.example";

/** People's log-ins there: "mara.lindqvist" is mara-lindqvist. */
export function loginOf(login: string): string {
  return login.replaceAll(".", "-");
}

export function pageOf(...path: readonly (string | number)[]): string {
  return [SITE, ...path].join("/");
}
