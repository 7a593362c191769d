import type { Target } from "../target.ts";
import { accessTarget } from "./access.ts";
import { auditTarget } from "./audit.ts";
import { brownoutTarget } from "./brownouts.ts";
import { clockTarget } from "./clock.ts";
import { conversationTarget } from "./conversations.ts";
import { deliveryTargets } from "./deliveries.ts";
import { diskTarget } from "./disk.ts";
import { downtimeTarget } from "./downtime.ts";
import { fuzzTarget } from "./fuzz.ts";
import { hostileTarget, peerTarget } from "./hostile.ts";
import { ledgerTargets } from "./ledger.ts";
import { memoryTarget } from "./memory.ts";
import { modelDownTarget } from "./model-down.ts";
import { requestTarget } from "./requests.ts";
import { rollingTarget } from "./rolling.ts";

export const targets: readonly Target[] = [
  ...ledgerTargets,
  rollingTarget,
  clockTarget,
  downtimeTarget,
  ...deliveryTargets,
  conversationTarget,
  requestTarget,
  memoryTarget,
  brownoutTarget,
  modelDownTarget,
  diskTarget,
  fuzzTarget,
  hostileTarget,
  accessTarget,
  peerTarget,
  auditTarget,
];
