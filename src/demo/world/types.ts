/** The records of the simulated company: what happened, in no vendor's words. Colleagues in this room project them onto wires and files. */
export type * from "./types/ai.ts";
export type * from "./types/business.ts";
export type * from "./types/cloud.ts";
export type * from "./types/common.ts";
export type * from "./types/delivery.ts";
export type * from "./types/operations.ts";
export type * from "./types/organisation.ts";
export type * from "./types/planning.ts";
export type * from "./types/story.ts";
export type * from "./types/world.ts";
