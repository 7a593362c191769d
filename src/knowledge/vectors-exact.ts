import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { similarityOf, type VectorOptions, type Vectors } from "./vectors.ts";

/** Compares with every vector. Throws when what was saved is of another kind or length. */
export async function openExact({ dimension, saved }: VectorOptions): Promise<Vectors> {
  const vectors = saved ? await read(dimension, saved) : new Map<number, Float32Array>();
  return {
    kind: "exact",
    dimension,
    get size() {
      return vectors.size;
    },
    add: (label, vector) => void vectors.set(label, vector),
    remove: (label) => void vectors.delete(label),
    get: (label) => vectors.get(label),
    search(vector, count, allowed) {
      const all = allowed ? [...vectors].filter(([label]) => allowed(label)) : [...vectors];
      return all
        .map(([label, other]) => ({ label, similarity: similarityOf(vector, other) }))
        .sort((a, b) => b.similarity - a.similarity || a.label - b.label)
        .slice(0, count);
    },
    async save(folder) {
      await writeFile(fileIn(folder), Buffer.concat([...vectors.values()].map((v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength))));
      return [...vectors.keys()];
    },
  };
}

async function read(dimension: number, { folder, kind, labels }: NonNullable<VectorOptions["saved"]>): Promise<Map<number, Float32Array>> {
  if (kind !== "exact") throw new Error("the saved vectors are of another kind");
  const bytes = await readFile(fileIn(folder));
  if (bytes.byteLength !== labels.length * dimension * Float32Array.BYTES_PER_ELEMENT)
    throw new Error("the saved vectors are of another length");
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return new Map(labels.map((label, i) => [label, values.subarray(i * dimension, (i + 1) * dimension)]));
}

function fileIn(folder: string): string {
  return join(folder, "vectors.f32");
}
