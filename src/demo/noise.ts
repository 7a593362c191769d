/**
 * Repeatable chance: the same seed and key give the same number, whatever was asked before. A day's figures therefore stay
 * the same while the company grows older.
 */
export function uniform(seed: number, key: string): number {
  let hash = seed ^ 0x9e3779b9;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

/** Standard normal by Box and Muller (1958). */
export function normal(seed: number, key: string): number {
  const u = Math.max(uniform(seed, `${key}|u`), 1e-12);
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * uniform(seed, `${key}|v`));
}
