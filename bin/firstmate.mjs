#!/usr/bin/env node
// Plain JavaScript on purpose: it checks Node before any TypeScript loads, and turns on the compile cache
// while that still saves the type stripper (worth some 100 ms and 15 MB at each start).
// As a whole: an old Node lacks the names that are used below, and would end at the import instead of at the sentence about its version.
import { existsSync } from "node:fs";
import nodeModule from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

// A checkout runs its sources; what is shipped holds them and their libraries as a bundle (scripts/bundle.ts).
const sources = new URL("../src/main.ts", import.meta.url);
const inCheckout = existsSync(sources);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 15)) {
  process.stderr.write(
    `Firstmate needs Node 24.15 or newer; this is ${process.versions.node}.\n${
      inCheckout
        ? 'Here "npm ci" brings the right one: use "npm run -s firstmate -- ..." instead.'
        : 'Install it (https://nodejs.org), or let npm bring it beside this package: "npx -p node@24 firstmate ...".'
    }\n`,
  );
  process.exit(2);
}
nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), "firstmate-compile-cache"));

// Packages of many small ES modules. For each of those Node reads the package's description again and checks the file on disk:
// half of the time it takes to load them, and much garbage. Their relative imports are plain addresses, so they are answered here.
const manyModules = /\/node_modules\/(?:kysely|zod|langchain|@langchain|vega[a-z-]*|d3-[a-z-]+|jira\.js)\//;
if (inCheckout)
  nodeModule.registerHooks({
    resolve(specifier, context, next) {
      const plain = specifier.startsWith(".") && specifier.endsWith(".js") && manyModules.test(context.parentURL);
      return plain ? { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true } : next(specifier, context);
    },
  });

const { main } = await import(inCheckout ? sources.href : "../dist/main.js");
await main(process.argv.slice(2));
