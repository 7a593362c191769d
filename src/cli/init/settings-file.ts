import { basename } from "node:path";

/** The settings as text: NAME=value lines where the name is .env or ends so, else YAML. */
export function settingsFile(path: string, values: Readonly<Record<string, string>>): string {
  const isEnv = basename(path).startsWith(".env") || path.endsWith(".env");
  const lines = Object.entries(values).map(([name, value]) => (isEnv ? `${name}=${quoted(value)}` : `${name}: ${JSON.stringify(value)}`));
  return ["# Made by firstmate init. It holds secrets: keep it out of repositories.", ...lines, ""].join("\n");
}

/** As Docker, systemd and shells read it alike. */
function quoted(value: string): string {
  if (/^[\w.,:/@+-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value.replaceAll(/["\\$`]/g, "\\$&")}"` : `'${value}'`;
}
