import type { Target } from "../target.ts";
import { auditTarget } from "./audit.ts";
import { brownoutTarget } from "./brownouts.ts";
import { clockTarget } from "./clock.ts";
import { conversationTarget } from "./conversations.ts";
import { deliveryTargets } from "./deliveries.ts";
import { diskTarget } from "./disk.ts";
import { fuzzTarget } from "./fuzz.ts";
import { hostileTarget } from "./hostile.ts";
import { ledgerTargets } from "./ledger.ts";
import { memoryTarget } from "./memory.ts";
import { modelDownTarget } from "./model-down.ts";
import { requestTarget } from "./requests.ts";

export const targets: readonly Target[] = [
  ...ledgerTargets,
  clockTarget,
  ...deliveryTargets,
  conversationTarget,
  requestTarget,
  memoryTarget,
  brownoutTarget,
  modelDownTarget,
  diskTarget,
  fuzzTarget,
  auditTarget,
  hostileTarget,
];
