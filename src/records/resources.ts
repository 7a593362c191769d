import { accounts } from "./accounts.ts";
import { activities } from "./activities.ts";
import { executions } from "./executions.ts";
import { initiatives } from "./initiatives.ts";
import { pipelines } from "./pipelines.ts";
import { projects } from "./projects.ts";
import type { Resource } from "./resource.ts";

/** Every kind of record there is; each has its routes. */
export const resources: readonly Resource[] = [
  projects,
  accounts,
  initiatives,
  activities,
  executions,
  pipelines,
] as unknown as readonly Resource[];
