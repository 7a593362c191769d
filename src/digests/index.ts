import type { Digest } from "../core/digest.ts";
import { costDigest } from "./cost.ts";

/** Adding a digest is a file, its test and a line here. */
export const digests: readonly Digest[] = [costDigest];
