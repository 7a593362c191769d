import { readFileSync } from "node:fs";
import { join } from "node:path";

/** CycloneDX 1.6, as far as one is needed to look parts up: name, version, licence, address, hash. */
export interface BillOfMaterials {
  bomFormat: "CycloneDX";
  specVersion: "1.6";
  metadata: { component: { type: "application"; name: string; version: string } };
  components: Component[];
}

interface Component {
  type: "library";
  name: string;
  version: string;
  purl: string;
  licenses?: { expression: string }[];
  hashes?: { alg: "SHA-512"; content: string }[];
}

/** A package in package-lock.json, as far as it is read here. */
interface Locked {
  version?: string;
  license?: string;
  integrity?: string;
  dev?: boolean;
}

/** All that is shipped: the packages in the bundle (their paths in the lock) and those that are installed beside it. */
export function billOfMaterials(root: string, bundled: readonly string[]): BillOfMaterials {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    name: string;
    version: string;
    packages: Record<string, Locked>;
  };
  const inBundle = new Set(bundled);
  const parts = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && (!dev || inBundle.has(path)));
  const components = parts.map(([path, locked]) =>
    component(path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length), locked),
  );
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { component: { type: "application", name: lock.name, version: lock.version } },
    components: [...new Map(components.map((part) => [part.purl, part])).values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
}

function component(name: string, { version = "", license, integrity }: Locked): Component {
  const hash = integrity?.startsWith("sha512-") ? Buffer.from(integrity.slice("sha512-".length), "base64").toString("hex") : undefined;
  return {
    ...{ type: "library", name, version, purl: `pkg:npm/${name.replace("@", "%40")}@${version}` },
    ...(license ? { licenses: [{ expression: license }] } : {}),
    ...(hash ? { hashes: [{ alg: "SHA-512", content: hash }] } : {}),
  };
}
