import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Names of the tools that integrations bring, as they are written in their folders: connecting all of them needs all their settings. */
export async function integrationTools(integrations: readonly { name: string }[]): Promise<string[]> {
  const root = new URL("../../src/integrations", import.meta.url).pathname;
  return integrations.flatMap(({ name }) => {
    const files = readdirSync(join(root, name), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
    return files.flatMap((file) =>
      [...readFileSync(join(root, name, file), "utf8").matchAll(/name: "([a-z_]+)",\s*title: "[^"]+",\s*description:/g)].map(
        (m) => m[1] ?? "",
      ),
    );
  });
}
