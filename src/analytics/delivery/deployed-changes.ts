import { byEnd, type Deployment } from "./deployment.ts";

export interface MergedChange {
  id: string;
  merged: Date;
  /** The merge commit; absent when the source does not say. */
  commit?: string | undefined;
  service?: string | undefined;
}

export interface Deployed {
  deployment: Deployment;
  /** commit: the deployment names the change's commit. time: it was the next one of its service after the merge. */
  how: "commit" | "time";
}

/**
 * Which deployment first brought each change to production. Where deployments name their commits, the commit decides, as in DevLake;
 * a service's first deployment claims none, for it would claim its whole past. Where they name none, the first deployment of the same
 * service that ended after the merge is taken, which is an assumption to be told. A change that reached no deployment is missing here.
 */
export function deployedChanges(changes: readonly MergedChange[], deployments: readonly Deployment[]): Map<string, Deployed> {
  const ordered = byEnd(deployments);
  const firsts = new Set(firstOfEach(ordered));
  const holder = new Map<string, Deployment>();
  for (const deployment of ordered.filter((d) => !firsts.has(d)))
    for (const commit of deployment.commits ?? []) if (!holder.has(commit)) holder.set(commit, deployment);
  const found = new Map<string, Deployed>();
  for (const change of changes) {
    const named = change.commit === undefined ? undefined : holder.get(change.commit);
    const next = named ?? nextAfter(change, ordered);
    if (next) found.set(change.id, { deployment: next, how: named ? "commit" : "time" });
  }
  return found;
}

function firstOfEach(ordered: readonly Deployment[]): Deployment[] {
  const firsts = new Map<string | undefined, Deployment>();
  for (const deployment of ordered) if (!firsts.has(deployment.service)) firsts.set(deployment.service, deployment);
  return [...firsts.values()];
}

/** By time only among deployments that name no commits: one that names them and not this change did not bring it. */
function nextAfter({ merged, service }: MergedChange, ordered: readonly Deployment[]): Deployment | undefined {
  return ordered.find((d) => d.commits === undefined && d.service === service && d.finished >= merged);
}
