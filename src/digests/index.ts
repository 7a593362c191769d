import type { Digest } from "../core/digest.ts";
import { aiUsageDigest } from "./ai-usage.ts";
import { costDigest } from "./cost.ts";
import { customDigest } from "./custom.ts";
import { deliveryDigest } from "./delivery.ts";
import { healthDigest } from "./health.ts";

/** Adding a digest is a file, its test and a line here. */
export const digests: readonly Digest[] = [costDigest, healthDigest, deliveryDigest, aiUsageDigest, customDigest];
