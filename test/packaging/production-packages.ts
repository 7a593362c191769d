import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Packages named by the imports of src/, and those of them that `npm ci --omit=dev` does not bring as ours. */
export function productionPackages(): { imported: string[]; missing: string[] } {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<string, object>;
  const brought = Object.keys({ ...dependencies, ...optionalDependencies });
  const imported = new Set<string>();
  for (const name of readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const text = readFileSync(join(root, "src", name), "utf8");
    for (const [, imports, closing, dynamic] of text.matchAll(
      /^(?:import|export)\b.*? from "(.+)";|^\} from "(.+)";|\bimport\("([^"]+)"\)/gm,
    )) {
      const specifier = imports ?? closing ?? dynamic ?? "";
      if (!specifier.startsWith(".") && !isBuiltin(specifier)) imported.add(packageOf(specifier));
    }
  }
  return { imported: [...imported], missing: [...imported].filter((name) => !brought.includes(name)) };
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
