/** CHANGELOG.md: a section per version, newest first, and "Unreleased" above them. */

const UNRELEASED = "## Unreleased";

/** Whether there is anything to release. */
export function hasNews(changelog: string): boolean {
  return Boolean(sections(changelog).get("Unreleased"));
}

/** What stands below "Unreleased" becomes the section of `version`, dated `day` (YYYY-MM-DD). Throws Error when nothing stands there, or the version is there already. */
export function released(changelog: string, version: string, day: string): string {
  if (sections(changelog).has(version)) throw new Error(`CHANGELOG.md has ${version} already.`);
  if (!hasNews(changelog)) throw new Error("Nothing stands below Unreleased in CHANGELOG.md: write what users and operators will notice.");
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n\n## ${version} (${day})`);
}

/** What is said of a version. Throws Error when it is not there or empty. */
export function notesOf(changelog: string, version: string): string {
  const notes = sections(changelog).get(version);
  if (!notes) throw new Error(`CHANGELOG.md says nothing of ${version}.`);
  return `${notes}\n`;
}

/** Text by version, without its day. */
function sections(changelog: string): Map<string, string> {
  const parts = changelog.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [/^\S+/.exec(part)?.[0] ?? "", part.replace(/^.*\n?/, "").trim()]));
}
