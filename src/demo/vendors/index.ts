import type { Simulator } from "../simulator.ts";
import { github } from "./github.ts";

/** Every simulated vendor. Their protocols are loaded with the first request. */
export const simulators: readonly Simulator[] = [github];
