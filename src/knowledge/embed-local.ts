import { ConfigError } from "../errors.ts";
import { type Embedder, toUnit } from "./embed.ts";

/** As much of `@huggingface/transformers` as is used; the package is not among our dependencies (it brings 300 MB). */
interface Transformers {
  env: { allowRemoteModels: boolean; localModelPath: string };
  pipeline(task: "feature-extraction", model: string): Promise<Extractor>;
}

type Extractor = (
  texts: readonly string[],
  options: { pooling: "mean"; normalize: true },
) => Promise<{ dims: readonly number[]; data: Float32Array }>;

const PACKAGE = "@huggingface/transformers";
const TOGETHER = 16;

/**
 * Embeddings of a model on this machine: `model` is a folder with an ONNX sentence model. Nothing is downloaded. Loaded with the first
 * text. Throws ConfigError when the package or the model is not there. `load` is handed in by tests.
 */
export function createLocalEmbedder(model: string, load: () => Promise<Transformers> = loadTransformers): Embedder {
  let ready: Promise<Extractor> | undefined;
  const open = async () => {
    const library = await load();
    const cut = Math.max(0, model.lastIndexOf("/"));
    library.env.allowRemoteModels = false;
    library.env.localModelPath = model.slice(0, cut) || "/";
    return library.pipeline("feature-extraction", model.slice(cut + 1)).catch(() => {
      throw new ConfigError([
        `EMBEDDINGS_MODEL: there is no sentence model in “${model}”. Name a folder with config.json, tokenizer.json and onnx/.`,
      ]);
    });
  };
  async function embed(texts: readonly string[]): Promise<Float32Array[]> {
    ready ??= open();
    ready.catch(() => {
      ready = undefined;
    });
    const { dims, data } = await (await ready)(texts, { pooling: "mean", normalize: true });
    const length = dims.at(-1) ?? 0;
    return texts.map((_, i) => toUnit(data.slice(i * length, (i + 1) * length)));
  }
  return {
    name: `local:${model}`,
    async documents(texts, signal) {
      const made: Float32Array[] = [];
      for (let i = 0; i < texts.length; i += TOGETHER) {
        signal.throwIfAborted();
        made.push(...(await embed(texts.slice(i, i + TOGETHER))));
      }
      return made;
    },
    async question(text) {
      return (await embed([text]))[0] ?? new Float32Array();
    },
  };
}

async function loadTransformers(): Promise<Transformers> {
  try {
    // By a name the type checker does not follow: the package is the operator's choice.
    return (await import(PACKAGE as string)) as Transformers;
  } catch {
    throw new ConfigError([`EMBEDDINGS is local, and ${PACKAGE} is not installed. Install it beside Firstmate, or leave EMBEDDINGS out.`]);
  }
}
