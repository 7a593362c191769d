import { databases } from "./databases.ts";
import type { Frame } from "./frame.ts";
import { instances, volumes } from "./machines.ts";
import { buckets, others } from "./resources-storage.ts";
import type { CloudResource, Host } from "./types.ts";

/** What stands in the cloud: machines, disks, databases, buckets, names. List prices a month of 730 hours. */

export function resources(frame: Frame): CloudResource[] {
  const machines = instances(frame.seed);
  return [...machines, ...volumes(machines, frame.seed), ...databases(frame), ...buckets(frame.seed), ...others(frame.seed)];
}

/** Machines with monitoring on them: those that run a service. */
export function hosts(frame: Frame): Host[] {
  return instances(frame.seed).flatMap((i) =>
    i.service && i.state === "running" ? [{ id: i.id, name: i.name, services: [i.service], region: i.region }] : [],
  );
}
