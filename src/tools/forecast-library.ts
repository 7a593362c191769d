import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type EtsModel, openEts } from "../analytics/forecast/ets.ts";

let opening: Promise<EtsModel | undefined> | undefined;

/** The exponential smoothing of the library, read once when first needed. Without its file the other methods of the pool do the work. */
export function etsModel(): Promise<EtsModel | undefined> {
  opening ??= open();
  return opening;
}

async function open(): Promise<EtsModel | undefined> {
  try {
    const script = createRequire(import.meta.url).resolve("@bsull/augurs/ets");
    return await openEts(await readFile(join(dirname(script), "ets_bg.wasm")));
  } catch {
    return undefined;
  }
}
