/** Vectors by label, searched by the cosine of unit vectors. */
export interface Vectors {
  readonly kind: "hnsw" | "exact";
  readonly size: number;
  readonly dimension: number;
  add(label: number, vector: Float32Array): void;
  remove(label: number): void;
  /** The vector of a label, or undefined. */
  get(label: number): Float32Array | undefined;
  /** Nearest first; similarity from −1 to 1. Without `allowed` all are: being asked of each one passed costs more than the way itself. */
  search(vector: Float32Array, count: number, allowed?: (label: number) => boolean): { label: number; similarity: number }[];
  /** Writes itself into the folder, and gives its labels in the order they were written. */
  save(folder: string): Promise<readonly number[]>;
}

export function similarityOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** hnswlib where it could be built, else a scan of all vectors: slower beyond ten thousand, never less exact. */
export async function openVectors(options: VectorOptions): Promise<Vectors> {
  const { openHnsw } = await import("./vectors-hnsw.ts");
  const hnsw = options.exact ? undefined : await openHnsw(options);
  if (hnsw) return hnsw;
  const { openExact } = await import("./vectors-exact.ts");
  return openExact(options);
}

export interface VectorOptions {
  dimension: number;
  /** Where they were saved, and what was: the file itself says neither. Absent: begin with none. */
  saved?: { folder: string; kind: Vectors["kind"]; labels: readonly number[] };
  /** Never use hnswlib. */
  exact?: boolean;
}
