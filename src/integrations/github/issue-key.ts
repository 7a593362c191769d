/** Names of standards that look like keys. */
const NOT_A_PROJECT = new Set(["UTF", "SHA", "ISO", "RFC", "ES", "HTTP", "TLS", "SSL", "MD", "AES", "RSA", "CVE", "GPT", "X", "V", "RC"]);
const IN_TITLE = /\b([A-Z][A-Z0-9]{1,9})-(\d{1,7})\b/g;
/** Capitals anywhere in a branch, or any letters where its name begins: "gate-412-slots", "feature/OPS-31_login". */
const IN_BRANCH = /(?:^|[/_-])([A-Z][A-Z0-9]{1,9})-(\d{1,7})(?=$|[/_-])/g;
const AT_BEGINNING = /^(?:[a-z]+\/)?([a-z][a-z0-9]{1,9})-(\d{1,7})(?=$|[/_-])/g;

/** The ticket a pull request names: in its title first, then in its branch. undefined when it names none. */
export function issueKeyOf(title: string, branch: string): string | undefined {
  for (const [pattern, text] of [
    [IN_TITLE, title],
    [IN_BRANCH, branch],
    [AT_BEGINNING, branch],
  ] as const)
    for (const [, project = "", number = ""] of text.matchAll(pattern))
      if (!NOT_A_PROJECT.has(project.toUpperCase())) return `${project.toUpperCase()}-${Number(number)}`;
  return undefined;
}
