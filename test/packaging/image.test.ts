import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { copied, dockerfile, lastStage } from "./dockerfile.ts";

/** The image, as far as it can be judged without a container engine; shipped.test.ts runs the program among its files. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("the image", () => {
  it("copies only what exists and what .dockerignore lets through", () => {
    const allowed = [...read(".dockerignore").matchAll(/^!(.+)$/gm)].map((match) => match[1]);

    expect(copied(dockerfile).filter((name) => !existsSync(join(root, name)))).toEqual([]);
    expect(copied(dockerfile).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(allowed.filter((name) => name && !existsSync(join(root, name)))).toEqual([]);
  });

  it("runs the Node that package.json pins", () => {
    const { node } = (JSON.parse(read("package.json")) as { devDependencies: { node: string } }).devDependencies;
    const bases = [...dockerfile.matchAll(/^FROM node:([\d.]+)/gm)].map((match) => match[1] ?? "");

    expect(bases).toHaveLength(1);
    expect(lastStage).toContain("COPY --from=build /usr/local/bin/node ");
    for (const base of bases) expect(node.startsWith(`${base}.`)).toBe(true);
  });

  it("ends as a user who is not root, by number, in a stage that installs nothing, and is asked whether it lives", () => {
    expect(lastStage).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(lastStage).not.toMatch(/\bapt|\bnpm\b|\bmake\b|g\+\+/);
    expect(lastStage).toMatch(/^HEALTHCHECK .+\/health\/live/m);
    expect(lastStage.indexOf("USER ")).toBeLessThan(lastStage.indexOf("CMD"));
  });
});

describe("the deployments", () => {
  it("have settings that this version knows", () => {
    const compose = parse(read("compose.yaml")) as { services: { firstmate: { environment: object; read_only: boolean } } };
    const render = parse(read("deploy/render.yaml")) as { services: { envVars: { key: string }[] }[] };
    const unit = [...read("deploy/firstmate.service").matchAll(/\b([A-Z]+_?[A-Z_]+)=/g)].map((match) => match[1] ?? "");
    const names = [
      ...Object.keys(compose.services.firstmate.environment),
      ...render.services.flatMap(({ envVars }) => envVars.map(({ key }) => key)),
      // NODE_ENV is a setting of ours too; the others are for Node itself.
      ...unit.filter((name) => name !== "NODE_COMPILE_CACHE" && name !== "NODE_OPTIONS"),
    ];
    const settings = read("docs/reference/settings.md");

    expect(compose.services.firstmate.read_only).toBe(true);
    expect(names.filter((name) => !settings.includes(`\`${name}\``))).toEqual([]);
  });

  it.each(["deploy/kubernetes.yaml", "deploy/railway.json", "deploy/render.yaml"])(
    "%s asks for health where the server tells it",
    (path) => {
      const addresses = [...read(path).matchAll(/\/health\/\w+/g)].map(([address]) => address);
      const routes = [...read("src/api/routes/health.ts").matchAll(/path: "([^"]+)"/g)].map((match) => match[1]);

      expect(addresses.length).toBeGreaterThan(0);
      expect(addresses.filter((address) => !routes.includes(address))).toEqual([]);
    },
  );
});
