import { z } from "zod";
import { VendorError } from "../errors.ts";
import { type Embedder, toUnit } from "./embed.ts";

/** One request to a service of embeddings, as OpenAI, Voyage, Mistral, Ollama and others speak: POST {model, input} → {data}. */
export interface EmbeddingRequest {
  model: string;
  input: readonly string[];
}

const answer = z.object({ data: z.array(z.object({ index: z.number().int().min(0).optional(), embedding: z.array(z.number()).min(1) })) });
const TOGETHER = 32;
/** Most models read 512 tokens or more; what is beyond says little new. */
const CHARACTERS = 8_000;

/** Embeddings of a service. `post` sends a request and gives its JSON; it throws VendorError. */
export function createHostedEmbedder(model: string, post: (request: EmbeddingRequest, signal: AbortSignal) => Promise<unknown>): Embedder {
  async function embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const parsed = answer.safeParse(await post({ model, input: texts.map((text) => text.slice(0, CHARACTERS).toWellFormed()) }, signal));
    const data = parsed.success ? parsed.data.data : [];
    const vectors = texts.map((_, i) => data.find((d, at) => (d.index ?? at) === i)?.embedding);
    const length = vectors[0]?.length;
    if (vectors.some((v) => v === undefined || v.length !== length))
      throw new VendorError(
        "Embeddings",
        "The service of embeddings gave another answer than vectors. Check EMBEDDINGS_URL and EMBEDDINGS_MODEL.",
      );
    return vectors.map((v) => toUnit(Float32Array.from(v ?? [])));
  }
  return {
    name: `hosted:${model}`,
    async documents(texts, signal) {
      const made: Float32Array[] = [];
      for (let i = 0; i < texts.length; i += TOGETHER) made.push(...(await embed(texts.slice(i, i + TOGETHER), signal)));
      return made;
    },
    async question(text, _collection, signal) {
      const [vector] = await embed([text], signal);
      return vector ?? new Float32Array();
    },
  };
}
