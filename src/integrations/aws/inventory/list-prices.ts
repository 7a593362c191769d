/**
 * On-demand prices in us-east-1 (Linux, PostgreSQL in one zone), USD an hour, of the size "large" of each family, as AWS published
 * them in 2025. Used only where the account's own bill shows no price; sizes of a family cost in proportion.
 */
const LARGE: Readonly<Record<string, number>> = {
  t2: 0.0928,
  t3: 0.0832,
  t3a: 0.0752,
  t4g: 0.0672,
  m4: 0.1,
  m5: 0.096,
  m5a: 0.086,
  m6i: 0.096,
  m6a: 0.0864,
  m6g: 0.077,
  m7i: 0.1008,
  m7a: 0.1159,
  m7g: 0.0816,
  c5: 0.085,
  c5a: 0.077,
  c6i: 0.085,
  c6a: 0.0765,
  c6g: 0.068,
  c7i: 0.0893,
  c7g: 0.0725,
  r5: 0.126,
  r5a: 0.113,
  r6i: 0.126,
  r6a: 0.1134,
  r6g: 0.1008,
  r7i: 0.1323,
  r7g: 0.1071,
  g4dn: 0.263,
  g5: 0.503,
  "db.t3": 0.145,
  "db.t4g": 0.129,
  "db.m5": 0.178,
  "db.m6g": 0.159,
  "db.m6i": 0.178,
  "db.m7g": 0.168,
  "db.r5": 0.25,
  "db.r6g": 0.225,
  "db.r6i": 0.25,
  "db.r7g": 0.239,
};

/** Smallest first, with the share of "large". Halves and doubles, except where a family skips a step. */
const SIZES: readonly (readonly [string, number])[] = [
  ["nano", 1 / 16],
  ["micro", 1 / 8],
  ["small", 1 / 4],
  ["medium", 1 / 2],
  ["large", 1],
  ["xlarge", 2],
  ["2xlarge", 4],
  ["4xlarge", 8],
  ["8xlarge", 16],
  ["12xlarge", 24],
  ["16xlarge", 32],
  ["24xlarge", 48],
  ["32xlarge", 64],
  ["48xlarge", 96],
];
/** Families that have sizes below "large". */
const SMALL_FAMILIES = /^(?:db\.)?t\d/;

/** USD a month, us-east-1. */
export const LIST = {
  volumeGb: { gp3: 0.08, gp2: 0.1, io1: 0.125, io2: 0.125, st1: 0.045, sc1: 0.015, standard: 0.05 } as Readonly<Record<string, number>>,
  addressHour: 0.005,
  bucketGb: 0.023,
  coldGb: 0.004,
  zone: 0.5,
};

export interface MachineType {
  /** "m6i", "db.r6g" */
  family: string;
  size: string;
  /** Times "large". */
  weight: number;
}

/** "m6i.2xlarge" and "db.r6g.2xlarge" taken apart; undefined for types without a size, like metal. */
export function machineType(type: string): MachineType | undefined {
  const at = type.lastIndexOf(".");
  const size = type.slice(at + 1);
  const weight = SIZES.find(([name]) => name === size)?.[1];
  return at > 0 && weight !== undefined ? { family: type.slice(0, at), size, weight } : undefined;
}

/** Half the size, where the family has it. */
export function halfOf(type: string): string | undefined {
  const known = machineType(type);
  if (!known || (known.size === "large" && !SMALL_FAMILIES.test(known.family))) return undefined;
  const half = SIZES.find(([, weight]) => weight === known.weight / 2)?.[0];
  return half === undefined ? undefined : `${known.family}.${half}`;
}

export function listHour(type: string): number | undefined {
  const known = machineType(type);
  const large = known && LARGE[known.family];
  return known && large !== undefined ? large * known.weight : undefined;
}
